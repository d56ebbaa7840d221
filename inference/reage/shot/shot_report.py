"""What was done to a shot, frame by frame: by one render, or by several that are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from reage.models.rights import Rights

VERSION = 1
"""Of the document."""

OUTCOMES = ("done", "kept", "no face", "failed")
"""What becomes of a frame, see `render_frame.Frame`."""

OUTCOME_WORDS = {
    "done": "done",
    "kept": "kept from an earlier render",
    "no face": "no face, the plate passes through",
}
"""The same in a line of a summary; failures are told one by one."""


@dataclass(frozen=True)
class ModelFacts:
    """Of the model's card, and the hash of its file, 64 hex digits."""

    name: str
    version: str
    sha256: str
    license: str
    rights_holder: str
    trained_on: str


@dataclass(frozen=True)
class ShotFacts:
    """What holds for all frames of a shot, and for all renders that took part in it.

    plate, output   patterns or files, as the job names them
    plate_space     color space of the plate's first file
    layers          that were written; empty for a finished picture
    space           that they are in, by its OpenColorIO name
    settings        of the job, and what it says of reading and writing, by its fields' names
    faces           for each face its settings that may differ from the others'
    rights          that it was made under, see `consents.permitted`
    version         of ReAge
    """

    plate: str
    plate_space: str
    output: str
    layers: tuple[str, ...]
    space: str
    version: str
    model: ModelFacts
    settings: Mapping[str, Any]
    faces: tuple[Mapping[str, Any], ...]
    rights: tuple[Rights, ...] = ()


@dataclass(frozen=True)
class TrackFile:
    """sha256: of the file after the render; "" where there was none."""

    path: str
    sha256: str


@dataclass(frozen=True)
class RenderRun:
    """One render that took part.

    id              another one for each
    started, ended  in UTC by the clock of its machine, such as 2026-11-30T22:15:45.123Z
    seconds         that it took
    frames          that it was asked for
    machine         its name on the network; device: where the model ran
    crops, tracks   for each face, the side of its crop in px, and its track
    error           the sentence that it ended by; "" where it came to its end
    """

    id: str
    started: str
    ended: str
    seconds: float
    frames: tuple[int, ...]
    machine: str
    device: str
    crops: tuple[int, ...]
    tracks: tuple[TrackFile, ...]
    error: str = ""


@dataclass(frozen=True)
class FaceEntry:
    """One face of one frame.

    state, confidence, center, size, degrees   as in `FaceFrame`, the center in the plate's own px
    change   see `slight.MeasuredChange`; None where the model did not run
    look     why it is worth a look, in the words of `track_notes`
    """

    source_age: float
    target_age: float
    state: str
    confidence: float
    center: tuple[float, float]
    size: float
    degrees: float
    change: float | None = None
    look: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrameEntry:
    """What became of a frame.

    outcome, error, anew, size, space, fingerprint   as in `render_frame.Frame`
    run      the id of the render that tells it
    held     the frame whose plate it shows, as its own is missing; else None
    seconds  stage → seconds that the frame took there, waiting for the model not counted
    """

    number: int
    outcome: str
    run: str
    faces: tuple[FaceEntry, ...]
    error: str = ""
    anew: str = ""
    size: tuple[int, int] | None = None
    space: str = ""
    held: int | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True)
class Notice:
    """A sentence for the artist, and the frames of the renders that said it."""

    text: str
    frames: tuple[int, ...]


@dataclass(frozen=True)
class FlickerCurve:
    """How much of one face's change is new in every frame; `reage.tools.shot_report.flicker`
    defines it.

    score    of the shot; None where there is none, and why says why
    frames, values   of single frames, as far as they have one
    """

    score: float | None
    why: str = ""
    frames: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class ShotReport:
    """What was done to a shot.

    runs      by the time at which they ended
    frames    ascending; left_out: frames without a plate that were passed over
    missing   frames of the shot that no render tells of
    flicker   for each face; empty where it was not measured
    """

    shot: ShotFacts
    runs: tuple[RenderRun, ...]
    frames: tuple[FrameEntry, ...]
    left_out: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    flicker: tuple[FlickerCurve, ...] = ()

    def numbers(self, outcome: str) -> tuple[int, ...]:
        return tuple(f.number for f in self.frames if f.outcome == outcome)

    @property
    def failures(self) -> tuple[FrameEntry, ...]:
        return tuple(f for f in self.frames if f.outcome == "failed")

    @property
    def cut_short(self) -> tuple[RenderRun, ...]:
        """Renders that an error ended, as far as frames of theirs are missing still."""
        missing = set(self.missing)
        return tuple(run for run in self.runs if run.error and missing & set(run.frames))

    @property
    def held(self) -> tuple[int, ...]:
        """Frames that show the plate of another, as their own is missing."""
        return tuple(f.number for f in self.frames if f.held is not None)

    @property
    def made_anew(self) -> dict[str, tuple[int, ...]]:
        """Frames that stood and were made again, by the reason."""
        reasons = dict.fromkeys(f.anew for f in self.frames if f.anew)
        return {why: tuple(f.number for f in self.frames if f.anew == why) for why in reasons}

    def looks(self, face: int) -> dict[str, tuple[int, ...]]:
        """Words → frames in which a face is worth a look."""
        mine = [(f.number, f.faces[face]) for f in self.frames]
        words = dict.fromkeys(word for _, entry in mine for word in entry.look)
        return {word: tuple(n for n, entry in mine if word in entry.look) for word in words}

    def document(self) -> dict[str, Any]:
        """As the file has it."""
        return {"reage_report": VERSION, **asdict(self)}
