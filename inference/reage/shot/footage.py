"""A shot as scene-linear plates, with what to do about frames that are not there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from reage.errors import PlateError, UnreadableFrame
from reage.job import RenderJob
from reage.media.sequence import Shot, open_shot, parse_frames, require_all, with_range
from reage.pixels.color import linear_space, plate_space, to_scene_linear
from reage.pixels.geometry import Region
from reage.pixels.ocio import assumes_rec709
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.settings import Settings, settings_of
from reage.shot.kept_plates import KeptPlates, ReadPlate

_ASPECTS = next(s.limits for s in settings_of(Settings) if s.name == "pixel_aspect") or (1.0, 1.0)


@dataclass(frozen=True)
class Footage:
    """Plates of a job.

    frames:     to be rendered, in order
    left_out:   frames without a plate that are passed over
    held:       frame without a plate → the frame whose plate it shows
    header:     of the first frame that has one
    colorspace, pixel_aspect: what wins over the files' own word, or None
    working:    space that pixels come in which are not linear in theirs, or None
    kept:       what was read already and waits to be asked for; None where nothing is kept
    """

    shot: Shot
    frames: tuple[int, ...]
    header: PlateInfo
    left_out: tuple[int, ...] = ()
    held: Mapping[int, int] = field(default_factory=dict)
    colorspace: str | None = None
    pixel_aspect: float | None = None
    working: str | None = None
    kept: KeptPlates | None = None

    @classmethod
    def open(cls, job: RenderJob) -> Footage:
        """Raises MissingFrames where frames lack and the job does not say what to do,
        PlateError for pixels of a shape that no lens makes, ColorspaceError, UnreadableFrame;
        with `continue_on_error` the last only where no frame of the whole plate can be read: a
        part of a shot goes by the rest of it."""
        hold = job.missing == "hold"
        shot, asked = _held_shot(job) if hold else (open_shot(job.plate, job.frames, job.layer), ())
        if job.missing == "error":
            require_all(shot)
        gaps = set(shot.missing)
        there = sorted(set(shot.frames) - gaps)
        frames = tuple(n for n in asked or shot.frames if hold or n not in gaps)
        held = {n: there[max(0, bisect_right(there, n) - 1)] for n in gaps} if hold else {}
        first = held.get(frames[0], frames[0])
        footage = cls(
            shot=shot,
            frames=frames,
            header=_told(
                _first_header(job, shot, there) if job.continue_on_error else shot.info(first),
                job.settings.pixel_aspect,
            ),
            left_out=() if hold else shot.missing,
            held=held,
            colorspace=job.settings.colorspace,
            pixel_aspect=job.settings.pixel_aspect,
            working=job.working_space,
        )
        footage._check()
        return footage

    def file(self, frame: int) -> Path:
        """The file that a frame's pixels come from."""
        return self.shot.path(self.held.get(frame, frame))

    def info(self, frame: int) -> PlateInfo:
        return _told(self.shot.info(self.held.get(frame, frame)), self.pixel_aspect)

    def read(self, frame: int, region: Region | None = None) -> tuple[Plate, str]:
        """The frame's pixels in a scene-linear space, and that space's name."""
        read = self.both(frame, region)
        return read.plate, read.space

    def both(self, frame: int, region: Region | None = None) -> ReadPlate:
        """The frame's pixels as its file has them, and scene-linear."""
        if self.kept and (kept := self.kept.at(frame, region)):
            return kept
        own = self.shot.read(self.held.get(frame, frame), region)
        own = replace(own, info=_told(own.info, self.pixel_aspect))
        named = plate_space(own.info, self.colorspace, self.file(frame))
        return ReadPlate(own, named, *to_scene_linear(own, named, self.working))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the first frame's display window."""
        return self.header.display.width, self.header.display.height

    @property
    def own_space(self) -> str:
        """That of the first frame's file."""
        return plate_space(self.header, self.colorspace, self.file(self.frames[0]))

    @property
    def space(self) -> str:
        """That of the first frame's pixels as `read` gives them."""
        return linear_space(self.own_space, self.working)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the artist should know of how the plate is read."""
        file, told = self.file(self.frames[0]), list(self.shot.notices)
        if self.header.doubt and not self.colorspace:
            told.append(f"{file.name} {self.header.doubt}; --colorspace says otherwise.")
        if assumes_rec709(self.own_space):
            told.append(
                "The OCIO config says no way to ACES; its scene_linear is taken for linear Rec.709."
            )
        return tuple(told)

    def alpha(self, frame: int, region: Region) -> Pixels | None:
        """(h, w) of the plate's own alpha; None where it has none."""
        return self.shot.alpha(self.held.get(frame, frame), region)

    def _check(self) -> None:
        info, path = self.header, self.file(self.frames[0])
        linear_space(self.own_space, self.working)
        low, high = _ASPECTS
        if not low <= info.aspect <= high:
            raise PlateError(
                f"{path} says that its pixels are {info.pixel_aspect:g} times as wide as high, "
                f"which no lens makes; say what they are with --pixel-aspect, {low:g} to {high:g}."
            )


def _held_shot(job: RenderJob) -> tuple[Shot, tuple[int, ...]]:
    """The frames asked for and those that are held for one of them, which may lie before what is
    asked for: so a part of a shot holds the same ones as the whole of it. And the former alone."""
    plate, frames = with_range(job.plate, job.frames)
    whole = open_shot(plate, None, job.layer)
    asked = parse_frames(frames) if frames else whole.frames
    there = sorted(set(whole.frames) - set(whole.missing))
    held = (there[max(0, bisect_right(there, n) - 1)] for n in asked)
    numbers = tuple(dict.fromkeys([*asked, *held]))
    return open_shot(plate, ",".join(map(str, numbers)), job.layer), asked


def _first_header(job: RenderJob, shot: Shot, frames: Sequence[int]) -> PlateInfo:
    """Of the first of these frames that has one, else of any of the plate. Raises UnreadableFrame,
    of the first, where none has."""
    if found := next(_headers(shot, frames), None):
        return found
    whole = open_shot(with_range(job.plate, None)[0], None, job.layer)
    others = sorted(set(whole.frames) - set(whole.missing) - set(frames))
    return next(_headers(whole, others), None) or shot.info(frames[0])


def _headers(shot: Shot, frames: Iterable[int]) -> Iterator[PlateInfo]:
    """Of those frames that have one."""
    for frame in frames:
        with suppress(UnreadableFrame):
            yield shot.info(frame)


def _told(info: PlateInfo, pixel_aspect: float | None) -> PlateInfo:
    """A header, and what the artist knows better."""
    return info if pixel_aspect is None else replace(info, pixel_aspect=pixel_aspect)
