"""A key for everything above a node: equal in another session as long as nothing changed.

Nuke's own opHashes are for one session and the current frame. This one is made from the
nodes' knobs as they are written to the script, curves and all, and from the size and time of
the files that they name. A key that changes too often costs a bake; one that changes
too seldom shows an old face.
"""

from __future__ import annotations

import glob
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nuke

from reage.media.patterns import frame_path
from reage_host.fingerprint import file_key
from reage_host.patterns import for_view
from reage_nuke import edition
from reage_nuke.nodes import RENAMED, is_set, pattern_of

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


_OWN = frozenset({"status", "fresh", "files_of", "cache", "range_first", "range_last"})
"""Knobs of a ReAge node upstream that say how its bake stands; its files and `fresh` count."""


@dataclass(frozen=True)
class Tree:
    """A node and all that it depends on.

    knobs   hash of all that is not in files
    files   patterns of the files that are read, views open
    shifts  whether a frame may be made from other frames' files
    fresh   the knobs of ReAge nodes upstream that say which of their frames show
    """

    knobs: str
    files: tuple[str, ...]
    shifts: bool
    fresh: tuple[Any, ...] = field(compare=False)

    @classmethod
    def of(cls, node: Any) -> Tree:
        digest, files, fresh, shifts = hashlib.sha256(), [], [], False
        places = {node.fullName(): 0}  # a node's place says who is wired to whom, not its name
        above = _ancestors(node)
        todo = [node]
        for at in todo:
            own = at.Class() == "ReAge"
            near = _near(at, above)
            for each in near:
                if each is not None and each.fullName() not in places:
                    places[each.fullName()] = len(places)
                    todo.append(each)
            wires = [-1 if each is None else places[each.fullName()] for each in near]
            knobs = _knobs(at, _LOOKS | _OWN, RENAMED) if own else _knobs(at, _LOOKS)
            digest.update(repr((at.Class(), wires, knobs)).encode())
            files += _files(at)
            fresh += [at["fresh"]] if own else []
            shifts |= at.Class() in _SHIFTS or (at.Class() == "Read" and _retimed(at))
        return cls(digest.hexdigest(), tuple(files), shifts, tuple(fresh))

    def key(self, frame: int, view: str) -> list[object]:
        """Changes when the pixels of the frame may have changed."""
        shown = [float(knob.valueAt(frame)) for knob in self.fresh]
        patterns = [for_view(f, view) for f in self.files]
        if self.shifts:
            return [self.knobs, shown, *(_folder_key(p, int(time.monotonic())) for p in patterns)]
        return [self.knobs, shown, *(file_key(frame_path(p, frame)) for p in patterns)]


def _near(node: Any, above: set[str]) -> list[Any]:
    """What a node itself depends on; None for an input that is free. Nothing where this Nuke's
    license hides it: a Read is then the same as elsewhere, and nothing else is baked."""
    if edition.limited():
        return []
    inputs = [node.input(k) for k in range(node.inputs())]
    # Groups hold nodes of their own, and expressions reach across the script; but the script
    # itself, and a group around the node, hold what comes after it as well.
    inside = node.nodes() if hasattr(node, "nodes") and node.Class() != "ReAge" else []
    named = [n for n in node.dependencies(nuke.EXPRESSIONS) if n.fullName() not in above]
    return [*inputs, *inside, *named]


def _ancestors(node: Any) -> set[str]:
    """Full names of the groups around a node, the script's root among them."""
    found = {nuke.root().fullName()}
    above = node.parent()
    while above is not None and above.fullName() not in found:
        found.add(above.fullName())
        above = above.parent()
    return found


def _files(node: Any) -> list[str]:
    """The files that a node may read, absolute where the project says from where."""
    base = str(nuke.root()["project_directory"].evaluate() or "")
    knobs = (k for k in node.knobs().values() if k.Class() == "File_Knob")
    texts = [pattern_of(knob) for knob in knobs] if node.Class() != "Write" else []

    def whole(text: str) -> str:
        # With no project directory a bare name, such as a gizmo's icon, has always been itself.
        bare = not base and "/" not in text
        return text if bare or Path(text).is_absolute() else f"{base}/{text}"

    return [whole(text) for text in texts if text]


def _retimed(read: Any) -> bool:
    return bool(read["frame_mode"].value() != "expression" or read["frame"].value())


@lru_cache(maxsize=64)
def _folder_key(text: str, second: int) -> list[object]:
    """As `file_key`, for all files of a pattern; looked at once a second at most."""
    path = Path(text)
    name = path.name.split("%")[0]
    return [file_key(p) for p in sorted(path.parent.glob(f"{glob.escape(name)}*{path.suffix}"))]


def _knobs(
    node: Any, left_out: frozenset[str], renamed: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[str, str]]:
    """What the knobs say, by name; renamed ones by their old name, as when frames were baked."""
    knobs = {n: k for n, k in node.knobs().items() if n not in left_out}
    for name, once in renamed.items():
        now = knobs.pop(name)
        knobs[once] = knobs[once] if is_set(knobs[once]) else now
    written = ((n, k.toScript()) for n, k in sorted(knobs.items()))
    return [(name, text) for name, text in written if text]
