"""Reading one image file: EXR, DPX, TIFF, PNG, JPEG and what else OpenImageIO opens.

Values come as the file holds them: whole-number formats as 0 … 1, floats as they are, NaN
and inf included, color not converted, alpha not divided out, EXIF orientation not applied.
Of EXR and tiled files only the rows or tiles that a region needs are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import OpenImageIO as oiio

from reage.errors import PlateError, ReageError, UnreadableFrame
from reage.media.color_layers import ALPHA, ColorLayer, Wanted, chosen_layer, color_layers
from reage.media.damaged import damage, header_damage
from reage.media.header import (
    Channels,
    channel_names,
    check_kind,
    find_named,
    highest,
    parts_of,
    plate_info,
)
from reage.media.text import clean, require_text, told
from reage.pixels.geometry import Region
from reage.pixels.halves import floats
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.shaped import short


def read_info(path: Path, layer: Wanted = None) -> PlateInfo:
    """The header of the part that holds the picture, or of the first part where none does.

    Raises UnreadableFrame where the file is missing or no image.
    """
    with _opened(path) as source:
        parts = parts_of(source)
        found = [each for each in color_layers(parts) if each.is_wanted(layer)]
        return plate_info(source, parts[found[0].part if found else 0])


def read_plate(path: Path, region: Region | None = None, layer: Wanted = None) -> Plate:
    """RGB of `region` (of the whole data window where None), cut to the data window.

    layer: "beauty" reads beauty.R, beauty.G, beauty.B, or R, G, B of a part named beauty; without
           one the finished picture is read, see `color_layers`; a ColorLayer is read again
    A file with luminance alone gives the same value in all three channels.
    Raises UnreadableFrame where the file is missing, damaged, no image, deep, or has
    whole-number pixels of 32 bits; PlateError where it has no such layer, or several pictures.
    """
    with _opened(path) as source:
        parts = parts_of(source)
        found = chosen_layer(path, parts, layer)
        spec, chosen = parts[found.part], Channels(found.part, found.rgb)
        pixels, wanted, info = _read(source, path, spec, chosen, region)
        top = highest(spec)
    clipped = None if top is None else np.asarray((pixels >= np.float32(top)).all(-1))
    if len(chosen.indices) == 1:
        pixels = np.repeat(pixels, 3, axis=-1)
    return Plate(pixels, wanted, info, clipped)


def read_alpha(path: Path, region: Region, layer: Wanted = None) -> Pixels | None:
    """(h, w) of the alpha that belongs to what `read_plate` reads, over `region` of its data
    window; None where it has none. Errors as `read_plate`; where no picture is, of the first
    alpha that there is."""
    with _opened(path) as source:
        parts = parts_of(source)
        found = _alpha(path, parts, layer)
        if found is None:
            return None
        return _read(source, path, parts[found.part], found, region)[0][..., 0]


def _alpha(path: Path, parts: Sequence[oiio.ImageSpec], layer: Wanted) -> Channels | None:
    if color_layers(parts) or (isinstance(layer, str) and layer):
        picture = chosen_layer(path, parts, layer)
        return None if picture.alpha is None else Channels(picture.part, (picture.alpha,))
    for number, spec in enumerate(parts):
        for index, name in enumerate(spec.channelnames):
            if name.rpartition(".")[2].lower() in ALPHA:
                return Channels(number, (index,))
    return None


def read_layer(path: Path) -> ColorLayer:
    """What `read_plate` takes for the finished picture. Raises as that does."""
    with _opened(path) as source:
        return chosen_layer(path, parts_of(source))


def read_layer_names(path: Path) -> tuple[str, ...]:
    """The pictures of a file, as `layer` calls them, the one that is read without one first. Raises
    UnreadableFrame as `read_info` does."""
    with _opened(path) as source:
        return tuple(each.name for each in color_layers(parts_of(source)))


def read_channels(
    path: Path, names: Sequence[str], region: Region | None = None
) -> tuple[Pixels, Region, PlateInfo]:
    """Channels by their full names: (h, w, len(names)) float32, where they lie, the header.

    region and errors as for `read_plate`; PlateError, too, where the channels are in parts with
    different data windows.
    """
    with _opened(path) as source:
        parts = parts_of(source)
        by_name: dict[str, Pixels] = {}
        found: list[tuple[Region, PlateInfo]] = []
        for part, there in find_named(path, parts, names).items():
            spec = parts[part]
            chosen = Channels(part, tuple(spec.channelnames.index(n) for n in there))
            pixels, lies, info = _read(source, path, spec, chosen, region)
            by_name |= {n: pixels[..., i] for i, n in enumerate(there)}
            found.append((lies, info))
    if any(lies != found[0][0] for lies, _ in found):
        raise PlateError(f"{path} has {', '.join(names)} in parts of different data windows.")
    return np.stack([by_name[n] for n in names], axis=-1), *found[0]


def read_channel_names(path: Path) -> tuple[str, ...]:
    """The channels of all parts. Raises UnreadableFrame as `read_info` does."""
    with _opened(path) as source:
        return channel_names(parts_of(source))


def read_orientation(path: Path) -> int:
    """The EXIF orientation, 1 … 8, by which pixels are to be turned to stand upright; 1 where the
    file says none. Raises UnreadableFrame as `read_info` does."""
    with _opened(path) as source:
        return int(source.spec().get_int_attribute("Orientation", 1))


def read_profile(path: Path) -> bytes | None:
    """The ICC profile, or None. Raises UnreadableFrame as `read_info` does."""
    with _opened(path) as source:
        found = source.spec().getattribute("ICCProfile")
        return None if found is None else np.asarray(found, np.uint8).tobytes()


@contextmanager
def _opened(path: Path) -> Iterator[oiio.ImageInput]:
    require_text(path)
    if why := header_damage(path):
        raise UnreadableFrame(_unreadable(path, why))
    hints = oiio.ImageSpec()
    hints.attribute("oiio:UnassociatedAlpha", 1)
    source = oiio.ImageInput.open(str(path), hints)
    if source is None:
        raise UnreadableFrame(_unreadable(path, told(oiio.geterror)))
    try:
        yield source
    except ReageError:
        raise
    except Exception as e:  # of a damaged header, such as a picture too large for any memory
        raise UnreadableFrame(_unreadable(path, short(e) or type(e).__name__)) from e
    finally:
        source.close()


def _unreadable(path: Path, reason: str) -> str:
    if not path.exists():
        return f"There is no file {path}."
    if kind := _heif(path):
        return (
            f"{path} is {kind}, which the installed OpenImageIO cannot read; convert it first, as "
            f"with heif-convert {path.name} {path.stem}.png (libheif-examples), or sips on a Mac."
        )
    said = clean(reason).replace(f"({path})", "").strip().splitlines() or ["no reason given"]
    return f"{path} is damaged or no image ({' '.join(said[-1].split()).rstrip('.')})."


def _heif(path: Path) -> str:
    """What a picture in a HEIF container is called, whatever its file is named; "" for others
    (ISO/IEC 14496-12, 4.3: the box ftyp and its brands)."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError:
        return ""
    if head[4:8] != b"ftyp":
        return ""
    brands = {head[i : i + 4] for i in range(8, 32, 4)}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIC" if brands & {b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1"} else ""


