"""One finished picture as a file that people open: PNG, TIFF, JPEG or DPX, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import OpenImageIO as oiio

from reage.errors import OutputError
from reage.media import attributes
from reage.media.damaged import damage
from reage.media.exr import write_whole
from reage.media.intact import is_intact
from reage.media.text import printable
from reage.pixels.plate import Pixels, PlateInfo

PICTURE_SUFFIXES = frozenset((".png", ".tif", ".tiff", ".jpg", ".jpeg", ".dpx"))

_DPX_TURNS = {3: 4, 4: 3, 7: 8, 8: 7}
"""OpenImageIO counts DPX's own orientations as EXIF does when it writes them, not when it reads."""

_BESIDE = 1 << 16
"""Bytes that a header and a color profile take, at most as a rule."""

_ALPHA = frozenset((".png", ".tif", ".tiff"))


@dataclass(frozen=True)
class PictureSpec:
    """What the file is to say.

    info:       the plate's; its metadata and pixel aspect are carried over
    colorspace: that the values are in, by a name that OpenImageIO knows, or ""
    profile:    an ICC profile that says the same, or None
    turn:       EXIF orientation, 1 … 8, as the plate's file has it
    metadata:   further attributes, which win over the plate's
    """

    info: PlateInfo
    colorspace: str = ""
    profile: bytes | None = None
    turn: int = 1
    metadata: Mapping[str, object] | None = None


def holds_alpha(path: Path) -> bool:
    return path.suffix.lower() in _ALPHA


def write_picture(
    path: Path, pixels: Pixels, what: PictureSpec, seal: Callable[[Path], object] = lambda _: None
) -> None:
    """Write (h, w, 3 or 4) float32, the fourth a straight alpha; seal: see `write_whole`.

    Whole numbers hold 0 … 1, clipped and rounded: 8 bits in JPEG, and in PNG and TIFF where the
    plate has as many; else 16; in DPX the plate's 8, 10, 12 or 16, else 10. Of a plate of floats
    TIFF keeps floats. NaN becomes black. Raises OutputError, see `write_whole`.
    """
    height, width, channels = pixels.shape
    dpx = path.suffix.lower() == ".dpx"
    kind, bits = _kind(path.suffix.lower(), what.info.bits)
    spec = oiio.ImageSpec(width, height, channels, kind)
    attributes.put(spec, {**what.info.metadata, **(what.metadata or {})})
    spec.attribute("PixelAspectRatio", what.info.pixel_aspect)
    spec.attribute("Orientation", _DPX_TURNS.get(what.turn, what.turn) if dpx else what.turn)
    spec.attribute("oiio:UnassociatedAlpha", 1)
    spec.attribute("oiio:BitsPerSample", bits)
    if path.suffix.lower() in (".jpg", ".jpeg"):
        spec.attribute("compression", "jpeg:95")
        spec.attribute("jpeg:subsampling", "4:4:4")
    if what.colorspace:
        spec.attribute("oiio:ColorSpace", what.colorspace)
    if what.profile:
        profile = np.frombuffer(what.profile, np.uint8)
        spec.attribute("ICCProfile", oiio.TypeDesc(f"uint8[{len(profile)}]"), profile)
    _require_room(path, spec.image_bytes())

    def finish(draft: Path) -> None:
        if not _is_whole(draft):
            raise OSError("what was written is not whole; is the disk full?")
        seal(draft)

    write_whole(path, [spec], [np.nan_to_num(pixels) if bits < 32 else pixels], finish)


def _require_room(path: Path, size: int) -> None:
    """Raises OutputError where the disk has no room for a picture of so many bytes, unpacked: on a
    full one libjpeg ends the process, and libpng says nothing."""
    if path.parent.is_dir() and shutil.disk_usage(path.parent).free < size + _BESIDE:
        raise OutputError(f"{printable(path)} cannot be written: the disk is full.")


def _is_whole(draft: Path) -> bool:
    """Whether all of a written picture is on the disk: what OpenImageIO holds back until a file is
    closed, it loses without a word."""
    if draft.suffix.lower() in (".png", ".jpg", ".jpeg"):
        return draft.stat().st_size > 0 and not damage(draft)
    return is_intact(draft)


def _kind(suffix: str, bits: int) -> tuple[str, int]:
    """OpenImageIO's word for the file's numbers, and how many bits of them count."""
    if suffix in (".jpg", ".jpeg"):
        return "uint8", 8
    if suffix == ".dpx":
        held = bits if bits in (8, 10, 12, 16) else 10
        return ("uint8" if held == 8 else "uint16"), held
    if suffix in (".tif", ".tiff") and not bits:
        return "float", 32
    return ("uint8", 8) if 0 < bits <= 8 else ("uint16", 16)
