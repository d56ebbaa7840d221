# SPDX-License-Identifier: GPL-3.0-or-later
"""The plate of a node group: the Image or Movie Clip node that leads into it, as the engine reads
it. Blender's own graph is not rendered for a bake, so nothing else may stand between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from reage.errors import MissingFrames, PlateError, SettingsError
from reage_blender import nodes
from reage_host.plate_files import PlateFiles

KINDS = ("CompositorNodeImage", "CompositorNodeMovieClip")


@dataclass(frozen=True)
class ScenePlate:
    """A plate's files, and when they show.

    start, offset   scene frame f shows the file with number f − start + 1 + offset, as an Image
                    node has it (`frame_start`, `frame_offset`)
    length          frames that it shows; before and after them the first and last one
    colorspace      what Blender takes the files to be in
    """

    files: PlateFiles
    colorspace: str
    start: int
    offset: int
    length: int

    @property
    def last(self) -> int:
        """The scene's last frame of it."""
        return self.start + self.length - 1

    def number(self, frame: int) -> int:
        """The file's number at a frame of the scene."""
        return min(max(frame, self.start), self.last) - self.start + 1 + self.offset

    def frame(self, number: int) -> int:
        """The frame of the scene that shows a file."""
        return number + self.start - 1 - self.offset

    def numbers(self, first: int, last: int) -> tuple[int, ...]:
        """The files that the scene shows from `first` to `last`; of numbered ones those that are
        there."""
        if last < self.start or self.last < first:
            return ()
        wanted = range(self.number(first), self.number(last) + 1)
        there = frozenset(self.files.frames)
        return tuple(n for n in wanted if n in there) if there else tuple(wanted)


def of(tree: Any) -> ScenePlate:
    """The plate of a group. Raises PlateError where there is none that can be read,
    SettingsError where it is used on two."""
    leading = (_leading(node) for node in nodes.users(tree))
    with _readable_disk():
        found = {_in_scene(_readable(s, tree.name)) for s in leading if s is not None}
    if not found:
        raise PlateError(
            f"{tree.name} has no plate: connect an Image or Movie Clip node to its input Plate."
        )
    if len(found) > 1:
        raise SettingsError(
            f"{tree.name} is used on {len(found)} plates; press the number beside its name on "
            "one of its nodes, so that each has a group and a bake of its own."
        )
    return found.pop()


def source(node: Any) -> Any | None:
    """The node that leads into a ReAge node's Plate, past reroutes and what is muted; None where
    nothing does."""
    found = _leading(node)
    return None if found is None else found.node


def output(node: Any) -> Any:
    """The output of an Image or Movie Clip node that has its picture. Raises PlateError."""
    found = next((o for o in node.outputs if o.enabled and o.name in _PICTURES), None)
    if found is None:
        raise PlateError(
            f"The node {node.name} has no output {' or '.join(_PICTURES)}; choose another plate, "
            "or another layer in it."
        )
    return found


_PICTURES = ("Image", "Combined")
"""Outputs that are a plate; the second one is that of an EXR of several layers."""


def _leading(node: Any) -> Any | None:
    """The output that leads into a ReAge node's Plate, see `source`."""
    socket = node.inputs["Plate"]
    while socket.is_linked:
        leading = socket.links[0].from_socket
        found = leading.node
        if found.bl_idname == "NodeReroute":
            socket = found.inputs[0]
            continue
        passed = [k.from_socket for k in found.internal_links if k.to_socket == leading]
        if not (found.mute and passed):
            return leading
        socket = passed[0]
    return None


@contextmanager
def _readable_disk() -> Iterator[None]:
    """Raises PlateError where the disk does not let a plate be looked at."""
    try:
        yield
    except OSError as e:
        raise PlateError(f"The plate cannot be looked at: {e.filename}: {e.strerror}.") from e


def _readable(leading: Any, name: str) -> Any:
    """The node of an output, where it is one with files. Raises PlateError."""
    found = leading.node
    if found.bl_idname not in KINDS:
        raise PlateError(
            f"{name}: {found.name} leads into Plate, and ReAge bakes files. Connect an Image or "
            "Movie Clip node; what comes out of other nodes has to be rendered to files first."
        )
    if leading.name not in _PICTURES:
        raise PlateError(
            f"{name}: the output {leading.name} of {found.name} leads into Plate; connect its "
            f"output {' or '.join(_PICTURES)}."
        )
    return found


def _in_scene(node: Any) -> ScenePlate:
    is_clip = node.bl_idname == "CompositorNodeMovieClip"
    data = node.clip if is_clip else node.image
    if data is None:
        raise PlateError(f"The node {node.name} holds nothing; choose a plate in it.")
    if data.source not in ("FILE", "SEQUENCE", "MOVIE") or getattr(data, "packed_file", None):
        raise PlateError(f"{data.name} is no file on disk; save or unpack it, then bake.")
    space = data.colorspace_settings
    if getattr(space, "is_data", False) or space.name == "Non-Color":
        raise PlateError(f"{data.name} is set to Non-Color; choose the plate's color space.")
    path = Path(bpy.path.abspath(data.filepath, library=data.library)).absolute()
    if data.source == "FILE":
        return _still(path, space.name)
    files = PlateFiles.at(str(path)) if data.source == "MOVIE" else sequence_of(path)
    if is_clip:
        first = _digits(path) if files.frames else 1
        offset, length = data.frame_offset + first - 1, data.frame_duration
        return ScenePlate(files, space.name, data.frame_start, offset, max(1, length))
    return ScenePlate(files, space.name, node.frame_start, node.frame_offset, node.frame_duration)


def _still(path: Path, space: str) -> ScenePlate:
    """One picture at all times."""
    if not path.is_file():
        raise MissingFrames(f"There is no file {path}.")
    number = re.fullmatch(r".*?[._](\d+)", path.stem)
    frame = int(number[1]) if number else 1
    return ScenePlate(PlateFiles(str(path), path.stem, (frame,)), space, 1, frame - 1, 1)


def sequence_of(path: Path) -> PlateFiles:
    """All files that are numbered as this one is, or what else it is. Raises PlateError."""
    found = _NUMBER.fullmatch(path.stem)
    with _readable_disk():
        if found is None or (path.is_file() and not PlateFiles.at(str(path)).frames):
            return PlateFiles.at(str(path))
        head, digits, tail = (part.replace("%", "%%") for part in found.groups())
        return PlateFiles.at(str(path.with_name(f"{head}%0{len(digits)}d{tail}{path.suffix}")))


def _digits(path: Path) -> int:
    found = _NUMBER.fullmatch(path.stem)
    return int(found[2]) if found else 1


_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")
"""Blender takes the last digits of a name for the frame's number."""