def _read(
    source: oiio.ImageInput,
    path: Path,
    spec: oiio.ImageSpec,
    chosen: Channels,
    region: Region | None,
) -> tuple[Pixels, Region, PlateInfo]:
    check_kind(path, spec, chosen)
    info = plate_info(source, spec)
    wanted = info.data if region is None else region.intersect(info.data)
    if wanted.empty:
        empty = np.zeros((wanted.height, wanted.width, len(chosen.indices)), np.float32)
        return empty, wanted, info
    covered = _covered(spec, info.data, wanted)
    x, y = info.origin
    window = replace(covered, x=covered.x + x, y=covered.y + y)
    rows, columns = wanted.slices(covered)
    pixels = _decode(source, path, spec, chosen, window)[rows, columns]
    picked = [i - min(chosen.indices) for i in chosen.indices]
    if picked != list(range(pixels.shape[-1])):
        pixels = pixels[..., picked]
    whole = floats(pixels) if pixels.dtype == np.float16 else np.ascontiguousarray(pixels)
    return whole, wanted, info


def _decode(
    source: oiio.ImageInput, path: Path, spec: oiio.ImageSpec, chosen: Channels, window: Region
) -> Pixels:
    """All channels between the first and the last chosen, of a window in file coordinates; float16
    where they are so in the file, as only what is wanted of it need become float32."""
    if why := damage(path):
        raise UnreadableFrame(_unreadable(path, why))
    first, past = min(chosen.indices), max(chosen.indices) + 1
    kinds = spec.channelformats[first:past] or [spec.format]
    kind = "half" if all(each == oiio.TypeHalf for each in kinds) else "float"
    x, y, right, bottom = window.x, window.y, window.right, window.bottom
    if spec.tile_width:
        pixels = source.read_tiles(chosen.part, 0, x, right, y, bottom, 0, 1, first, past, kind)
    else:
        pixels = source.read_scanlines(chosen.part, 0, y, bottom, 0, first, past, kind)
    if pixels is None:
        raise UnreadableFrame(_unreadable(path, told(source.geterror)))
    return np.asarray(pixels).reshape(window.height, window.width, past - first)


def _covered(spec: oiio.ImageSpec, data: Region, region: Region) -> Region:
    """What has to be read to get the region: full rows, or whole tiles."""
    if not spec.tile_width:
        return Region(data.x, region.y, data.width, region.height)
    w, h = spec.tile_width, spec.tile_height
    x, y = data.x + (region.x - data.x) // w * w, data.y + (region.y - data.y) // h * h
    right = data.x - (data.x - region.right) // w * w
    bottom = data.y - (data.y - region.bottom) // h * h
    return Region(x, y, right - x, bottom - y).intersect(data)
