"""What an image file's header says: its parts, its channels, its windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import OpenImageIO as oiio

from reage.errors import PlateError, UnreadableFrame
from reage.media import attributes
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo

_EXR_COLOR_NAMES = ("colorInteropID", "colorspace", "color_space", "ocio:colorspace")
_RGB = (("r", "g", "b"), ("red", "green", "blue"))
_GRAY = (("y",), ("l",), ("grey",), ("gray",), ("i",))


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
    source.geterror()  # running past the last part leaves a message behind
    return parts


def find_rgb(path: Path, parts: Sequence[oiio.ImageSpec], layer: str | None = None) -> Channels:
    """R, G, B of the layer (one channel for luminance), in the first part that has them.

    Raises PlateError where there is no such layer.
    """
    if found := rgb_or_none(parts, layer):
        return found
    names = channel_names(parts)
    what = f"layer {layer!r} with R, G, B" if layer else "R, G, B channels"
    raise PlateError(f"{path} has no {what}. Its channels are {', '.join(names)}.")


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


def rgb_or_none(parts: Sequence[oiio.ImageSpec], layer: str | None = None) -> Channels | None:
    """The first part that has RGB, else gray, under one of the layer's prefixes."""
    for sets in (_RGB, _GRAY):
        for number, spec in enumerate(parts):
            names = [n.lower() for n in spec.channelnames]
            for prefix in _prefixes(spec, layer):
                for wanted in sets:
                    full = [prefix + w for w in wanted]
                    if all(n in names for n in full):
                        return Channels(number, tuple(names.index(n) for n in full))
    return None


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
    if str(spec.format) not in ("uint8", "uint16"):
        return None
    bits = spec.get_int_attribute("oiio:BitsPerSample", 8 if str(spec.format) == "uint8" else 16)
    return 1.0 - 0.5 / ((1 << bits) - 1)


def plate_info(source: oiio.ImageInput, spec: oiio.ImageSpec) -> PlateInfo:
    """The header of one part; `source` is the file it is in."""
    origin = (spec.full_x, spec.full_y)
    is_exr = source.format_name() == "openexr"
    # OpenImageIO before 3.1 calls every EXR linear Rec.709; only the header's own word counts.
    names = _EXR_COLOR_NAMES if is_exr else ("oiio:ColorSpace",)
    aces_file = is_exr and spec.get_int_attribute("acesImageContainerFlag") == 1
    return PlateInfo(
        data=Region(spec.x - origin[0], spec.y - origin[1], spec.width, spec.height),
        display=Region(0, 0, spec.full_width, spec.full_height),
        channels=tuple(spec.channelnames),
        colorspace="lin_ap0_scene" if aces_file else attributes.lookup(spec, names),
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0),
        metadata=attributes.from_spec(spec),
        origin=origin,
    )


def _prefixes(spec: oiio.ImageSpec, layer: str | None) -> tuple[str, ...]:
    if layer is None:
        return ("", "rgba.", "rgb.")
    part = (attributes.lookup(spec, ("oiio:subimagename", "name")) or "").lower()
    named = f"{layer.lower()}."
    return (named, "") if part == layer.lower() else (named,)
