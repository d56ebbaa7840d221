"""Files for people to look at: pictures as 8-bit sRGB, pages, figures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import OutputError

Shown = npt.NDArray[np.uint8]
"""(h, w, 3) sRGB, 8 bits."""


def eight_bits(picture: npt.NDArray[np.floating]) -> Shown:
    """(h, w, 3) sRGB 0 … 1, clipped there, to 8 bits."""
    out: Shown = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return out


def write_picture(path: Path, picture: Shown, quality: int | None = None) -> int:
    """Write a PNG or a JPEG, as the path says; quality of JPEG, 0 … 100. Returns its bytes.
    Raises OutputError."""
    options = [] if quality is None else [cv2.IMWRITE_JPEG_QUALITY, quality]
    try:
        ok, data = cv2.imencode(path.suffix, picture[..., ::-1], options)
    except cv2.error:
        ok = False
    if not ok:
        raise OutputError(f"{path} cannot be written as a picture; name it *.png, or *.jpg.")
    return write(path, data.tobytes())


def write(path: Path, data: bytes) -> int:
    """Write a file and the folders that lead to it. Returns its bytes. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.write_bytes(data)
    except OSError as e:
        raise OutputError(f"Cannot write {path}: {e}") from e
