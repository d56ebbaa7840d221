"""A frame's face before and after, small and fast, for a slider that moves.

    file ▶ face, plate around it ▶ shrunk ▶ prepared ▶ the model's change ▶ its parts ▶ shown
           per file and frame      per size, model     per ages, pattern                per blend,
                                                                                        strengths

Each step is kept for the last few things asked for, so that only what a slider changes runs
again. The shrinking comes first, in scene-linear: from there on a preview costs what its crop
size and side say, however large the plate. So it is near to, but not to the bit, what a bake
gives, and its face is that of the single frame, not of the smoothed track.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from reage.clock import Clock
from reage.colour import Encoder
from reage.errors import Cancelled
from reage.faces import FaceFrame, TrackOptions, track_shot
from reage.footage import Footage
from reage.geometry import Region
from reage.job import RenderJob
from reage.layers import Layers
from reage.media.sequence import frame_path
from reage.model import Model
from reage.parts import Parts, Strengths
from reage.pipeline import Prepared, crop_for, crop_side, finish, infer, prepare
from reage.plate import Pixels, Plate, PlateInfo
from reage.settings import Settings
from reage.tracking import parse_face
from reage.work import open_age_maps, read_ages

STAGES = ("read", "track", "encode", "infer", "decode", "show")

Picture = npt.NDArray[np.uint8]
"""(h, w, 3) uint8 sRGB."""

_FINER = 1.5
"""Working pixels for one of the crop's, at least: it is sampled from them once more."""


@dataclass(frozen=True)
class Preview:
    """before, after: of one shape, toned alike; seconds: by stage, 0 where nothing had to run.

    face: in plate pixels, or None where none was found; note: a sentence, or ""
    """

    before: Picture
    after: Picture
    face: FaceFrame | None
    note: str
    seconds: Mapping[str, float]


T = TypeVar("T")


class Shelf(Generic[T]):
    """The last few results, by what they were made from."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result under `key`, made where it is not held. What `make` raises is not kept."""
        if key not in self._held:
            self._held[key] = make()
        self._held.move_to_end(key)
        while len(self._held) > self._size:
            self._held.popitem(last=False)
        return self._held[key]


