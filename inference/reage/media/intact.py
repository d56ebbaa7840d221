"""Whether an EXR of ours still holds the pixels that were written into it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import numpy as np
import OpenImageIO as oiio

from reage.media.text import is_text, told

CHECKSUM = "reage:pixels"
"""Header attribute of the first part: the checksum of all pixels."""

_Stored = np.ndarray
"""(h, w) of the type that the file holds."""


def checksum(channels: Iterable[tuple[str, _Stored]], windows: str) -> str:
    """Of all parts' channels by their names, in whatever order a reader gives them, and of where
    they lie, see `windows_of`.

    CRC-32 (ISO 3309): it is to find accidents, not forgery.
    """
    each = sorted(f"{name} {crc32(np.ascontiguousarray(p).data):08x}" for name, p in channels)
    each.append(windows)
    return f"{crc32(' '.join(each).encode(errors='surrogateescape')):08x}"


def windows_of(specs: Iterable[oiio.ImageSpec]) -> str:
    """The data and display windows of a file's parts, each once."""
    each = (
        f"{s.x},{s.y} {s.width}x{s.height} in {s.full_x},{s.full_y} {s.full_width}x{s.full_height}"
        for s in specs
    )
    return " ".join(dict.fromkeys(each))


def is_intact(path: Path) -> bool:
    """Whether every pixel of a file can be decoded and is the one that was written; all of it is
    read. False as well where an EXR does not say what was; of other formats it is enough that all
    is decoded."""
    kept = keeps_pixels(path)
    return path.suffix.lower() != ".exr" if kept is None else kept


def keeps_pixels(path: Path) -> bool | None:
    """The same; None where all is decoded, and nothing says what was written."""
    source = oiio.ImageInput.open(str(path)) if is_text(path) else None
    if source is None:
        told(oiio.geterror)
        return False
    try:
        said = source.spec().get_string_attribute(CHECKSUM)
        found = _found(source)
        if found is None:
            return False
        return found == said if said else None
    finally:
        source.close()


def reaches_its_end(path: Path) -> bool:
    """Whether the last row of every part of an EXR can be decoded: what was held back until the
    file was closed, a full disk loses without a word."""
    source = oiio.ImageInput.open(str(path))
    if source is None:
        told(oiio.geterror)
        return False
    number, whole = 0, True
    try:
        while whole and source.seek_subimage(number, 0):
            whole = _last_row(source, source.spec(), number) is not None
            number += 1
        told(source.geterror)
    finally:
        source.close()
    return whole and number > 0


def _last_row(source: oiio.ImageInput, spec: oiio.ImageSpec, part: int) -> _Stored | None:
    right, bottom, every = spec.x + spec.width, spec.y + spec.height, (0, spec.nchannels)
    if not spec.tile_width:
        return source.read_scanlines(part, 0, bottom - 1, bottom, 0, *every, spec.format)
    top = spec.y + (spec.height - 1) // spec.tile_height * spec.tile_height
    return source.read_tiles(part, 0, spec.x, right, top, bottom, 0, 1, *every, spec.format)


def _found(source: oiio.ImageInput) -> str | None:
    """The checksum of what can be read; None where not all can."""
    channels, specs, number = [], [], 0
    while source.seek_subimage(number, 0):
        specs.append(spec := source.spec())
        pixels = source.read_image(number, 0, 0, spec.nchannels, spec.format)
        if pixels is None:
            told(source.geterror)
            return None
        channels += [(name, pixels[..., i]) for i, name in enumerate(spec.channelnames)]
        number += 1
    told(source.geterror)
    return checksum(channels, windows_of(specs))
