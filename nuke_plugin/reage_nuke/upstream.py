"""A key for everything above a node: equal for equal pixels, in any session, on any machine.

Nuke's own opHashes are for one session and the current frame. This one is made from the
nodes' knobs as they are written to the script, curves and all, and from the size and time of
the files that Reads would read. A key that changes too often costs a bake; one that changes
too seldom shows an old face.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nuke

from reage_nuke import pattern

_LOOKS = frozenset({
    "autolabel", "bookmark", "cached", "dope_sheet", "gl_color", "help", "hide_input", "icon",
    "indicators", "label", "name", "note_font", "note_font_color", "note_font_size", "onCreate",
    "onDestroy", "knobChanged", "updateUI", "postage_stamp", "postage_stamp_frame", "selected",
    "tile_color", "xpos", "ypos", "panel", "process_mask", "showBitfields", "version",
})  # fmt: skip
"""Knobs that change no pixel."""

_SHIFTS = frozenset({
    "AppendClip", "FrameBlend", "FrameHold", "FrameRange", "Kronos", "OFlow2", "Retime",
    "TemporalMedian", "TimeBlur", "TimeClip", "TimeEcho", "TimeOffset", "TimeWarp",
})  # fmt: skip
"""Nodes whose frame is made from other frames."""


@dataclass(frozen=True)
class Tree:
    """A node and all that it depends on.

    knobs   hash of all that is not in files
    files   patterns of the Reads
    shifts  whether a frame may be made from other frames' files
    """

    knobs: str
    files: tuple[str, ...]
    shifts: bool

    @classmethod
    def of(cls, node: Any) -> Tree:
        digest, files, shifts = hashlib.sha256(), [], False
        places = {node.fullName(): 0}  # a node's place says who is wired to whom, not its name
        todo = [node]
        for at in todo:
            inputs = [at.input(k) for k in range(at.inputs())]
            # Groups hold nodes of their own, and expressions reach across the script.
            inside = at.nodes() if hasattr(at, "nodes") else []
            near = [*inputs, *inside, *at.dependencies(nuke.EXPRESSIONS)]
            for each in near:
                if each is not None and each.fullName() not in places:
                    places[each.fullName()] = len(places)
                    todo.append(each)
            wires = [-1 if each is None else places[each.fullName()] for each in near]
            digest.update(repr((at.Class(), wires, _knobs(at))).encode())
            shifts |= at.Class() in _SHIFTS
            if at.Class() == "Read":
                files.append(str(nuke.filename(at) or ""))
        return cls(digest.hexdigest(), tuple(files), shifts)

    def key(self, frame: int, view: str) -> list[object]:
        """Changes when the pixels of the frame may have changed."""
        patterns = [pattern.with_percent(pattern.for_view(f, view)) for f in self.files]
        if self.shifts:
            return [self.knobs, *(_folder_key(p) for p in patterns)]
        return [self.knobs, *(file_key(pattern.for_frame(p, frame)) for p in patterns)]


def file_key(path: Path) -> list[object]:
    """Path, size and time of a file: changes when the file does. Zeros where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return [path.as_posix(), 0, 0]
    return [path.as_posix(), stat.st_size, stat.st_mtime_ns]


def _folder_key(text: str) -> list[object]:
    """As `file_key`, for all files of a pattern."""
    path = Path(text)
    name = path.name.split("%")[0]
    try:
        return [file_key(p) for p in sorted(path.parent.glob(f"{name}*{path.suffix}"))]
    except OSError:
        return [text]


def _knobs(node: Any) -> list[tuple[str, str]]:
    written = ((n, k.toScript()) for n, k in sorted(node.knobs().items()) if n not in _LOOKS)
    return [(name, text) for name, text in written if text]