def stamp(path: Path) -> tuple[str, int, int] | None:
    """Changes when the file does; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return str(path), stat.st_size, stat.st_mtime_ns


@dataclass(frozen=True)
class _Look:
    """What is shown of a plate, at the resolution that is worked at.

    plate:  finite scene-linear pixels from (0, 0) on, small
    region: plate pixels that it shows
    space:  its color space
    face:   in its own pixels; None where there is none
    shown:  the same at the size that is returned
    view:   how it, before and after, is toned
    before: `shown`, toned
    """

    plate: Plate
    region: Region
    space: str
    face: FaceFrame | None
    shown: Pixels
    view: _View
    before: Picture


@dataclass(frozen=True)
class _Answer:
    """What the model said, and to what: all that another strength needs."""

    ready: Prepared
    change: Pixels


@dataclass(frozen=True)
class _Change:
    """What blend and strengths multiply: (h, w, 3) scene-linear each, times their mattes, and
    where they lie in `_Look.shown`.

    parts, hair: made once a strength is moved; None until then, and where the model greys none
    """

    rows: slice
    columns: slice
    delta: Pixels
    parts: Parts | None
    hair: Pixels | None

    @classmethod
    def of(cls, layers: Layers, shape: tuple[int, ...]) -> _Change | None:
        """Layers of the whole look, shrunk to `shape` and cut to their mattes; None without."""
        hair, mattes = layers.hair, layers.matte
        if hair is not None:
            mattes = np.maximum(mattes, hair.matte)
        touched = _resized(mattes, shape) != 0
        rows, columns = (np.flatnonzero(touched.any(axis)) for axis in (1, 0))
        if not len(rows):
            return None
        tall = slice(int(rows[0]), int(rows[-1]) + 1)
        wide = slice(int(columns[0]), int(columns[-1]) + 1)

        def shown(delta: Pixels, matte: Pixels) -> Pixels:
            small = _resized(delta * matte[..., None], shape)
            return np.array(small[tall, wide], np.float32)

        return cls(
            tall,
            wide,
            shown(layers.delta, layers.matte),
            layers.parts and layers.parts.each(lambda part: shown(part, layers.matte)),
            None if hair is None else shown(hair.delta, hair.matte),
        )

    def over(self, look: _Look, settings: Settings) -> Picture:
        """The look with the change; only what it touches is toned anew."""
        strengths = Strengths.of(settings)
        rgb = self.delta if self.parts is None else self.parts.mix(strengths)
        if self.hair is not None:
            rgb = rgb + self.hair * np.float32(strengths.grey)
        here = (self.rows, self.columns)
        after: Picture = look.before.copy()
        after[here] = look.view.picture(look.shown[here] + rgb * np.float32(settings.blend))
        return after


class Previewer:
    """Makes previews, and keeps what the last ones were made from. For one thread."""

    def __init__(self) -> None:
        self._faces: Shelf[FaceFrame | None] = Shelf(64)
        self._looks: Shelf[_Look] = Shelf(4)
        self._prepared: Shelf[Prepared | None] = Shelf(2)
        self._answers: Shelf[_Answer | None] = Shelf(2)
        self._changes: Shelf[_Change | None] = Shelf(8)

    def show(
        self, job: RenderJob, frame: int, model: Model, side: int, cancelled: Callable[[], bool]
    ) -> Preview:
        """Preview `frame` with the job's settings.

        side: longest side of the pictures in px; smaller regions are not enlarged
        Raises Cancelled between two stages, and what reading and `pipeline` raise.
        """
        source, clock = _Source(job, frame), Clock()
        settings, crop = job.settings, crop_side(model.card, job.settings)

        def step(stage: str) -> None:
            if cancelled():
                raise Cancelled(f"The preview was cancelled before its stage {stage}.")

        seen = (source.stamp, frame, settings.colorspace, settings.face)
        face = self._faces.get(seen, lambda: source.find_face(clock))
        step("read")
        by = (model.sha256, model.card.to_json(), crop, side)
        pattern = settings.pattern if model.card.pattern else 0
        look = self._looks.get((*seen, *by), lambda: _look(source, face, model, crop, side, clock))
        step("encode")
        change = None
        if look.face is not None and settings.blend and _asks_for_change(job):
            ages = (settings.source_age, settings.target_age)
            maps = source.age_map_stamp
            made = (*seen, *by, pattern)
            key = (*made, *ages, maps, settings.age_map_mode if maps else "")
            mixed = Strengths.of(settings).mix_parts(model.card)

            def made_of_answer() -> _Change | None:
                answer = self._answers.get(
                    key, lambda: self._answer(look, source, model, made, clock, step)
                )
                return None if answer is None else _change(look, answer, mixed, clock, step)

            change = self._changes.get((*key, mixed), made_of_answer)
        after = look.before
        if change is not None:
            with clock("show"):
                after = change.over(look, settings)
        note = _note(job, frame, face, look)
        return Preview(look.before, after, face, note, {s: clock.seconds[s] for s in STAGES})

    def _answer(
        self,
        look: _Look,
        source: _Source,
        model: Model,
        key: Hashable,
        clock: Clock,
        step: Callable[[str], None],
    ) -> _Answer | None:
        """The model's change; None where nothing can change."""
        job = source.job
        if job.settings.age_map is None:
            ready = self._prepared.get(key, lambda: _prepare(look, source, model, clock))
            ready = ready and _aged(ready, job.settings.source_age, job.settings.target_age)
        else:
            ready = _prepare(look, source, model, clock)
        if ready is None:
            return None
        step("infer")
        with clock("infer"):
            return _Answer(ready, infer(ready, model, job.tile))


