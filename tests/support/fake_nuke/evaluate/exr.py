"""EXR files in and out, their layers named as Nuke names them."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import OpenImageIO as oiio

from fake_nuke.evaluate.asking import channels_of
from fake_nuke.evaluate.pictures import Picture, is_empty
from fake_nuke.formats import Format

if TYPE_CHECKING:
    from fake_nuke.world import World

_TO_NUKE = {"R": "rgba.red", "G": "rgba.green", "B": "rgba.blue", "A": "rgba.alpha"}
_TO_FILE = {nuke: file for file, nuke in _TO_NUKE.items()}
_LETTERS = {"R": "red", "G": "green", "B": "blue", "A": "alpha"}


def read_exr(path: Path) -> Picture:
    """The file's data window over its display window. OSError where it is none."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> Picture:
    file = oiio.ImageInput.open(str(path))
    if file is None:
        raise OSError(oiio.geterror())
    try:
        spec = file.spec()
        pixels = file.read_image(format="float")
        if pixels is None:
            raise OSError(file.geterror())
    finally:
        file.close()
    x = spec.x - spec.full_x
    t = spec.full_height - (spec.y - spec.full_y)
    pixels = pixels.reshape(spec.height, spec.width, spec.nchannels)
    channels = {
        _nuke_name(name): np.ascontiguousarray(pixels[..., i])
        for i, name in enumerate(spec.channelnames)
    }
    aspect = spec.get_float_attribute("PixelAspectRatio", 1.0)
    return Picture(
        Format(spec.full_width, spec.full_height, aspect),
        (x, t - spec.height, x + spec.width, t),
        channels,
        _metadata(path, spec, changed),
    )


def _nuke_name(name: str) -> str:
    """R → rgba.red, diffuse.R → diffuse.red; reage_delta.red stays."""
    layer, _, last = name.rpartition(".")
    return f"{layer}.{_LETTERS.get(last, last)}" if layer else _TO_NUKE.get(name, f"other.{name}")


def _metadata(path: Path, spec: Any, changed: int) -> dict[str, Any]:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(changed / 1e9))
    found = {
        "input/filename": path.as_posix(),
        "input/filereader": "exr",
        "input/width": spec.full_width,
        "input/height": spec.full_height,
        "input/mtime": moment,
    }
    return found | {f"exr/{attribute.name}": attribute.value for attribute in spec.extra_attribs}


def write_exr(path: Path, picture: Picture, world: World, channels: str, half: bool) -> None:
    """What a Write's `channels` knob says of a picture; RuntimeError where it cannot be written."""
    wanted = channels_of(world, channels, list(picture.channels))
    if not wanted:
        raise RuntimeError(f"{path}: there are no channels to write.")
    if is_empty(picture.box):
        picture = picture.cropped((0, 0, 1, 1))
    x, y, r, t = picture.box
    spec = oiio.ImageSpec(r - x, t - y, len(wanted), "half" if half else "float")
    spec.channelnames = tuple(_TO_FILE.get(name, name) for name in wanted)
    spec.full_x, spec.full_y = 0, 0
    spec.full_width, spec.full_height = picture.format.width(), picture.format.height()
    spec.x, spec.y = x, picture.format.height() - t
    spec.attribute("compression", "zips")
    spec.attribute("PixelAspectRatio", picture.format.pixelAspect())
    pixels = np.stack([picture.over(name, picture.box) for name in wanted], axis=-1)
    out = oiio.ImageOutput.create(str(path))
    done = out.open(str(path), spec) and out.write_image(pixels)
    reason = out.geterror()
    if not (out.close() and done):
        raise RuntimeError(f"{path}: can't open file for writing: {reason}")
