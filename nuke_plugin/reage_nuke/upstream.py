"""A key for everything above a node: equal in another session as long as nothing changed.

Nuke's own opHashes are for one session and the current frame. This one is made from those of the
nodes' knobs that change pixels and are not at their default, as they are written to the script,
curves and all, and from what the files that they name hold. A key that changes too often costs
a bake; one that changes too seldom shows an old face.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nuke

from reage.errors import SettingsError
from reage.media.patterns import at_rung
from reage.settings import BAKED
from reage_host.fingerprint import Sources
from reage_host.patterns import for_view
from reage_nuke import edition
from reage_nuke.nodes import CLASS, RENAMED, RUNGS, is_reage, ladder, pattern_of
from reage_nuke.pixel_knobs import counting, said

_SHIFTS = frozenset({
    "AppendClip", "DeepFromFrames", "Denoise2", "DepthGenerator", "FrameBlend", "FrameHold",
    "FrameRange", "GridWarpTracker", "Kronos", "MotionBlur", "OFlow2", "Retime", "SmartVector",
    "TemporalMedian", "TimeBlur", "TimeClip", "TimeDissolve", "TimeEcho", "TimeOffset", "TimeWarp",
    "VectorCornerPin", "VectorDistort", "VectorGenerator",
})  # fmt: skip
"""Nodes whose frame is made from other frames."""


_OWN = frozenset({
    "status", "fresh", "files_of", "cache", "range_first", "range_last", "shown_first",
    "shown_last", "bake_number", "preview_file", "preview_of", "preview_box", "preview_on",
    "when_not_baked", "device", "tile", "datatype", "use_face_point", "face_point",
    "output_layers", "ladder", *RUNGS, *BAKED,
}) - {"map_channel"}  # fmt: skip
"""Knobs of a ReAge node upstream that say what is baked, and how that stands: its files count, and
what shows of them. `map_channel` is live as well, for the hair matte."""

_MOVED_BETWEEN = frozenset({"source_age", "target_age"})
"""Those that act at once on what is baked at a ladder."""

_LAYERS = "reage_"
"""How the names of ReAge's layers begin."""


@dataclass(frozen=True)
class Tree:
    """A node and all that it depends on.

    knobs   hash of all that is not in files
    files   patterns of the files that are read, views open
    shifts  whether a frame may be made from other frames' files
    reages  the ReAge nodes among them, for which of their frames show
    reloads how often Reads were told to look at their files anew
    """

    knobs: str
    files: tuple[str, ...]
    shifts: bool
    reages: tuple[Any, ...] = field(compare=False)
    reloads: int = 0

    @classmethod
    def of(cls, node: Any) -> Tree:
        digest, files, reages, shifts, reloads = hashlib.sha256(), [], [], False, 0
        reads_layers = False
        digest.update(repr((_variables(node), _views())).encode())
        places = {node.fullName(): 0}  # a node's place says who is wired to whom, not its name
        above = _ancestors(node)
        todo = [node]
        for at in todo:
            own = is_reage(at)
            near = _near(at, above)
            for each in near:
                if each is not None and each.fullName() not in places:
                    places[each.fullName()] = len(places)
                    todo.append(each)
            wires = [-1 if each is None else places[each.fullName()] for each in near]
            knobs = _said_by(at) if own else said(at)
            digest.update(repr((CLASS if own else at.Class(), wires, knobs)).encode())
            files += _files(at)
            reages += [at] if own else []
            reads_layers |= not own and any(_LAYERS in text for _, text in knobs)
            shifts |= _shifts(at)
            reloads += _reloads(at)
        if reads_layers:  # else nobody's pixels know which layers go along
            digest.update(repr([each["output_layers"].toScript() for each in reages]).encode())
        return cls(digest.hexdigest(), tuple(files), shifts, tuple(reages), reloads)

    def key(self, frame: int, view: str) -> Sources:
        """What the pixels of the frame may come from."""
        shown = [_shown(node, frame) for node in self.reages]
        graph = [self.knobs, shown, view if _views() else ""]
        patterns = tuple(for_view(f, view) for f in self.files)
        return Sources(graph, patterns, None if self.shifts else frame)