def _change(
    look: _Look, answer: _Answer, parts: bool, clock: Clock, step: Callable[[str], None]
) -> _Change | None:
    """The model's change as it is shown, in its parts where they are wanted."""
    step("decode")
    with clock("decode"):
        layers = finish(replace(answer.ready, parts=parts), answer.change)
        return _Change.of(layers.spread(look.plate.region), look.shown.shape)


# ---------------------------------------------------------------- the frame


class _Source:
    """One frame of a job's plate, opened and read only once it must be."""

    def __init__(self, job: RenderJob, frame: int) -> None:
        self.job, self.frame = job, frame

    @property
    def stamp(self) -> Hashable:
        where = Path(self.job.plate)
        return stamp(where if where.is_file() else frame_path(where, self.frame))

    @property
    def age_map_stamp(self) -> Hashable:
        named = self.job.settings.age_map
        if named is None:
            return None
        where = Path(named)
        return stamp(where if where.is_file() else frame_path(where, self.frame)) or named

    @cached_property
    def footage(self) -> Footage:
        return Footage.open(self.job)

    @cached_property
    def whole(self) -> tuple[Plate, str]:
        return self.footage.read(self.frame)

    def find_face(self, clock: Clock) -> FaceFrame | None:
        """The chosen face as it is in this frame alone."""
        with clock("read"):
            plate, _ = self.whole
            display = plate.info.display

        def read(_: int, region: Region | None) -> tuple[Pixels, Region]:
            part = plate if region is None else plate.cut(region)
            return part.rgb, part.region

        with clock("track"):
            size, alone = (display.width, display.height), TrackOptions(sigma=0.0)
            choice = parse_face(self.job.settings.face)
            return track_shot(read, (self.frame,), size, choice, alone).at(self.frame)

    def cut(self, region: Region | None) -> tuple[Plate, str]:
        """A part of the frame, out of the whole where that was read already."""
        if region is None or "whole" in self.__dict__:
            plate, space = self.whole
            return (plate if region is None else plate.cut(region)), space
        return self.footage.read(self.frame, region)

    def ages(self, region: Region) -> Pixels | None:
        """(h, w) of the age map over a region, or None without one."""
        maps = open_age_maps(self.job, self.footage)
        return None if maps is None else read_ages(maps, self.frame, region)


def _look(
    source: _Source, face: FaceFrame | None, model: Model, crop: int, side: int, clock: Clock
) -> _Look:
    with clock("read"):
        region, finer = None, 0.0
        if face is not None:
            square = crop_for(face, model.card, crop)
            region = square.region.intersect(source.footage.info(source.frame).data)
            finer = _FINER / square.to_plate.scale
            if region.empty:
                region, face = None, None
        plate, space = source.cut(region)
    with clock("show"):
        region = plate.region
        longest = max(region.width, region.height)
        rgb = np.nan_to_num(plate.rgb, nan=0.0, posinf=65504.0, neginf=-65504.0)
        small = _resized(rgb, _shape(region, min(1.0, max(side / longest, finer))))
        shown = _resized(rgb, _shape(region, min(1.0, side / longest)))
        view = _View.of(shown, space)
        here = Region(0, 0, small.shape[1], small.shape[0])
        return _Look(
            plate=Plate(small, here, PlateInfo(here, here, ("R", "G", "B"))),
            region=region,
            space=space,
            face=face and _moved(face, region, here),
            shown=shown,
            view=view,
            before=view.picture(shown),
        )


def _moved(face: FaceFrame, region: Region, here: Region) -> FaceFrame:
    """The face in the px of a picture that shows `region` as large as `here`.

    Both sides are whole px, so they shrink by factors that differ by less than a px in all.
    """
    x, y = here.width / region.width, here.height / region.height
    center = ((face.center[0] - region.x) * x, (face.center[1] - region.y) * y)
    return replace(face, center=center, size=face.size * (x * y) ** 0.5)


