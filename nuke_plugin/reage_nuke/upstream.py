"""A key for everything above a node: equal in another session as long as nothing changed.

Nuke's own opHashes are for one session and the current frame. This one is made from those of the
nodes' knobs that change pixels and are not at their default, as they are written to the script,
curves and all, and from what the files that they name hold. A key that changes too often costs
a bake; one that changes too seldom shows an old face.
"""

from __future__ import annotations

import glob
import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nuke

from reage.media.patterns import frame_path
from reage_host.fingerprint import UNSEEN, MadeFrom, contents
from reage_host.patterns import for_view
from reage_nuke.nodes import RENAMED, is_set, pattern_of

_LOOKS = frozenset({
    "autolabel", "bookmark", "cached", "dope_sheet", "gl_color", "help", "hide_input", "icon",
    "indicators", "label", "name", "note_font", "note_font_color", "note_font_size", "onCreate",
    "onDestroy", "knobChanged", "updateUI", "postage_stamp", "postage_stamp_frame", "selected",
    "tile_color", "xpos", "ypos", "panel", "process_mask", "showBitfields", "version",
    "rootNodeUpdated", "useGPUIfAvailable", "allowGPUAcceleration", "gpuName",
    "updateLocalization", "cacheLocal", "toolbox", "shownmetadata", "libraryVersionInfo",
    "imageCachePolicy", "imageCacheMemoryLimit", "cacheBreaker", "reload",
    "show_group_view", "disable_group_view", "group_view_position", "shownWarningFile",
    "keyframe_display",
})  # fmt: skip
"""Knobs that change no pixel."""

_LOOKS_LIKE = re.compile(r"toolbar|localization|zoom[wW]indow|display[_A-Z]")
"""Starts of the names of such."""

_DRAWN = frozenset({
    "Text_Knob", "Help_Knob", "Tab_Knob", "BeginTabGroup_Knob", "EndTabGroup_Knob", "PythonKnob",
    "PyScript_Knob", "Script_Knob", "PyCustom_Knob", "PythonCustomKnob", "PyPulldown_Knob",
    "Link_Knob", "ZoomWindow_knob", "ZoomWindowKnob", "MouseZoom", "OverlayKnob", "MetaData",
    "RotoToolboxKnob", "Toolbox_Knob", "CancelExecution_Knob", "KeyFrameDisplayKnob",
    "DelegateKeyFrameDisplayKnob", "ThumbnailEventHandler_knob", "Obsolete_Knob",
})  # fmt: skip
"""Classes of knobs that draw the panel, are pressed, or show another node's knob, which counts
there."""

_SHIFTS = frozenset({
    "AppendClip", "FrameBlend", "FrameHold", "FrameRange", "Kronos", "OFlow2", "Retime",
    "TemporalMedian", "TimeBlur", "TimeClip", "TimeEcho", "TimeOffset", "TimeWarp",
})  # fmt: skip
"""Nodes whose frame is made from other frames."""


_OWN = frozenset({
    "status", "fresh", "files_of", "cache", "range_first", "range_last", "shown_first",
    "shown_last",
})  # fmt: skip
"""Knobs of a ReAge node upstream that say how its bake stands; its files and `fresh` count."""


@dataclass(frozen=True)
class Tree:
    """A node and all that it depends on.

    knobs   hash of all that is not in files
    files   patterns of the files that are read, views open
    shifts  whether a frame may be made from other frames' files
    fresh   the knobs of ReAge nodes upstream that say which of their frames show
    reloads how often Reads were told to look at their files anew
    """

    knobs: str
    files: tuple[str, ...]
    shifts: bool
    fresh: tuple[Any, ...] = field(compare=False)
    reloads: int = 0

    @classmethod
    def of(cls, node: Any) -> Tree:
        digest, files, fresh, shifts, reloads = hashlib.sha256(), [], [], False, 0
        digest.update(repr((_variables(node), _views())).encode())
        places = {node.fullName(): 0}  # a node's place says who is wired to whom, not its name
        above = _ancestors(node)
        todo = [node]
        for at in todo:
            inputs = [at.input(k) for k in range(at.inputs())]
            own = at.Class() == "ReAge"
            # Groups hold nodes of their own, and expressions reach across the script; but the
            # script itself, and a group around the node, hold what comes after it as well.
            inside = at.nodes() if hasattr(at, "nodes") and not own else []
            named = [n for n in at.dependencies(nuke.EXPRESSIONS) if n.fullName() not in above]
            near = [*inputs, *inside, *named]
            for each in near:
                if each is not None and each.fullName() not in places:
                    places[each.fullName()] = len(places)
                    todo.append(each)
            wires = [-1 if each is None else places[each.fullName()] for each in near]
            knobs = _knobs(at, _OWN, RENAMED) if own else _knobs(at)
            digest.update(repr((at.Class(), wires, knobs)).encode())
            files += _files(at)
            fresh += [at["fresh"]] if own else []
            if at.Class() == "Read":
                reloads += int(at["version"].value())
                shifts |= _retimed(at)
            shifts |= at.Class() in _SHIFTS
        return cls(digest.hexdigest(), tuple(files), shifts, tuple(fresh), reloads)

    def key(self, frame: int, view: str) -> MadeFrom:
        """Changes when the pixels of the frame may have changed."""
        shown = [float(knob.valueAt(frame)) for knob in self.fresh]
        said = [self.knobs, shown, view if _views() else ""]
        patterns = [for_view(f, view) for f in self.files]
        if not self.shifts:
            return MadeFrom.of(said, [frame_path(p, frame) for p in patterns])
        names = [Path(p).name for p in patterns]
        now = int(time.monotonic())
        return MadeFrom([said, names], tuple(_folder(p, now) for p in patterns))