def _shown(node: Any, frame: int) -> float:
    """Which bake a ReAge node shows at a frame: 1 a fresh one, 0.5 a stale one, 0 none."""
    fresh = float(node["fresh"].valueAt(frame))
    return 0.0 if fresh <= 0.75 and node["when_not_baked"].value() == "plate" else fresh


def _said_by(node: Any) -> list[tuple[str, str]]:
    """What a ReAge node upstream says that changes pixels: its view does where renders get it, and
    the mask's channel is a knob of a node inside."""
    looks = () if node["view_renders"].value() else ("view_mode", "split_at")
    channel = ("mask_channel", str(node["mask_channel"].value()))
    own = _OWN - _MOVED_BETWEEN if node["ladder"].value() else _OWN
    return [*said(node, own.union(looks), RENAMED), *([channel] if channel[1] != "alpha" else [])]


def _near(node: Any, above: set[str]) -> list[Any]:
    """What a node itself depends on; None for an input that is free. Nothing where this Nuke's
    license hides it: a Read is then the same as elsewhere, and nothing else is baked."""
    if edition.limited():
        return []
    inputs = wired(node)
    # Groups hold nodes of their own, and expressions reach across the script; but the script
    # itself, and a group around the node, hold what comes after it as well.
    inside = node.nodes() if hasattr(node, "nodes") and not is_reage(node) else []
    named = [n for n in node.dependencies(nuke.EXPRESSIONS) if n.fullName() not in above]
    return [*inputs, *inside, *named]


def wired(node: Any) -> list[Any]:
    """What a node is wired to, None for an input that is free; an Input inside a group is wired to
    what the group is."""
    around = node.parent() if node.Class() == "Input" else None
    if around is not None:
        return [around.input(int(node["number"].value()))]
    return [node.input(k) for k in range(node.inputs())]


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
    around = [nuke.root()]
    above = node.parent()
    while above is not None and above.fullName() != around[0].fullName():
        around.append(above)
        above = above.parent()
    found = (each.knob("gsv") for each in around)
    return [text for knob in found if knob is not None and (text := knob.toScript())]


def _views() -> list[str]:
    """The script's views, where it has several: some nodes take one by its place."""
    views = list(nuke.views())
    return views if len(views) > 1 else []


def _files(node: Any) -> list[str]:
    """The files that a node may read, absolute where the project says from where."""
    base = str(nuke.root()["project_directory"].evaluate() or "")
    named = (k for n, k in counting(node) if k.Class() == "File_Knob" and n not in RUNGS)
    texts = [pattern_of(knob) for knob in named] if node.Class() != "Write" else []
    if is_reage(node):
        texts += [at_rung(pattern_of(node["cache"]), age) for age in _rungs_of(node)]

    def whole(text: str) -> str:
        # With no project directory a bare name, such as a gizmo's icon, has always been itself.
        bare = not base and "/" not in text
        return text if bare or Path(text).is_absolute() else f"{base}/{text}"

    return [whole(text) for text in texts if text]


def _rungs_of(node: Any) -> tuple[int, ...]:
    """The ages of a ladder that a node's files are read at; () where its words are none."""
    try:
        return ladder(node) if pattern_of(node["cache"]) else ()
    except SettingsError:
        return ()


def _shifts(node: Any) -> bool:
    """Whether a node's frame may be made from other frames' files; of OFX plugins nobody knows,
    and denoisers and retimers are among them."""
    cls = str(node.Class())
    if cls == "Read":
        return bool(node["frame_mode"].value() != "expression" or node["frame"].value())
    return cls in _SHIFTS or (cls.startswith("OFX") and "keylight" not in cls)


def _reloads(node: Any) -> int:
    """Reload, a Read's button, counts one on in a hidden knob."""
    count = node.knob("version") if node.Class() == "Read" else None
    return int(count.value()) if count else 0
