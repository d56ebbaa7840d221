"""Writing a picture for people."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from reage.errors import OutputError
from reage.media.replacing import replacing


def write_png(path: Path, rgb: np.ndarray) -> None:
    """Write (h, w, 3) uint8, whole or not at all. Raises OutputError, and FileInUse as
    `put_in_place` does."""
    ok, data = cv2.imencode(".png", rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft:
            draft.write_bytes(data.tobytes() if ok else b"")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e
