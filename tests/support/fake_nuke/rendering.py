"""nuke.execute: Write nodes to EXR files, frame by frame, with the callbacks around."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fake_nuke import graph
from fake_nuke.errors import RenderError
from fake_nuke.evaluating import number_of, word_of
from fake_nuke.file_names import file_at
from fake_nuke.group import Group
from fake_nuke.node import Node
from fake_nuke.ranges import FrameRange, FrameRanges

if TYPE_CHECKING:
    from fake_nuke.world import World


def execute(
    world: World,
    target: str | Node,
    start: Any = None,
    end: int | None = None,
    incr: int = 1,
    views: Sequence[str] | None = None,
    continueOnError: bool = False,
) -> None:
    """Render. RuntimeError where it fails; its text begins "Cancelled" where it was stopped.

    From inside a callback, or from inside a render, it raises: Nuke cannot do that either.
    """
    if world.in_callback or world.executing:
        raise RuntimeError("I'm already executing something else")
    node = graph.to_node(world, target) if isinstance(target, str) else target
    if node is None:
        raise RuntimeError(f"There is no node {target}.")
    world.executing = True
    try:
        for write in _writes(node):
            _render(world, write, list(_frames(node, start, end, incr)), views, continueOnError)
    finally:
        world.executing = False


def _writes(node: Node) -> list[Node]:
    if node._cls == "Write":
        return [node]
    found = [n for n in node._every() if n._cls == "Write"] if isinstance(node, Group) else []
    if not found:
        raise RuntimeError(f"{node.fullName()} is not executable: it is no Write, nor holds one.")
    return found


def _frames(node: Node, start: Any, end: int | None, incr: int) -> list[int]:
    if isinstance(start, FrameRanges):
        return [frame for frames in start for frame in frames]
    if isinstance(start, FrameRange):
        return list(start)
    if start is None:
        return list(FrameRange(*node._frames()))
    if incr <= 0 or (end is not None and end < start):
        raise RuntimeError(f"{start}-{end}x{incr} is no frame range.")
    return list(range(int(start), int(start if end is None else end) + 1, incr))


def _render(
    world: World, write: Node, frames: list[int], views: Sequence[str] | None, go_on: bool
) -> None:
    if number_of(write, "disable"):
        return
    fire = world.callbacks.fire
    try:
        fire("BeforeRender", write)
    except Exception as error:  # as tools that check before a render end it
        raise RuntimeError(str(error)) from error
    failure: Exception | None = None
    for frame in frames:
        if number_of(write, "use_limit"):
            limits = number_of(write, "first"), number_of(write, "last")
            if not limits[0] <= frame <= limits[1]:
                continue
        for view in views or word_of(write, "views").split():
            if world.cancel_at is not None and frame >= world.cancel_at:
                world.cancel_at = None
                raise RuntimeError("Cancelled")
            with world.at(float(frame), view):
                fire("BeforeFrameRender", write)
                try:
                    _write(write, frame, view)
                except RuntimeError as error:
                    if not go_on:
                        raise
                    failure = error
                    continue
                fire("AfterFrameRender", write)
            world.rendered.append((write.fullName(), float(frame), view))
    fire("AfterRender", write)
    if failure is not None:
        raise failure


def _write(write: Node, frame: int, view: str) -> None:
    path = Path(file_at(write._knobs["file"]))
    if not str(write._knobs["file"]._held):
        raise RuntimeError(f"{write.fullName()}: no file name.")
    if word_of(write, "file_type") != "exr" and path.suffix != ".exr":
        raise RuntimeError(f"{write.fullName()}: the fake Nuke writes EXR only.")
    if "\\" in str(path):
        raise RuntimeError(f"{path}: a path has forward slashes.")
    if not path.parent.is_dir():
        if not number_of(write, "create_directories"):
            raise RuntimeError(f"{path}: can't open file for writing: no such folder.")
        path.parent.mkdir(parents=True)
    source = write._connected(0)
    if source is None:
        raise RuntimeError(f"{write.fullName()}: input 0 is not connected.")
    try:
        picture = write._world.evaluator.picture(source, frame, view)
    except RenderError as error:
        raise RuntimeError(str(error)) from error
    half = "datatype" not in write._knobs or word_of(write, "datatype") == "16 bit half"
    raw = bool(number_of(write, "raw"))
    if not raw and word_of(write, "colorspace") not in ("default", "linear", "scene_linear"):
        raise RuntimeError(f"{write.fullName()}: the fake Nuke converts no colors; write raw.")
    write._world.evaluator.write_exr(
        path, picture, write._world, str(write._knobs["channels"]._held), half
    )
