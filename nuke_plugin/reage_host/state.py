"""Which frames of a graph are baked, stale or missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from reage import home
from reage.album import Page
from reage.errors import SettingsError
from reage.media.patterns import frame_path
from reage.mix import Mix
from reage.settings import AUTO, KEYED, LIVE, STEADY_REACH, Settings
from reage.version import BAKE_FORMAT
from reage_host import rungs, track
from reage_host.fingerprint import MadeFrom, Mark, Sources, contents, hashed, looked_at, of_baked
from reage_host.folders import Folders
from reage_host.graph import AGE_MAP, HAIR_MATTE, INPUTS, PLATE, GraphAdapter
from reage_host.patterns import on_disk
from reage_host.report import runs

BAKED, STALE, MISSING = _BY_RANK = ("baked", "stale", "missing")

_ELSEWHERE = frozenset((*KEYED, *LIVE, *INPUTS, "face", "smooth", "colorspace", "pixel_aspect"))
"""Settings that a fingerprint has by frame, as pixels, through the track, on their own, or not at
all, as they change no layer."""

_AT_ONCE = 100
"""Frames of which a graph is read in one go: its host answers to nobody else meanwhile."""


@dataclass(frozen=True)
class FrameState:
    """How frames stand: number → "baked", "stale" or "missing".

    error   why nothing can be said, else ""
    unseen  that is because of what cannot be looked at from here: what was said before may be right
    """

    frames: Mapping[int, str]
    error: str = ""
    unseen: bool = False

    @classmethod
    def worst(cls, views: Iterable[FrameState]) -> FrameState:
        """Of several views: the worst counts."""
        frames: dict[int, str] = {}
        for view in views:
            for frame, state in view.frames.items():
                frames[frame] = max(frames.get(frame, BAKED), state, key=_BY_RANK.index)
        return cls(frames)

    def within(self, frames: Sequence[int]) -> FrameState:
        """Of these frames alone."""
        return replace(self, frames={f: s for f, s in self.frames.items() if f in frames})

    def numbers(self, state: str) -> tuple[int, ...]:
        return tuple(f for f, s in self.frames.items() if s == state)

    def lacking(self) -> bool:
        """Whether any frame is stale or missing."""
        return any(state != BAKED for state in self.frames.values())

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


def states(
    graph: GraphAdapter, frames: Sequence[int] = (), ladder: Sequence[int] = ()
) -> FrameState:
    """How each frame of a graph stands, else each of `frames`; no inference, no rendering. On any
    thread: the graph is read in its `reading`, files here. At a ladder a frame is as the worst of
    its rungs. Raises SettingsError for a setting that is wrong at one of the graph's own frames."""
    path, patterns = track.track_file(graph.layers), rungs.files(graph.layers, ladder)
    faces = track.read(path)
    there = frozenset.intersection(*(frozenset(on_disk(pattern)) for pattern in patterns))
    own = graph.frames or (tuple(faces.frames) if faces else sorted(there))
    frames = frames or own
    stand = there.intersection(frames)
    if not stand:
        return FrameState(dict.fromkeys(frames, MISSING))
    followed = faces is not None and track.is_followed(path, graph)
    right = Fingerprints(graph, faces, sorted(stand)) if faces and followed else None

    def state(frame: int) -> str:
        if frame not in there:
            return MISSING
        try:
            good = right is not None and all(
                right.of(frame).agrees(of_baked(frame_path(pattern, frame), right.stat))
                for pattern in patterns
            )
        except SettingsError:
            if frame in own:
                raise
            good = False
        return BAKED if good else STALE

    return FrameState({frame: state(frame) for frame in frames})


class Fingerprints:
    """What the headers of some frames of a graph must say to be up to date. The graph is read as
    this is made, in its `reading`; files are looked at when a frame is asked for. Folders are
    listed once: what is asked for later is as it was, by `stat`."""

    def __init__(self, graph: GraphAdapter, faces: track.Track, frames: Sequence[int]) -> None:
        self._faces, self.stat = faces, Folders().fingerprint
        self._settings: dict[int, Settings | SettingsError] = {}
        self._sources: dict[tuple[str, int], Sources | None] = {}
        first = next(iter(graph.frames or faces.frames), 0)
        settings = graph.reading(lambda: graph.settings(first))
        self._reach = ceil(STEADY_REACH * settings.steady)
        near = sorted({n for f in frames for n in self.near(f)})
        for k in range(0, len(near), _AT_ONCE):
            graph.reading(partial(self._read, graph, near[k : k + _AT_ONCE]))
        still = {k: v for k, v in asdict(settings).items() if k not in _ELSEWHERE}
        self._all: dict[str, Any] = {
            "settings": {**still, "model": None, "pattern": _named(settings.pattern)},
            "colorspace": settings.colorspace,
            "format": BAKE_FORMAT,
            # With the model this says which crop size auto takes: one for the whole shot.
            "face_size": faces.face_size if settings.crop_size == AUTO else None,
        }
        mix = Mix.of(settings.pattern)
        if pages := [file.name for page in mix.pages for file in page.files]:
            self._all["pages"] = pages  # their names are their ages
        files = (settings.model or home.default_model(), *mix.files)
        self._files = tuple(contents(Path(file)) for file in files)
        self._known: dict[int, MadeFrom] = {}

    def _read(self, graph: GraphAdapter, frames: Sequence[int]) -> None:
        """What the graph says of some frames."""
        for frame in frames:
            try:
                self._settings[frame] = graph.settings(frame)
            except SettingsError as e:
                self._settings[frame] = e
            for which in INPUTS:
                self._sources[which, frame] = graph.key(which, frame)

    def near(self, frame: int) -> list[int]:
        """The frames that one is made from: itself, and those of the track in steady's reach."""
        reach = range(frame - self._reach, frame + self._reach + 1)
        return [f for f in reach if f == frame or f in self._faces.frames]

    def settings(self, frame: int) -> Settings:
        """What is set at a frame. Raises SettingsError."""
        found = self._settings[frame]
        if isinstance(found, SettingsError):
            raise found
        return found

    def of(self, frame: int) -> Mark:
        """Raises SettingsError for a setting that is wrong at the frame, or near it."""
        near = {str(f - frame): self._own(f) for f in self.near(frame)}
        hair = looked_at(self._sources[HAIR_MATTE, frame], self.stat)
        made_from = {step: own.said for step, own in near.items()}
        files = (*self._files, *hair.files, *(held for own in near.values() for held in own.files))
        return Mark.of(MadeFrom({**self._all, "made_from": made_from, "hair": hair.said}, files))

    def _own(self, frame: int) -> MadeFrom:
        """What one frame adds to the change; asked for by all of its neighbours."""
        if frame not in self._known:
            settings = self.settings(frame)
            plate, ages = (
                looked_at(self._sources[which, frame], self.stat) for which in (PLATE, AGE_MAP)
            )
            said = {
                "keyed": [float(getattr(settings, name)) for name in KEYED if name not in LIVE],
                "plate": plate.said,
                "map": ages.said,
                "face": self._faces.keys.get(frame),
            }
            self._known[frame] = MadeFrom(hashed(said), (*plate.files, *ages.files))
        return self._known[frame]


def _named(pattern: int | str) -> int | str:
    """A pattern, its files without their folders."""
    terms = Mix.of(pattern).terms
    return Mix(tuple(replace(t, source=_name(t.source)) for t in terms)).plain


def _name(source: int | str | Page) -> int | str | Page:
    if isinstance(source, Page):
        return replace(source, folder=Path(source.folder).name)
    return source if isinstance(source, int) else Path(source).name