def _ancestors(node: Any) -> set[str]:
    """Full names of the groups around a node, the script's root among them."""
    found = {nuke.root().fullName()}
    above = node.parent()
    while above is not None and above.fullName() not in found:
        found.add(above.fullName())
        above = above.parent()
    return found


def _variables(node: Any) -> list[str]:
    """The Graph Scope Variables that hold at a node, of its groups and of the script: Nuke 15.2
    and later have them."""
    above, found = node.parent(), []
    while above is not None:
        found += [above["gsv"].toScript()] if "gsv" in above.knobs() else []
        above = above.parent()
    root = nuke.root()
    return found or ([root["gsv"].toScript()] if "gsv" in root.knobs() else [])


def _views() -> list[str]:
    """The script's views, where it has several: some nodes take one by its place."""
    views = list(nuke.views())
    return views if len(views) > 1 else []


def _files(node: Any) -> list[str]:
    """The files that a node may read, absolute where the project says from where."""
    base = str(nuke.root()["project_directory"].evaluate() or "")
    knobs = (k for _, k in _counting(node) if k.Class() == "File_Knob")
    texts = [pattern_of(knob) for knob in knobs] if node.Class() != "Write" else []

    def whole(text: str) -> str:
        # With no project directory a bare name, such as a gizmo's icon, has always been itself.
        bare = not base and "/" not in text
        return text if bare or Path(text).is_absolute() else f"{base}/{text}"

    return [whole(text) for text in texts if text]


def _retimed(read: Any) -> bool:
    return bool(read["frame_mode"].value() != "expression" or read["frame"].value())


@lru_cache(maxsize=64)
def _folder(text: str, second: int) -> object:
    """As `contents`, for all files of a pattern; looked at once a second at most."""
    path = Path(text)
    if not path.parent.is_dir():
        return UNSEEN
    name = path.name.split("%")[0]
    found = sorted(path.parent.glob(f"{glob.escape(name)}*{path.suffix}"))
    return [(p.name, contents(p)) for p in found]


def _knobs(
    node: Any,
    left_out: frozenset[str] = frozenset(),
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> list[tuple[str, str]]:
    """What the knobs say that change pixels, by name; renamed ones by their name of today."""
    knobs = {n: k for n, k in _counting(node) if n not in left_out}
    for name, once in renamed.items():
        if (before := knobs.pop(once, None)) is not None and is_set(before):
            knobs[name] = before
    written = ((n, k.toScript()) for n, k in sorted(knobs.items()) if k.Class() != "File_Knob")
    return [(name, text) for name, text in written if text]


def _counting(node: Any) -> Iterator[tuple[str, Any]]:
    """The node's knobs that change pixels, those left at their default aside: another version of
    Nuke has further ones. A File_Knob counts by what it names."""
    is_3d = "render_mode" in node.knobs() or "selectable" in node.knobs()
    for name, knob in node.knobs().items():
        drawn = name in _LOOKS or _LOOKS_LIKE.match(name) or (name == "display" and is_3d)
        if not drawn and knob.Class() not in _DRAWN and _is_set(knob):
            yield name, knob


def _is_set(knob: Any) -> bool:
    """Whether a knob is not at its default; of texts Nuke does not tell, so they count."""
    default = getattr(knob, "notDefault", None)
    return default is None or bool(knob.isAnimated() or knob.hasExpression() or default())
