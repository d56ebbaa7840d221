"""Which frames of a graph are baked, stale or missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any

from reage import home
from reage.media.patterns import frame_path
from reage.mix import Mix
from reage.settings import AUTO, KEYED, LIVE, STEADY_REACH
from reage.version import __version__
from reage_host import track
from reage_host.fingerprint import content, hashed, of_baked
from reage_host.graph import AGE_MAP, HAIR_MATTE, INPUTS, PLATE, GraphAdapter
from reage_host.patterns import on_disk
from reage_host.report import runs

BAKED, STALE, MISSING = _BY_RANK = ("baked", "stale", "missing")

_ELSEWHERE = frozenset((*KEYED, *LIVE, *INPUTS, "face", "smooth", "colorspace", "pixel_aspect"))
"""Settings that a fingerprint has by frame, as pixels, through the track, on their own, or not at
all, as they change no layer."""


@dataclass(frozen=True)
class FrameState:
    """How frames stand: number → "baked", "stale" or "missing"; error: why nothing can be said,
    else ""."""

    frames: Mapping[int, str]
    error: str = ""

    @classmethod
    def worst(cls, views: Iterable[FrameState]) -> FrameState:
        """Of several views: the worst counts."""
        frames: dict[int, str] = {}
        for view in views:
            for frame, state in view.frames.items():
                frames[frame] = max(frames.get(frame, BAKED), state, key=_BY_RANK.index)
        return cls(frames)

    def numbers(self, state: str) -> tuple[int, ...]:
        return tuple(f for f, s in self.frames.items() if s == state)

    def counts(self) -> dict[str, int]:
        """How many there are of each state."""
        return {state: len(self.numbers(state)) for state in _BY_RANK}

    def text(self) -> str:
        """As a node shows it: `baked 96/100, 4 stale`."""
        if self.error:
            return self.error
        count = self.counts()
        stale = f", {count[STALE]} stale" if count[STALE] else ""
        return f"baked {count[BAKED]}/{len(self.frames)}{stale}"

    def detail(self) -> str:
        """The same, with the stale frames by number: `baked 96/100, 4 stale: 1005-1008`."""
        stale = self.numbers(STALE)
        return self.text() + (f": {runs(stale)}" if stale and not self.error else "")


def states(graph: GraphAdapter) -> FrameState:
    """How each frame of a graph stands; no inference, no rendering. To be called where the graph
    may be read. Raises SettingsError for a setting that is wrong at a frame."""
    path = track.track_file(graph.layers)
    faces = track.read(path)
    frames = graph.frames or (tuple(faces.frames) if faces else on_disk(graph.layers))
    files = {f: frame_path(graph.layers, f) for f in frames}
    there = {f for f, file in files.items() if file.is_file()}
    if not there:
        return FrameState(dict.fromkeys(frames, MISSING))
    right = Fingerprints(graph, faces) if faces and track.is_followed(path, graph) else None

    def state(frame: int) -> str:
        if frame not in there:
            return MISSING
        return BAKED if right and right.of(frame) == of_baked(files[frame]) else STALE

    return FrameState({frame: state(frame) for frame in frames})


class Fingerprints:
    """What the headers of a graph's frames must say to be up to date. Made, and asked, where the
    graph may be read."""

    def __init__(self, graph: GraphAdapter, faces: track.Track) -> None:
        self._graph, self._faces = graph, faces
        settings = graph.settings(next(iter(graph.frames or faces.frames), 0))
        still = {k: v for k, v in asdict(settings).items() if k not in _ELSEWHERE}
        self._reach = ceil(STEADY_REACH * settings.steady)
        self._all: dict[str, Any] = {
            "settings": {**still, "model": _content(settings.model or home.default_model())},
            "colorspace": settings.colorspace,
            "engine": __version__,
            # With the model this says which crop size auto takes: one for the whole shot.
            "face_size": faces.face_size if settings.crop_size == AUTO else None,
        }
        if files := Mix.of(settings.pattern).files:
            self._all["pattern_files"] = [_content(path) for path in files]
        self._known: dict[int, str] = {}

    def near(self, frame: int) -> list[int]:
        """The frames that one is made from: itself, and those of the track in steady's reach."""
        reach = range(frame - self._reach, frame + self._reach + 1)
        return [f for f in reach if f == frame or f in self._faces.frames]

    def of(self, frame: int) -> str:
        """Raises SettingsError for a setting that is wrong at the frame, or near it."""
        made_from = {str(f - frame): self._own(f) for f in self.near(frame)}
        hair = self._graph.key(HAIR_MATTE, frame)
        return hashed({**self._all, "made_from": made_from, "hair": hair})

    def _own(self, frame: int) -> str:
        """What one frame adds to the change; asked for by all of its neighbours."""
        if frame not in self._known:
            settings = self._graph.settings(frame)
            depends = {
                "keyed": [float(getattr(settings, name)) for name in KEYED if name not in LIVE],
                "plate": self._graph.key(PLATE, frame),
                "map": self._graph.key(AGE_MAP, frame),
                "face": self._faces.keys.get(frame),
            }
            self._known[frame] = hashed(depends)
        return self._known[frame]


def _content(path: Path | str) -> str:
    """A hash of what is in a file, or a word for one that is not there."""
    try:
        return content(Path(path))
    except OSError:
        return "no such file"
