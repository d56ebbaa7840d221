"""What finished pictures and movies say of themselves: that a face was altered, and by what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from reage.frame.layers import DIGITAL_SOURCE_TYPE, header
from reage.media.finished_movie import MovieSpec
from reage.media.finished_picture import PictureSpec
from reage.media.rate import exact_rate, rate_of
from reage.media.timecode import Timecode
from reage.media.video import SPACES
from reage.pixels.ocio import find_space
from reage.pixels.plate import PlateInfo
from reage.shot.finished import Finish
from reage.shot.metadata import FINGERPRINT, frame_metadata
from reage.shot.render_context import RenderContext
from reage.version import __version__

RATE = Fraction(24)
"""Frames a second of a movie made of files that say none."""

_OF_A_FRAME = ("frame", "confidence", "job", "made_from", "mark")

_CONTAINERS = re.compile(r"major_brand|minor_version|compatible_brands|encoder|timecode|comment")
"""Tags of a movie that tell of its own file, and the one that we write."""


def sentence(faces: Sequence[RenderContext]) -> str:
    """For whoever opens the file, and for programs that keep no names of our own."""
    looks = [each.job.settings for each in faces]
    ages = " and ".join(f"{s.source_age:g} to {s.target_age:g}" for s in looks)
    card, what = faces[0].model.card, "Face" if len(faces) == 1 else "Faces"
    return (
        f"{what} altered by ReAge {__version__}: age {ages}, model {card.name} {card.version}. "
        f"Digital source type: {DIGITAL_SOURCE_TYPE} ."
    )


def picture_spec(
    faces: Sequence[RenderContext], finish: Finish, info: PlateInfo, metadata: dict[str, object]
) -> PictureSpec:
    """metadata: of the frame; empty where it failed, so that its picture is the plate's."""
    altered = bool(metadata.get("confidence")) or len(faces) > 1
    marks: dict[str, object] = {}
    if metadata:
        said = info.metadata.get("ImageDescription")
        mark = sentence(faces) if altered else "ReAge found no face in this picture."
        mark = f"{mark} {FINGERPRINT} {metadata['job']}"
        marks = header(metadata | {"colorspace": finish.space}) if altered else {}
        marks["ImageDescription"] = f"{mark}\n{said}" if said else mark
        marks["Software"] = f"ReAge {__version__}"
    return PictureSpec(info, _interop(finish.space), finish.profile, finish.turn, marks)


def movie_spec(faces: Sequence[RenderContext], finish: Finish) -> tuple[MovieSpec, list[str]]:
    """And what the artist should know of it."""
    context = faces[0]
    footage, notices = context.footage, list[str]()
    plate, first, info = footage.shot.movie, footage.frames[0], footage.header
    asked = exact_rate(context.job.rate) if context.job.rate else None
    said = plate.header.rate if plate else asked or rate_of(info.metadata)
    if plate and asked not in (None, said):
        notices.append("--rate changes nothing: a movie's frames keep their own times.")
    if said is None:
        notices.append(f"The plate says no frame rate, and {RATE} is taken; --rate says otherwise.")
    rate = said or RATE
    marks = {k: v for k, v in frame_metadata(faces, first).items() if k not in _OF_A_FRAME}
    tags = {k: str(v) for k, v in header({**marks, "colorspace": finish.space}).items()}
    own = plate.tags if plate else {}
    spec = MovieSpec(
        size=(info.display.width, info.display.height),
        rate=rate,
        colorspace=finish.space,
        pixel_aspect=info.pixel_aspect,
        timecode=_timecode(footage.info(first), rate) if not plate else plate.timecode(first - 1),
        tags={k: v for k, v in own.items() if not _CONTAINERS.fullmatch(k)}
        | tags | {"comment": sentence(faces)},
        plate=plate,
        frames=[footage.held.get(n, n) - 1 for n in footage.frames],
    )  # fmt: skip
    return spec, notices


def _timecode(info: PlateInfo, rate: Fraction) -> Timecode | None:
    return Timecode.unpacked(info.metadata.get("smpte:TimeCode"), rate)


def _interop(space: str) -> str:
    """The name by which the file's format may know the space; "" where it does not."""
    return next((name for name in SPACES.values() if find_space(name) == space), "")
