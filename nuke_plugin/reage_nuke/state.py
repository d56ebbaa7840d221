"""Which frames of a node are baked, stale or missing.

A baked file carries, in its header, a mark: a hash of the plate's pixels, the settings at that
frame, the face's place, the model and the engine. It is stale when the mark that the script
would give it today is another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nuke

import reage
from reage.errors import ReageError
from reage.settings import AUTO
from reage.version import __version__
from reage_nuke import cache, nodes, pattern, plates, space, track
from reage_nuke.report import runs
from reage_ui.exr_header import string_attribute
from reage_ui.neighbours import neighbours

BAKED, STALE, MISSING = "baked", "stale", "missing"


@dataclass(frozen=True)
class FrameState:
    """How the frames of a node stand, all views taken together: the worst counts.

    frames: number → "baked", "stale" or "missing"; error: why nothing can be said, else ""
    """

    frames: Mapping[int, str]
    error: str = ""

    def numbers(self, state: str) -> tuple[int, ...]:
        return tuple(f for f, s in self.frames.items() if s == state)

    def text(self) -> str:
        """As the node shows it: `baked 96/100, 4 stale`."""
        if self.error:
            return self.error
        baked, stale = len(self.numbers(BAKED)), len(self.numbers(STALE))
        return f"baked {baked}/{len(self.frames)}" + (f", {stale} stale" if stale else "")

    def detail(self) -> str:
        """The same, with the stale frames by number: `baked 96/100, 4 stale: 1005-1008`."""
        stale = self.numbers(STALE)
        return self.text() + (f": {runs(stale)}" if stale and not self.error else "")


def states(node: Any) -> FrameState:
    """The state of every frame of the node's range. Main thread; no inference, no rendering."""
    try:
        first, last = nodes.frame_range(node)
        plate = node.input(nodes.PLATE)
        plates.check_connected(plate, node.name())
        if not pattern.of_knob(node["cache"]):
            return FrameState(dict.fromkeys(range(first, last + 1), MISSING))
        text = cache.layers_pattern(node)
        worst: dict[int, str] = {}
        for view in nuke.views():
            for frame, state in _of_view(node, text, view, (first, last)).items():
                if _RANK[state] >= _RANK[worst.get(frame, BAKED)]:
                    worst[frame] = state
        return FrameState(worst)
    except ReageError as e:
        return FrameState({}, str(e))


_RANK = {BAKED: 0, STALE: 1, MISSING: 2}


def _of_view(node: Any, text: str, view: str, frames: tuple[int, int]) -> dict[int, str]:
    wanted = range(frames[0], frames[1] + 1)
    found = cache.files(text, view, wanted)
    there = {f for f, path in found.items() if path.is_file()}
    if not there:
        return dict.fromkeys(wanted, MISSING)
    footage = plates.footage(node.input(nodes.PLATE), view, frames, Path())
    maps, hair = (drawn(node, k, view, frames, Path()) for k in (nodes.AGE_MAP, nodes.HAIR))
    faces = track.read(track.track_file(text, view))
    marks = faces and Marks(node, view, footage, maps, hair, faces)
    out = {}
    for frame, path in found.items():
        if frame not in there:
            out[frame] = MISSING
        else:
            right = marks and marks.of(frame) == mark_of(path)
            out[frame] = BAKED if right else STALE
    return out


def drawn(
    node: Any, which: int, view: str, frames: tuple[int, int], folder: Path
) -> plates.NodeFootage | None:
    """The age map's or the hair matte's pixels, where one is connected."""
    source = node.input(which)
    return None if source is None else plates.footage(source, view, frames, folder)


class Marks:
    """What the headers of one view's frames must say to be up to date."""

    def __init__(
        self,
        node: Any,
        view: str,
        plate: plates.NodeFootage,
        maps: plates.NodeFootage | None,
        hair: plates.NodeFootage | None,
        faces: track.Track,
    ) -> None:
        self._node, self._view, self._plate = node, view, plate
        self._maps, self._hair, self._faces = maps, hair, faces
        still = {k: v for k, v in nodes.still_values(node).items() if k not in ("face", "smooth")}
        self._steady: float = still["steady"]
        self._all = {
            "settings": {**still, "model": _model_key(still["model"])},
            "colorspace": space.working_space(node),
            "engine": __version__,
            # With the model this says which crop size auto takes: one for the whole shot.
            "face_size": faces.face_size if still["crop_size"] == AUTO else None,
        }
        self._known: dict[int, str] = {}

    def near(self, frame: int) -> list[int]:
        """The frames that one is made from: itself, and those of the track in steady's reach."""
        reach = neighbours(frame, self._steady)
        return [f for f in reach if f == frame or f in self._faces.frames]

    def of(self, frame: int) -> str:
        made_from = {str(f - frame): self._own(f) for f in self.near(frame)}
        hair = self._hair.key(frame) if self._hair else None
        return _hash({**self._all, "made_from": made_from, "hair": hair})

    def _own(self, frame: int) -> str:
        """What one frame adds to the change; asked for by all of its neighbours."""
        if frame not in self._known:
            keyed = nodes.keyed_values(self._node, frame, self._view)
            depends = {
                "ages": [keyed["source_age"], keyed["target_age"]],
                "plate": self._plate.key(frame),
                "map": self._maps.key(frame) if self._maps else None,
                "face": self._faces.keys.get(frame),
            }
            self._known[frame] = _hash(depends)
        return self._known[frame]


def _hash(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]


def mark_of(path: Path) -> str | None:
    """The mark that a baked file carries."""
    try:
        stat = path.stat()
        return _read_mark(path, stat.st_size, stat.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=20_000)
def _read_mark(path: Path, size: int, time: int) -> str | None:
    return string_attribute(path, cache.MARK)


def _model_key(model: str | None) -> str:
    """A hash of the model's file, or a word for one that is not there."""
    path = Path(model) if model else default_model()
    try:
        stat = path.stat()
        return _file_hash(path, stat.st_size, stat.st_mtime_ns)
    except OSError:
        return "no such file"


def default_model() -> Path:
    return Path(reage.__file__).parent / "models" / "reage_default.onnx"


@lru_cache(maxsize=16)
def _file_hash(path: Path, size: int, time: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
