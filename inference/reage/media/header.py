"""What an image file's header says: its parts, its channels, its windows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import OpenImageIO as oiio

from reage.errors import PlateError, UnreadableFrame
from reage.media import attributes
from reage.media.rate import FRAMES_PER_SECOND, dpx_rate, rate_attribute
from reage.media.text import told
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo

_EXR_COLOR_NAMES = ("colorInteropID", "colorspace", "color_space", "ocio:colorspace")


MOST_PIXELS = 1 << 29
"""Of a picture: 32,768 × 16,384. Three channels of it are 6 GiB."""


@dataclass(frozen=True)
class Channels:
    """Which part of the file, and the indices of the wanted channels in it."""

    part: int
    indices: tuple[int, ...]


def parts_of(source: oiio.ImageInput) -> list[oiio.ImageSpec]:
    """Headers of all parts, in file order."""
    parts: list[oiio.ImageSpec] = []
    while source.seek_subimage(len(parts), 0):
        parts.append(source.spec())
    told(source.geterror)  # running past the last part leaves a message behind
    return parts


def find_named(
    path: Path, parts: Sequence[oiio.ImageSpec], names: Sequence[str]
) -> dict[int, list[str]]:
    """Channels by their full names: part → those that it is to give. The first part that has all
    of them, else for each the first that has it.

    Raises PlateError where one of them is in no part.
    """
    for number, spec in enumerate(parts):
        if set(names) <= set(spec.channelnames):
            return {number: list(names)}
    found: dict[int, list[str]] = {}
    for name in names:
        having = (n for n, spec in enumerate(parts) if name in spec.channelnames)
        found.setdefault(next(having, -1), []).append(name)
    if -1 in found:
        there = ", ".join(channel_names(parts))
        raise PlateError(f"{path} does not have the channels {', '.join(names)}. It has {there}.")
    return found


def channel_names(parts: Sequence[oiio.ImageSpec]) -> tuple[str, ...]:
    """Of all parts, each name once."""
    return tuple(dict.fromkeys(n for spec in parts for n in spec.channelnames))


def check_kind(path: Path, spec: oiio.ImageSpec, chosen: Channels) -> None:
    """Raises UnreadableFrame for pixels that have no meaning as a plate."""
    if spec.deep:
        raise UnreadableFrame(f"{path} holds deep pixels. Flatten it to an ordinary EXR first.")
    names = {n.lower() for n in spec.channelnames}
    if len(chosen.indices) == 1 and {"ry", "by"} & names:
        raise UnreadableFrame(
            f"{path} holds luminance and subsampled chroma. Write it as RGB EXR first."
        )
    kinds = {str(spec.channelformat(i)) for i in chosen.indices}
    if odd := kinds - {"half", "float", "double", "uint8", "uint16"}:
        raise UnreadableFrame(
            f"{path} has {odd.pop()} pixels, which name no range. Write it as half or float."
        )


def highest(spec: oiio.ImageSpec) -> float | None:
    """Where a channel is at its format's highest code value, or less than half a one below; of
    values as they are read, 0 … 1. None for floats."""
    bits = _bits(spec)
    return 1.0 - 0.5 / ((1 << bits) - 1) if bits else None


def _bits(spec: oiio.ImageSpec) -> int:
    """Of whole numbers; 0 for floats."""
    if str(spec.format) not in ("uint8", "uint16"):
        return 0
    whole = 8 if str(spec.format) == "uint8" else 16
    return int(spec.get_int_attribute("oiio:BitsPerSample", whole))


def plate_info(source: oiio.ImageInput, spec: oiio.ImageSpec) -> PlateInfo:
    """The header of one part; `source` is the file it is in. Raises ValueError for a picture
    larger than any."""
    for side, height in ((spec.width, spec.height), (spec.full_width, spec.full_height)):
        if side * height > MOST_PIXELS:
            raise ValueError(f"a picture of {side}×{height} px is larger than any that is read")
    origin = (spec.full_x, spec.full_y)
    colorspace, doubt = _colorspace(source.format_name(), spec)
    return PlateInfo(
        data=Region(spec.x - origin[0], spec.y - origin[1], spec.width, spec.height),
        display=Region(0, 0, spec.full_width, spec.full_height),
        channels=tuple(spec.channelnames),
        colorspace=colorspace,
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0),
        metadata=_metadata(source.format_name(), spec),
        origin=origin,
        doubt=doubt,
        bits=_bits(spec),
    )


def _metadata(kind: str, spec: oiio.ImageSpec) -> dict[str, object]:
    """What is to be carried over; a DPX's frame rate by the name that EXR has for it."""
    said = dpx_rate(spec) if kind == "dpx" else None
    rate: dict[str, object] = {FRAMES_PER_SECOND: rate_attribute(said)} if said else {}
    return attributes.from_spec(spec) | rate


def _colorspace(kind: str, spec: oiio.ImageSpec) -> tuple[str | None, str]:
    """What a header says of its colors, and why that is only taken for them, else ""."""
    if kind == "openexr":
        # OpenImageIO before 3.1 calls every EXR linear Rec.709; the header's own word counts.
        aces_file = spec.get_int_attribute("acesImageContainerFlag") == 1
        return "lin_ap0_scene" if aces_file else attributes.lookup(spec, _EXR_COLOR_NAMES), ""
    if kind == "jpeg" and str(spec.format) == "half":
        return "lin_rec709_scene", ""  # Ultra HDR, to which OpenImageIO has applied the gain map
    if profile := attributes.lookup(spec, ("ICCProfile:profile_description",)):
        for space, names in _PROFILES.items():
            if re.search(names, profile, re.IGNORECASE):
                return space, ""
        return _SRGB, f"has the ICC profile {profile!r}, which is taken for sRGB"
    if said := attributes.lookup(spec, ("oiio:ColorSpace",)):
        return said, ""
    if str(spec.format) == "uint8" and kind not in ("dpx", "cineon"):
        return _SRGB, "does not say its color space, and is taken for sRGB"
    return None, ""


_SRGB = "srgb_rec709_scene"

_PROFILES = {
    "srgb_p3d65_scene": r"display ?p3|p3 ?d65|apple wide color|srgb transfer",
    "g22_adobergb_scene": r"adobe ?rgb",
    _SRGB: r"srgb|^c2(ci)?$|^urgb$",
}
"""Color spaces by the description of an ICC profile, in its usual wordings."""
