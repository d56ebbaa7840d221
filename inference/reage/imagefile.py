"""Reading one image file: EXR, DPX, TIFF, PNG, JPEG and what else OpenImageIO opens.

Values come as the file holds them: whole-number formats as 0 … 1, floats as they are, NaN
and inf included, color not converted, alpha not divided out, EXIF orientation not applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import OpenImageIO as oiio

from reage import attributes
from reage.errors import PlateError, UnreadableFrame
from reage.geometry import Region
from reage.plate import Pixels, Plate, PlateInfo

_EXR_COLOR_NAMES = ("colorInteropID", "colorspace", "color_space", "ocio:colorspace")
_RGB = (("r", "g", "b"), ("red", "green", "blue"))
_GREY = (("y",), ("l",), ("grey",), ("gray",), ("i",))


def read_info(path: Path) -> PlateInfo:
    """The header of the part that holds RGB, or of the first part where none does.

    Raises UnreadableFrame where the file is missing or no image.
    """
    with _opened(path) as source:
        parts = _parts(source)
        chosen = _choose(parts, None)
        return _info(source, parts[chosen.part if chosen else 0])


def read_plate(path: Path, region: Region | None = None, layer: str | None = None) -> Plate:
    """RGB of `region` (of the whole data window where None), cut to the data window.

    layer: "beauty" reads beauty.R, beauty.G, beauty.B, or R, G, B of a part named beauty.
    Of EXR and tiled files only the rows or tiles that the region needs are decoded. A file
    with luminance alone gives the same value in all three channels.
    Raises UnreadableFrame where the file is missing, damaged, no image, deep, or has
    whole-number pixels of 32 bits; PlateError where it has no such layer.
    """
    with _opened(path) as source:
        parts = _parts(source)
        chosen = _choose(parts, layer)
        if chosen is None:
            raise PlateError(_no_layer(path, parts, layer))
        spec = parts[chosen.part]
        _check_kind(path, spec, chosen)
        info = _info(source, spec)
        wanted = info.data if region is None else region.intersect(info.data)
        pixels = _read(source, path, info, chosen, wanted)
        return Plate(np.repeat(pixels, 3 // pixels.shape[2], axis=2), wanted, info)


def read_channels(
    path: Path, names: tuple[str, ...], region: Region | None = None
) -> tuple[Pixels, Region, PlateInfo]:
    """Channels by their exact names, (h, w, len(names)), as the file holds them.

    Of `region` cut to the data window, or of the whole data window where None; that is the
    second value. Raises UnreadableFrame as `read_plate`, PlateError where one is lacking.
    """
    with _opened(path) as source:
        for number, spec in enumerate(_parts(source)):
            if set(names) <= set(spec.channelnames):
                info = _info(source, spec)
                chosen = _Channels(number, tuple(spec.channelnames.index(n) for n in names))
                wanted = info.data if region is None else region.intersect(info.data)
                return _read(source, path, info, chosen, wanted), wanted, info
    raise PlateError(f"{path} has no part with the channels {', '.join(names)}.")


@dataclass(frozen=True)
class _Channels:
    """Which part of the file, and the indices of the wanted channels in it."""

    part: int
    indices: tuple[int, ...]


@contextmanager
def _opened(path: Path) -> Iterator[oiio.ImageInput]:
    hints = oiio.ImageSpec()
    hints.attribute("oiio:UnassociatedAlpha", 1)
    source = oiio.ImageInput.open(str(path), hints)
    if source is None:
        raise UnreadableFrame(_unreadable(path, oiio.geterror()))
    try:
        if source.format_name() == "jpeg" and _cut_short(path.read_bytes()):
            raise UnreadableFrame(_unreadable(path, "the file ends in the middle of the picture"))
        yield source
    finally:
        source.close()


def _unreadable(path: Path, reason: str) -> str:
    if not path.exists():
        return f"There is no file {path}."
    said = reason.replace(f"({path})", "").strip().splitlines() or ["no reason given"]
    return f"{path} is damaged or no image ({' '.join(said[-1].split()).rstrip('.')})."


def _cut_short(jpeg: bytes) -> bool:
    """Whether no end-of-image marker follows the last scan; the decoder would fill with grey."""
    return jpeg.rfind(b"\xff\xd9") < jpeg.rfind(b"\xff\xda")


def _parts(source: oiio.ImageInput) -> list[oiio.ImageSpec]:
    parts: list[oiio.ImageSpec] = []
    while source.seek_subimage(len(parts), 0):
        parts.append(source.spec())
    source.geterror()  # running past the last part leaves a message behind
    return parts


def _choose(parts: list[oiio.ImageSpec], layer: str | None) -> _Channels | None:
    """The first part that has RGB, else grey, under one of the layer's prefixes."""
    for sets in (_RGB, _GREY):
        for number, spec in enumerate(parts):
            names = [n.lower() for n in spec.channelnames]
            for prefix in _prefixes(spec, layer):
                for wanted in sets:
                    full = [prefix + w for w in wanted]
                    if all(n in names for n in full):
                        return _Channels(number, tuple(names.index(n) for n in full))
    return None


def _prefixes(spec: oiio.ImageSpec, layer: str | None) -> tuple[str, ...]:
    if layer is None:
        return ("", "rgba.", "rgb.")
    part = (attributes.lookup(spec, ("oiio:subimagename", "name")) or "").lower()
    named = f"{layer.lower()}."
    return (named, "") if part == layer.lower() else (named,)


def _no_layer(path: Path, parts: list[oiio.ImageSpec], layer: str | None) -> str:
    names = dict.fromkeys(n for spec in parts for n in spec.channelnames)
    what = f"layer {layer!r} with R, G, B" if layer else "R, G, B channels"
    return f"{path} has no {what}. Its channels are {', '.join(names)}."


def _check_kind(path: Path, spec: oiio.ImageSpec, chosen: _Channels) -> None:
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


def _info(source: oiio.ImageInput, spec: oiio.ImageSpec) -> PlateInfo:
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


def _read(
    source: oiio.ImageInput, path: Path, info: PlateInfo, chosen: _Channels, region: Region
) -> Pixels:
    if region.empty:
        return np.zeros((region.height, region.width, len(chosen.indices)), np.float32)
    first, past = min(chosen.indices), max(chosen.indices) + 1
    source.seek_subimage(chosen.part, 0)
    covered = _covered(source.spec(), info, region)
    x, y = covered.x + info.origin[0], covered.y + info.origin[1]
    window = (chosen.part, 0, x, x + covered.width, y, y + covered.height, 0, 1, first, past)
    if source.spec().tile_width:
        pixels = source.read_tiles(*window, "float")
    else:
        pixels = source.read_scanlines(*window[:2], *window[4:7], first, past, "float")
    if pixels is None:
        raise UnreadableFrame(_unreadable(path, source.geterror()))
    rows, columns = region.slices(covered)
    picked = [i - first for i in chosen.indices]
    part = pixels.reshape(covered.height, covered.width, past - first)[rows, columns]
    return np.ascontiguousarray(part[..., picked])


def _covered(spec: oiio.ImageSpec, info: PlateInfo, region: Region) -> Region:
    """What has to be read to get the region: full rows, or whole tiles."""
    data = info.data
    if not spec.tile_width:
        return Region(data.x, region.y, data.width, region.height)
    w, h = spec.tile_width, spec.tile_height
    x, y = data.x + (region.x - data.x) // w * w, data.y + (region.y - data.y) // h * h
    right = data.x + -(-(region.right - data.x) // w) * w
    bottom = data.y + -(-(region.bottom - data.y) // h) * h
    return Region(x, y, right - x, bottom - y).intersect(data)
