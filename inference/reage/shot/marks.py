"""What finished pictures and movies say of themselves: that a face was altered, and by what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from reage import strict_json
from reage.errors import PlateError
from reage.frame.layers import DIGITAL_SOURCE_TYPE, header
from reage.media.finished_movie import MovieSpec
from reage.media.finished_picture import PictureSpec
from reage.media.rate import exact_rate, rate_of
from reage.media.timecode import Timecode
from reage.media.video import SPACES
from reage.pixels.ocio import find_space
from reage.pixels.plate import PlateInfo
from reage.shot.finished import Finish
from reage.shot.footage import Footage
from reage.shot.metadata import FINGERPRINT
from reage.version import __version__

RATE = Fraction(24)
"""Frames a second of a movie made of files that say none."""

OF_A_FRAME = ("frame", "confidence", "job", "made_from", "mark", "layers_sha256")
"""Of a frame's header, what says nothing of others."""

_CONTAINERS = re.compile(r"major_brand|minor_version|compatible_brands|encoder|timecode|comment")
"""Tags of a movie that tell of its own file, and the one that we write."""


def ages_of(metadata: Mapping[str, object]) -> list[tuple[float, float]]:
    """What a frame's header says of each of its faces: from which age to which. Raises
    PlateError."""
    several, faces = metadata.get("faces"), [metadata]
    if several:
        faces = strict_json.loads(str(several), "the faces in a frame's header", PlateError)
    try:
        return [(float(str(f["source_age"])), float(str(f["target_age"]))) for f in faces]
    except (KeyError, TypeError, ValueError) as e:
        raise PlateError("A frame's header does not say from which age to which.") from e


def sentence(metadata: Mapping[str, object]) -> str:
    """For whoever opens the file, and for programs that keep no names of our own. metadata: of a
    frame."""
    each = ages_of(metadata)
    ages = " and ".join(f"{source:g} to {target:g}" for source, target in each)
    what = "Face" if len(each) == 1 else "Faces"
    return (
        f"{what} altered by ReAge {metadata['version']}: age {ages}, model {metadata['model']}. "
        f"Digital source type: {DIGITAL_SOURCE_TYPE} ."
    )


def is_altered(metadata: Mapping[str, object]) -> bool:
    """Whether a frame shows a face that was changed."""
    return "faces" in metadata or str(metadata.get("confidence", 0)) not in ("0", "0.0")


def picture_spec(
    finish: Finish, info: PlateInfo, metadata: Mapping[str, object]
) -> PictureSpec:
    """metadata: of the frame; empty where it failed, so that its picture is the plate's."""
    altered = is_altered(metadata)
    marks: dict[str, object] = {}
    if metadata:
        said = info.metadata.get("ImageDescription")
        mark = sentence(metadata) if altered else "ReAge found no face in this picture."
        if "job" in metadata:  # by which a resumed render knows it
            mark = f"{mark} {FINGERPRINT} {metadata['job']}"
        words = header({**metadata, "colorspace": finish.space}) if altered else {}
        marks = {name: str(value) for name, value in words.items()}  # PNG keeps no numbers
        marks["ImageDescription"] = f"{mark}\n{said}" if said else mark
        marks["Software"] = f"ReAge {__version__}"
    return PictureSpec(info, _interop(finish.space), finish.profile, finish.turn, marks)


def movie_spec(
    footage: Footage, finish: Finish, metadata: Mapping[str, object], rate: float | None = None
) -> tuple[MovieSpec, list[str]]:
    """And what the artist should know of it. metadata: of the first frame; rate: what was asked
    for, frames a second."""
    notices = list[str]()
    plate, first, info = footage.shot.movie, footage.frames[0], footage.header
    asked = exact_rate(rate) if rate else None
    said = plate.header.rate if plate else asked or rate_of(info.metadata)
    if plate and asked not in (None, said):
        notices.append("--rate changes nothing: a movie's frames keep their own times.")
    if said is None:
        notices.append(f"The plate says no frame rate, and {RATE} is taken; --rate says otherwise.")
    pace = said or RATE
    marks = {k: v for k, v in metadata.items() if k not in OF_A_FRAME}
    tags = {k: str(v) for k, v in header({**marks, "colorspace": finish.space}).items()}
    own = plate.tags if plate else {}
    spec = MovieSpec(
        size=(info.display.width, info.display.height),
        rate=pace,
        colorspace=finish.space,
        pixel_aspect=info.pixel_aspect,
        timecode=_timecode(footage.info(first), pace) if not plate else plate.timecode(first - 1),
        tags={k: v for k, v in own.items() if not _CONTAINERS.fullmatch(k)}
        | tags | {"comment": sentence(metadata)},
        plate=plate,
        frames=[footage.held.get(n, n) - 1 for n in footage.frames],
    )  # fmt: skip
    return spec, notices


def _timecode(info: PlateInfo, rate: Fraction) -> Timecode | None:
    return Timecode.unpacked(info.metadata.get("smpte:TimeCode"), rate)


def _interop(space: str) -> str:
    """The name by which the file's format may know the space; "" where it does not."""
    return next((name for name in SPACES.values() if find_space(name) == space), "")