def _prepare(look: _Look, source: _Source, model: Model, clock: Clock) -> Prepared | None:
    settings, ages = source.job.settings, None
    if settings.age_map is not None:
        with clock("read"):
            large = source.ages(look.region)
            ages = None if large is None else _resized(large, look.plate.rgb.shape)
    else:
        settings = replace(settings, source_age=0.0, target_age=1.0)  # whichever: see _aged
    assert look.face is not None
    with clock("encode"):
        encoder = Encoder(look.space, model.card.encoding)
        # Ready for any strengths: `_change` says whether they are asked for.
        return prepare(look.plate, look.face, model.card, settings, encoder, ages, parts=True)


def _aged(ready: Prepared, source_age: float, target_age: float) -> Prepared:
    """The same with other ages: without an age map nothing else depends on them."""
    flat = np.full_like(ready.source_age, source_age)
    return replace(ready, source_age=flat, target_age=np.full_like(flat, target_age))


def _asks_for_change(job: RenderJob) -> bool:
    settings = job.settings
    return settings.source_age != settings.target_age or settings.age_map is not None


def _note(job: RenderJob, frame: int, face: FaceFrame | None, look: _Look) -> str:
    if face is None:
        return f"No face was found in frame {frame}; the plate is shown as it is."
    if look.face is None:
        return f"The face of frame {frame} lies outside the plate's pixels."
    return "" if _asks_for_change(job) else "Both ages are the same: nothing changes."


# ---------------------------------------------------------------- size and tone


def _shape(region: Region, scale: float) -> tuple[int, ...]:
    return max(1, round(region.height * scale)), max(1, round(region.width * scale))


def _resized(pixels: Pixels, shape: tuple[int, ...]) -> Pixels:
    """Shrunk to the height and width of `shape` by averaging, light as light; never enlarged."""
    if pixels.shape[:2] == shape[:2]:
        return pixels
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.float32)


@dataclass(frozen=True)
class _View:
    """Scene-linear to a monitor: sRGB, with `gain` before it and a soft shoulder behind.

    As it depends on the plate alone, before and after show only their own difference.
    """

    encoder: Encoder
    gain: float

    @classmethod
    def of(cls, rgb: Pixels, space: str) -> _View:
        """The view for a picture: as a viewer without any exposure shows it, where that can be
        read; a face that is too dark or too bright is brought just into range.

        A gain that followed every picture would pump from frame to frame and show a face in
        the dark as if in daylight.
        """
        encoder = Encoder(space, "sRGB")
        rows, columns = (slice(n // 4, n - n // 4) for n in rgb.shape[:2])
        # Median, not mean: neither eyes, lamps nor a dark background decide.
        middle = float(np.median(rgb[rows, columns].mean(-1)))
        gain = 1.0
        if middle > 0.0:
            gain = min(max(1.0, _DARKEST / middle), _BRIGHTEST / middle)
        return cls(encoder, min(gain, _MOST_GAIN))

    def picture(self, rgb: Pixels) -> Picture:
        shown = self.encoder.encode(rgb * np.float32(self.gain))
        over = np.maximum(shown - np.float32(_KNEE), 0.0)
        toned = np.clip(shown, 0.0, _KNEE) + over * (_ROOM / (over + _ROOM))
        return np.asarray(toned * np.float32(255.0) + np.float32(0.5), np.uint8)


_DARKEST, _BRIGHTEST = 0.08, 0.5
"""Scene-linear range in which the middle of a face is shown as it is: skin under a normal
exposure lies between."""

_MOST_GAIN = 256.0
"""Eight stops: more would show nothing but noise."""

_KNEE, _ROOM = np.float32(0.85), np.float32(0.15)
"""sRGB-encoded value from which highlights are bent towards 1, and what is left there: a hard
cut would hide what changes on a shiny forehead."""
