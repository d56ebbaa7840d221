"""EXR files in and out, their layers named as Nuke names them."""

from __future__ import annotations

import time
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import OpenImageIO as oiio

from fake_nuke.evaluate.asking import channels_of
from fake_nuke.evaluate.pictures import Lazy, Picture, is_empty
from fake_nuke.formats import Format

if TYPE_CHECKING:
    from fake_nuke.world import World

_TO_NUKE = {"R": "rgba.red", "G": "rgba.green", "B": "rgba.blue", "A": "rgba.alpha"}
_TO_FILE = {nuke: file for file, nuke in _TO_NUKE.items()}
_LETTERS = {"R": "red", "G": "green", "B": "blue", "A": "alpha"}


DECODED: Counter[tuple[Path, int]] = Counter()
"""(file, number of its part) → channels of it that were asked for. Tests clear it."""


def read_exr(path: Path) -> Picture:
    """The file's data window over its display window. OSError where it is none."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> Picture:
    """Pixels of a part are decoded when a channel of it is first asked for, as Nuke's reader does;
    DECODED says which were."""
    parts = _headers(path)
    spec = parts[0]
    _check(parts)
    names_ignored = _ignores_part_names(parts)
    where: dict[str, tuple[int, int]] = {}
    for number, part in enumerate(parts):
        ahead = part.get_string_attribute("name") if len(parts) > 1 and not names_ignored else ""
        for i, name in enumerate(part.channelnames):
            where.setdefault(_nuke_name(f"{ahead}.{name}" if ahead else name), (number, i))

    def made(name: str) -> Any:
        number, i = where[name]
        DECODED[path, number] += 1
        return np.ascontiguousarray(_pixels(path, changed, number)[..., i])

    x = spec.x - spec.full_x
    t = spec.full_height - (spec.y - spec.full_y)
    aspect = spec.get_float_attribute("PixelAspectRatio", 1.0)
    return Picture(
        Format(spec.full_width, spec.full_height, aspect),
        (x, t - spec.height, x + spec.width, t),
        Lazy(where, made),
        _metadata(path, spec, changed),
    )


def _headers(path: Path) -> list[Any]:
    file = oiio.ImageInput.open(str(path))
    if file is None:
        raise OSError(oiio.geterror())
    try:
        parts: list[Any] = []
        while file.seek_subimage(len(parts), 0):
            parts.append(file.spec())
        return parts
    finally:
        file.close()


@lru_cache(maxsize=64)
def _pixels(path: Path, changed: int, part: int) -> Any:
    file = oiio.ImageInput.open(str(path))
    if file is None:
        raise OSError(oiio.geterror())
    try:
        file.seek_subimage(part, 0)
        spec = file.spec()
        pixels = file.read_image(part, 0, 0, spec.nchannels, "float")
        if pixels is None:
            raise OSError(file.geterror())
    finally:
        file.close()
    return pixels.reshape(spec.height, spec.width, spec.nchannels)


def _check(parts: list[Any]) -> None:
    """Nuke's reader refuses parts that lie in different places: in the words of exrReader.cpp of
    its NDK, "Multipart data window size must be consistent", and so for the display window and
    the pixel aspect."""
    for what, of in (
        ("data window size", lambda s: (s.x, s.y, s.width, s.height)),
        ("display window size", lambda s: (s.full_x, s.full_y, s.full_width, s.full_height)),
        ("pixel aspect ratio", lambda s: s.get_float_attribute("PixelAspectRatio", 1.0)),
    ):
        if any(of(part) != of(parts[0]) for part in parts):
            raise OSError(f"Multipart {what} must be consistent")


def _ignores_part_names(parts: list[Any]) -> bool:
    """Whether layers are named by their channels alone. exrReader.cpp: where an attribute
    nuke/full_layer_names says so, else where any channel's name has a period in it; else the
    part's name goes before the channel's."""
    said = parts[0].getattribute("nuke/full_layer_names")
    if isinstance(said, int):
        return bool(said)
    return any("." in name for part in parts for name in part.channelnames)


def _nuke_name(name: str) -> str:
    """R → rgba.red, diffuse.R → diffuse.red, a.b.R → a_b.red; reage_delta.red stays."""
    layer, _, last = name.rpartition(".")
    layer = layer.replace(".", "_")
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
