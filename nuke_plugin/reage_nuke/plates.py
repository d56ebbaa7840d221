"""How a node's pixels get out of Nuke: the Read's own files, or frames that a Write makes.

Files of a bake are 32-bit float EXR in the script's working space. Those of a preview are half
floats, of the face's surroundings alone where its track says where it is: by a Write that each
ReAge node has inside, disabled but for that moment, and steered by hidden knobs of the node. So a
preview makes no node and deletes none.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nuke

from reage.errors import Cancelled, PlateError
from reage.media.patterns import frame_path
from reage_host.fingerprint import Sources
from reage_host.patterns import for_view, has_view, with_percent
from reage_host.report import STOPPED
from reage_nuke import edition, nodes, space, upstream
from reage_nuke.main_thread import without_undo
from reage_nuke.nodes import alive

SCRATCH = ".reage_plates_"
"""Start of the name of a folder for plates that Nuke writes; each bake has its own."""

_FLOAT = "32 bit float"
"""As a Write's datatype says it."""

_SWITCHED = (nodes.PLATE, nodes.AGE_MAP, nodes.HAIR)
"""The node's inputs in the order in which the Switch above its own Write has them."""


@dataclass(frozen=True)
class OwnFiles:
    """A Read's files, frame by frame, and the frames that they are."""

    pattern: str
    first: int
    last: int

    def hold(self, first: int, last: int) -> bool:
        return self.first <= first and last <= self.last


@dataclass(frozen=True)
class NodeFootage:
    """The pixels of one view of one node.

    pattern  files, frame by frame; the view is filled in
    direct   whether they are the Read's own; else `write_frame` must make them first
    node     whose pixels they are
    own      the files of an untouched Read
    channels those that `write_frame` writes
    """

    pattern: str
    direct: bool
    node: Any
    view: str
    own: OwnFiles | None
    channels: str = "rgb"

    def file(self, frame: int) -> Path:
        return frame_path(self.pattern, frame)

    def key(self, frame: int) -> Sources:
        """What the pixels of the frame come from; whichever other frames are asked for."""
        if self.own and self.own.hold(frame, frame):
            return Sources(None, (self.own.pattern,), frame)
        return self._tree.key(frame, self.view)

    def changed(self) -> bool:
        """Whether what Nuke makes the pixels from is another than when first looked at."""
        return not self.direct and not (
            alive(self.node) and upstream.Tree.of(self.node) == self._tree
        )

    @cached_property
    def _tree(self) -> upstream.Tree:
        edition.check_reach(self.node.name())
        return upstream.Tree.of(self.node)


def footage(
    node: Any, view: str, frames: tuple[int, int], folder: Path, channels: str = "rgb"
) -> NodeFootage:
    """Where the frames of `node` are to be found, or to be written: into `folder`."""
    own = _own_files(node, view)
    if own and own.hold(*frames):
        return NodeFootage(own.pattern, True, node, view, own)
    written = (folder / f"{view}.%04d.exr").as_posix()
    return NodeFootage(written, False, node, view, own, channels)


def check(node: Any, whose: str) -> None:
    """Raises PlateError where a node has no pixels to give. An error that it has now may be the
    playhead's frame's alone, as above a node that is not baked there; writing a frame tells."""
    check_connected(node, whose)
    if node.format().width() < 1 or node.format().height() < 1:
        raise PlateError(f"{whose}: the plate {node.name()} has no size.")


def check_connected(node: Any, whose: str) -> None:
    """Raises PlateError where there is no plate."""
    if node is None:
        raise PlateError(f"{whose} has no plate; connect its plate input.")


def write_frame(plate: NodeFootage, frame: int) -> Path:
    """Have Nuke write one frame; main thread only. Raises PlateError or Cancelled.

    The Write stands in the graph for that moment only, and outside of undo.
    """

    @contextmanager
    def writing(path: Path) -> Iterator[Any]:
        with plate.node.parent() or nuke.root():
            write = nuke.nodes.Write(file=path.as_posix(), inputs=[plate.node])
        try:
            write["file_type"].setValue("exr")
            write["datatype"].setValue(_FLOAT)
            write["raw"].setValue(True)
            write["channels"].setValue(plate.channels)
            yield write
        finally:
            nuke.delete(write)

    return _written(plate, frame, writing)


def write_preview(
    node: Any, which: int, plate: NodeFootage, frame: int, box: Sequence[float] = (0, 0, 0, 0)
) -> Path:
    """The same by the Write inside a ReAge node, in half floats, of what flows into `which` input.

    box: x, y, right and top in Nuke's px, outside of which nothing is asked for; empty: everything
    """

    @contextmanager
    def writing(path: Path) -> Iterator[Any]:
        node["preview_file"].setValue(path.as_posix())
        node["preview_of"].setValue(_SWITCHED.index(which))
        node["preview_box"].setValue(list(box))
        node["preview_on"].setValue(True)
        try:
            yield node.node("Preview")
        finally:
            node["preview_on"].setValue(False)

    return _written(plate, frame, writing)


def _written(
    plate: NodeFootage, frame: int, writing: Callable[[Path], AbstractContextManager[Any]]
) -> Path:
    """writing: gives the Write for a file, ready, for as long as it renders."""
    if not alive(plate.node):
        raise PlateError("What flows into the node was deleted while it was written; bake again.")
    path = plate.file(frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    was_proxy = nuke.root().proxy()
    with without_undo():
        try:
            nuke.root().setProxy(False)
            with writing(path) as write:
                nuke.execute(write, frame, frame, 1, [plate.view])
        except RuntimeError as e:
            if str(e).startswith("Cancel"):  # as Nuke's own render dialog tells it
                raise Cancelled(STOPPED) from e
            raise PlateError(f"{plate.node.name()} cannot be rendered at {frame}: {e}") from e
        finally:
            nuke.root().setProxy(was_proxy)
    if not path.is_file():
        raise PlateError(f"{plate.node.name()} gave no pixels at frame {frame}.")
    return path


def forget(folder: Path) -> None:
    """Delete what `write_frame` has put into a folder."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Delete plates that a bake left here when its Nuke died, a day ago or more."""
    for left in folder.glob(f"{SCRATCH}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > 86_400:
                forget(left)


def _own_files(node: Any, view: str) -> OwnFiles | None:
    """Those of an untouched Read, or None where Nuke does anything to its pixels."""
    while node is not None and node.Class() in ("Dot", "NoOp") and node.inputs() == 1:
        node = node.input(0)
    if node is None or node.Class() != "Read" or node["disable"].value():
        return None
    text = str(node["file"].getText() or "")
    shifted = node["frame_mode"].value() != "expression" or node["frame"].value()
    written = "[" in text or "%{" in text  # by Tcl, or with a Graph Scope Variable
    if shifted or written or not text.lower().endswith(".exr"):
        return None
    if not (Path(text).is_absolute() or text[1:2] == ":"):
        return None
    if len(nuke.views()) > 1 and not has_view(text):
        return None  # one file may hold all views, of which the engine knows nothing
    if node["premultiplied"].value() or not space.reads_working_space(node):
        return None
    first, last = (int(node[name].value()) for name in ("first", "last"))
    return OwnFiles(with_percent(for_view(text, view)), first, last)
