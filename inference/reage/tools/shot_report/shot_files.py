"""The files of a shot that was rendered, read again: plate, and what was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reage.errors import UnreadableFrame
from reage.faces import FaceFrame
from reage.frame.layers import DELTA_CHANNELS, MATTE_CHANNEL, spread
from reage.job import RenderJob
from reage.media.imagefile import read_channels
from reage.media.patterns import at_rung
from reage.media.sequence import Shot, frame_path, open_shot
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region, Similarity
from reage.pixels.ocio import convert
from reage.pixels.plate import Pixels
from reage.settings import Settings
from reage.shot.footage import Footage
from reage.shot.shot_report import FrameEntry, ShotReport
from reage.tools.shot_report.where import Where

LAYERS = ("delta", "matte")
"""That a change is read from."""


class BeforeAfter(NamedTuple):
    """A frame where a face is, scene-linear in `space`: the plate (h, w, 3), and the same with what
    was added, as far as the plate reaches."""

    plate: Pixels
    result: Pixels
    region: Region
    space: str


@dataclass(frozen=True)
class ShotFiles:
    """space: of what was written
    finished: pictures or the movie that were written, where those are no layers; `frames` are
    theirs, in order"""

    footage: Footage
    output: str
    space: str
    finished: Shot | None
    frames: tuple[int, ...]

    @classmethod
    def open(cls, report: ShotReport, where: Where) -> ShotFiles:
        """Raises ReageError where the plate is not there, or what was written can show nothing."""
        said = report.shot.settings
        look = Settings(colorspace=said.get("colorspace"), pixel_aspect=said.get("pixel_aspect"))
        job = RenderJob(
            where.plate, where.output, look, layer=said.get("layer"), missing="skip",
            working_space=said.get("working_space"), continue_on_error=True,
        )  # fmt: skip
        finished = None if report.shot.layers else open_shot(where.output)
        if not finished and not set(LAYERS) <= set(report.shot.layers):
            raise UnreadableFrame(
                f"The files {where.output} hold no {' and '.join(LAYERS)}, which a change is read "
                "from."
            )
        frames = tuple(f.number for f in report.frames)
        output = written_as(report, where.output)
        return cls(Footage.open(job), output, report.shot.space, finished, frames)

    @property
    def aspect(self) -> float:
        return self.footage.header.aspect

    def read(self, frame: FrameEntry, around: Region) -> BeforeAfter:
        """What of a region lies in the plate. Raises ReageError."""
        number = frame.number if frame.held is None else frame.held
        region = around.intersect(self.footage.info(number).data)
        read = self.footage.both(number, region)
        if region.empty:
            raise UnreadableFrame(f"The face is outside the plate in frame {frame.number}.")
        plate, space = read.plate.rgb, read.space
        if self.finished is not None:
            result = self._finished(self.finished, frame, region, space)
            return BeforeAfter(plate, result, region, space)
        path = frame_path(Path(self.output), frame.number)
        layers, lies, _ = read_channels(path, (*DELTA_CHANNELS, MATTE_CHANNEL), region)
        change = spread(layers[..., :3] * layers[..., 3:], lies, region)
        return BeforeAfter(plate, plate + change, region, space)

    def _finished(self, shot: Shot, frame: FrameEntry, region: Region, space: str) -> Pixels:
        number = frame.number
        if shot.movie is not None:
            number = self.frames.index(number) + 1
        read = shot.read(number, region)
        return spread(convert(read.rgb, self.space, space), read.region, region)


def written_as(report: ShotReport, output: str) -> str:
    """The pattern of the files that a report's entries are of: of a ladder the one rung that is
    shown."""
    if not report.shot.settings.get("ladder"):
        return output
    ages = {face.target_age for frame in report.frames for face in frame.faces}
    return at_rung(output, round(max(ages, default=0.0)))


def square_around(face: FaceFrame, aspect: float, side: int, reach: float) -> Crop:
    """A square of `side` px, upright in the face's frame and `reach` faces high; aspect: of the
    plate's pixels."""
    to_face = Similarity.of(reach / side, pivot=(side / 2, side / 2))
    return Crop(to_face.then(face.to_plate), side, aspect)
