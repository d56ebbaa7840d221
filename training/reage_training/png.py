"""Pictures for people to look at, as 8-bit sRGB PNG files."""

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


def write_png(path: Path, picture: Shown) -> None:
    """Raises OutputError."""
    ok, data = cv2.imencode(".png", picture[..., ::-1])
    try:
        if not ok:
            raise OSError("the picture cannot be coded as PNG")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    except OSError as e:
        raise OutputError(f"Cannot write the picture {path}: {e}") from e
