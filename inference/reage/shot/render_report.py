"""What a render did, for a supervisor to read and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reage.errors import FaceError, PartialRender
from reage.media.sequence import compact
from reage.pixels.crop_size import CropSize
from reage.progress import frames_told
from reage.shot.render_frame import Frame
from reage.shot.shot_report import OUTCOME_WORDS, ShotReport
from reage.shot.track_notes import sentence


@dataclass(frozen=True)
class RenderReport:
    """What a render did.

    frames    one entry for each frame of the range that has or holds a plate, in order
    left_out  frames without a plate that `missing="skip"` passed over
    tracks    the face-track files that were used or written, one a face
    crops     the size at which the model saw each face, in all frames
    looks     face by face, frames that are worth a look; see `track_notes`
    faceless  whether no frame of the tracks has a face
    plate     what was read: its name, size and color space
    output    the files that were asked for; layers: what is in them, empty for a finished picture
    space     that they are in, by its OpenColorIO name; plate_space: that of the plate's file
    spaces    another one → the frames that are in that
    notices   what the artist should know (device, memory, ages or a face's size outside the
              model's range, a change that is next to nothing)
    shot      the same frame by frame, to be kept and joined with those of other renders
    """

    frames: tuple[Frame, ...]
    left_out: tuple[int, ...]
    tracks: tuple[Path, ...]
    crops: tuple[CropSize, ...]
    device: str
    seconds: float
    plate: str
    plate_space: str
    output: str
    layers: tuple[str, ...]
    space: str
    shot: ShotReport
    looks: tuple[Mapping[str, tuple[int, ...]], ...] = ()
    faceless: bool = False
    notices: tuple[str, ...] = ()
    spaces: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def track(self) -> Path:
        """Of the first face."""
        return self.tracks[0]

    @property
    def crop(self) -> CropSize:
        """Of the first face."""
        return self.crops[0]

    def numbers(self, outcome: str) -> tuple[int, ...]:
        return tuple(f.number for f in self.frames if f.outcome == outcome)

    @property
    def written(self) -> tuple[int, ...]:
        """Frames that this render wrote."""
        return tuple(f.number for f in self.frames if f.outcome in ("done", "no face"))

    @property
    def made_anew(self) -> dict[str, tuple[int, ...]]:
        """Frames of an earlier render that a resumed one did not keep, by the reason."""
        reasons = dict.fromkeys(f.anew for f in self.frames if f.anew)
        return {why: tuple(f.number for f in self.frames if f.anew == why) for why in reasons}

    @property
    def failures(self) -> tuple[Frame, ...]:
        return tuple(f for f in self.frames if f.error)

    @property
    def exit_code(self) -> int:
        if self.failures:
            return PartialRender.exit_code
        return FaceError.exit_code if self.faceless else 0

    def document(self) -> dict[str, Any]:
        """The report for a program: the worker's answer, and the last line of `--json`."""
        return {
            "frames": [
                {"number": f.number, "outcome": f.outcome, "error": f.error} for f in self.frames
            ],
            "track": str(self.track),
            "crop_size": self.crop.side,
            "faces": [
                {"track": str(track), "crop_size": crop.side, "worth_a_look": dict(look)}
                for track, crop, look in zip(self.tracks, self.crops, self.looks, strict=True)
            ],
            "device": self.device,
            "seconds": round(self.seconds, 3),
            "plate": self.plate,
            "plate_space": self.plate_space,
            "output": self.output,
            "layers": list(self.layers),
            "written": list(self.written),
            "made_anew": {why: list(numbers) for why, numbers in self.made_anew.items()},
            "space": self.space,
            "spaces": {space: list(numbers) for space, numbers in self.spaces.items()},
            "notices": list(self.notices),
            "text": self.text(),
        }

    def troubles(self) -> str:
        """What went wrong and what the artist should know, a line each; empty where all is well."""
        failed = (f"failed: {f.number}: {f.error}" for f in self.failures)
        return "\n".join([*failed, *self.notices])

    def text(self) -> str:
        """The report as a few lines; the last says what was written."""
        lines = [
            f"{frames_told(len(self.frames))} in {self.seconds:.1f} s on {self.device}; "
            f"{self.crop}; face track: {self.track}",
            f"plate: {self.plate} ({self.plate_space})",
        ]
        rest = zip(self.tracks[1:], self.crops[1:], strict=True)
        lines += [f"and face {n}: {crop}; track: {path}" for n, (path, crop) in enumerate(rest, 1)]
        for number, look in enumerate(self.looks):
            who = f"face {number}, " if len(self.looks) > 1 else ""
            lines += [f"{who}worth a look: {sentence(look)}"] if look else []
        for outcome, words in OUTCOME_WORDS.items():
            if outcome != "done" and (numbers := self.numbers(outcome)):
                lines.append(f"{words}: {compact(numbers)}")
        lines += [f"made anew: {compact(n)}: {why}" for why, n in self.made_anew.items()]
        if self.left_out:
            lines.append(f"no plate, left out: {compact(self.left_out)}")
        what = f"layers {', '.join(self.layers)}" if self.layers else "the finished picture"
        said = f"written: {compact(self.written)}" if self.written else "nothing new was written"
        spaces = [self.space, *(f"{compact(ns)} in {name}" for name, ns in self.spaces.items())]
        ends = f"{said}: {what}: {self.output} ({'; '.join(spaces)})"
        return "\n".join([*lines, *filter(None, [self.troubles()]), ends])
