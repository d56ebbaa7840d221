"""Writing one EXR frame of layers, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio

from reage.errors import OutputError
from reage.media import attributes
from reage.media.intact import CHECKSUM, checksum, reaches_its_end, windows_of
from reage.media.replacing import replacing
from reage.media.text import is_text, printable, told
from reage.pixels.geometry import Region
from reage.pixels.halves import halves
from reage.pixels.plate import Pixels, PlateInfo

_LARGEST_HALF = np.float32(65504)


def write_layers(
    path: Path,
    channels: Mapping[str, Pixels],
    region: Region,
    info: PlateInfo,
    metadata: Mapping[str, object],
    compression: str = "rle",
    pixel_type: str = "float",
    tile: int = 0,
    part_of: Callable[[str], str] = lambda channel: "",
) -> None:
    """Write channels over `region` into an EXR with the plate's display window.

    channels: name ("reage_delta.red") to (region.height, region.width) float32
    region:   the file's data window, in plate coordinates; must not be empty
    info:     the plate's; its windows and metadata are carried over
    metadata: further attributes (str, int, float or Attribute); they win over the plate's
    pixel_type: "float" or "half"; values that half cannot hold become the largest it can, ±65504
    tile:     side of the file's tiles in px; 0 writes scanlines
    compression: as OpenEXR names it. RLE loses nothing and took 51 ms of CPU for a real
              739×873 delta with its matte, 7.6 MiB; ZIP at level 1 took 103 ms, 6.5 MiB
    part_of:  channel to the name of the part that holds it, in the order in which they are met;
              a reader decodes those alone that it needs. All have one data window: Nuke's reader
              refuses a file whose parts differ in that

    The file is written as a draft in the same folder and then renamed, so what stands under `path`
    is always a whole frame; its header has the pixels' checksum, see `is_intact`. Raises
    OutputError, and leaves no draft, where the folder is missing or closed, or the disk is full;
    FileInUse, see `put_in_place`.
    """
    parts: dict[str, list[str]] = {}
    for name in channels:
        parts.setdefault(part_of(name), []).append(name)
    kind = (compression, pixel_type, tile)
    specs = [_spec(region, info, tuple(names), *kind) for names in parts.values()]
    stored = {n: _storable(_checked(n, c, region), pixel_type) for n, c in channels.items()}
    pixels = [_together([stored[n] for n in names]) for names in parts.values()]
    for spec, part in zip(specs, parts, strict=True):
        attributes.put(spec, {**info.metadata, **metadata})
        if len(parts) > 1:
            spec.attribute("oiio:subimagename", part)
    specs[0].attribute(CHECKSUM, checksum(stored.items(), windows_of(specs)))
    write_whole(path, specs, pixels)


def write_whole(
    path: Path, specs: Sequence[oiio.ImageSpec], pixels: Sequence[Pixels],
    seal: Callable[[Path], object] = lambda draft: None,
) -> None:  # fmt: skip
    """Write a file of any format part by part under a temporary name, and rename it. seal: what is
    done to the written file before. Raises as `write_layers`, and what `seal` does."""
    for spec in specs:
        if spec.getattribute("DateTime") is None:  # else OpenImageIO says now, anew in every run
            spec.attribute("DateTime", "")
    try:
        with replacing(path) as draft:
            _write(draft, specs, pixels)
            seal(draft)
    except OSError as e:
        why = why_not(path, sum(p.nbytes for p in pixels), e)
        raise OutputError(f"{printable(path)} cannot be written: {why}.") from e


def _spec(
    region: Region, info: PlateInfo, names: tuple[str, ...],
    compression: str, pixel_type: str, tile: int,
) -> oiio.ImageSpec:  # fmt: skip
    if region.empty:
        raise ValueError("an EXR cannot hold an empty data window")
    spec = oiio.ImageSpec(region.width, region.height, len(names), pixel_type)
    spec.channelnames = names
    spec.full_x, spec.full_y = info.origin
    spec.full_width, spec.full_height = info.display.width, info.display.height
    spec.x, spec.y = region.x + info.origin[0], region.y + info.origin[1]
    spec.attribute("compression", compression)
    spec.attribute("PixelAspectRatio", info.pixel_aspect)
    spec.tile_width = spec.tile_height = tile
    return spec


def _checked(name: str, channel: Pixels, region: Region) -> Pixels:
    if channel.shape != (region.height, region.width) or channel.dtype != np.float32:
        raise ValueError(f"{name} is {channel.dtype} {channel.shape}, not float32 of {region}")
    return channel


def _storable(channel: Pixels, pixel_type: str) -> np.ndarray:
    """In the file's own type; half would make infinities of values beyond its largest."""
    if pixel_type == "float":
        return channel
    return halves(np.clip(channel, -_LARGEST_HALF, _LARGEST_HALF))


def _together(channels: Sequence[np.ndarray]) -> np.ndarray:
    """(h, w, channels) of (h, w) each: `np.stack(channels, -1)`, in a fifth of its time."""
    whole = np.asarray(cv2.merge([c.view(f"i{c.itemsize}") for c in channels]))
    return whole.view(channels[0].dtype).reshape(*channels[0].shape, len(channels))


def _write(path: Path, specs: Sequence[oiio.ImageSpec], parts: Sequence[np.ndarray]) -> None:
    """Raises OSError with the library's words."""
    if not is_text(path):
        raise OSError("not UTF-8")
    out = oiio.ImageOutput.create(str(path))
    if out is None:
        raise OSError(told(oiio.geterror))
    done = out.open(str(path), tuple(specs)) and out.write_image(parts[0])
    for spec, pixels in zip(specs[1:], parts[1:], strict=True):
        done = done and out.open(str(path), spec, "AppendSubimage") and out.write_image(pixels)
    reason = told(out.geterror)
    if not (out.close() and done):
        raise OSError(reason or told(out.geterror) or "unknown reason")
    if path.suffix.lower() == ".exr" and not reaches_its_end(path):
        raise OSError("its end is not there; is the disk full?")


def why_not(path: Path, size: int, error: Exception) -> str:
    """Why a file of about that many bytes could not be written, in a few words."""
    folder = path.parent
    if not is_text(path):
        return "its name is not UTF-8"
    if not folder.is_dir():
        return f"there is no folder {folder}"
    if path.is_dir():
        return "a folder of that name stands there"
    if not os.access(folder, os.W_OK):
        return f"the folder {folder} is closed to this user"
    if shutil.disk_usage(folder).free < size:
        return "the disk is full"
    return " ".join(str(error).split()).rstrip(".")
