"""Pictures of a career as files, as they leave cameras, scanners and mail programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio

from reage.errors import OutputError
from reage_training.output import Shown
from reage_training.synth.head import Floats

AP1 = (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767)
"""CIE xy of ACEScg's red, green, blue and white (Academy S-2014-004)."""


def write_photograph(path: Path, picture: Shown, quality: int, taken: date | None) -> None:
    """JPEG, PNG or TIFF, as the path says; taken: an EXIF date. Raises OutputError."""
    spec = oiio.ImageSpec(picture.shape[1], picture.shape[0], 3, "uint8")
    if path.suffix == ".jpg":
        spec.attribute("compression", f"jpeg:{quality}")
    if taken is not None:
        spec.attribute("DateTime", f"{taken:%Y:%m:%d} 12:00:00")
        spec.attribute("Exif:DateTimeOriginal", f"{taken:%Y:%m:%d} 12:00:00")
    _write(path, spec, picture)


def write_linear(path: Path, rgb: Floats) -> None:
    """(h, w, 3) scene-linear ACEScg as a half-float EXR. Raises OutputError."""
    spec = oiio.ImageSpec(rgb.shape[1], rgb.shape[0], 3, "half")
    spec.attribute("compression", "zip")
    spec.attribute("chromaticities", oiio.TypeDesc("float[8]"), AP1)
    spec.attribute("colorspace", "ACEScg")
    # Else it says when it was written, and equal pictures would be unequal files.
    spec.attribute("DateTime", "2000:01:01 00:00:00")
    _write(path, spec, np.ascontiguousarray(rgb, np.float32))


def write_matte(path: Path, matte: Floats) -> None:
    """(h, w) 0 … 1 as an 8-bit PNG. Raises OutputError."""
    spec = oiio.ImageSpec(matte.shape[1], matte.shape[0], 1, "uint8")
    _write(path, spec, (np.clip(matte, 0, 1) * 255 + 0.5).astype(np.uint8)[..., None])


def read_picture(path: Path) -> Shown:
    """(h, w, 3) 8 bits."""
    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise OutputError(f"{path} is no picture any more.")
    return np.asarray(found[..., ::-1], np.uint8)


def _write(path: Path, spec: oiio.ImageSpec, pixels: np.ndarray) -> None:
    part = path.with_name(f".part_{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        out = oiio.ImageOutput.create(str(part))
        if not (out and out.open(str(part), spec) and out.write_image(pixels) and out.close()):
            raise OutputError(f"{path} cannot be written: {out.geterror() if out else ''}")
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
