"""Patterns as people look at them: a gray relief in a light from the side, marks in brown."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from reage.media.png import write_png
from reage.pattern.maps import FOLDS_UNIT, LINES_UNIT, MARKS_UNIT
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

FACE = Region(150, 60, 724, 724)
"""What is shown of the texture: the face, without ears and neck."""

_SLOPE = 0.16
"""Brightness for each 0.1 mm of relief a texel."""

_SHADE = 0.012
"""What 0.1 mm of depth takes."""

_SKIN, _MARK = np.array([0.80, 0.78, 0.76], np.float32), np.array([0.5, 1.0, 1.35], np.float32)


def picture(shown: Pixels, coverage: Pixels | None = None) -> Pixels:
    """(724, 724, 3) 0 … 1 of a pattern's maps (SIZE, SIZE, 3); darker where coverage, 0 … 1, says
    that nothing is known."""
    relief = shown[..., 0] * LINES_UNIT + shown[..., 1] * FOLDS_UNIT
    right, down = (cv2.Sobel(relief, -1, *way, scale=0.125) for way in ((1, 0), (0, 1)))
    light = 0.78 - _SLOPE * (0.6 * right + 0.8 * down) + _SHADE * relief
    tone = np.maximum(shown[..., 2] * MARKS_UNIT, 0)
    lit = np.clip(light, 0, 1)[..., None] * _SKIN * np.exp(-tone[..., None] * _MARK)
    if coverage is not None:
        lit = lit * (0.25 + 0.75 * np.asarray(coverage)[..., None])
    rows, columns = FACE.slices(Region(0, 0, *shown.shape[1::-1]))
    return np.asarray(np.clip(lit[rows, columns], 0, 1), np.float32)


def write_picture(path: Path, shown: Pixels, coverage: Pixels | None = None) -> None:
    """A PNG of one pattern. Raises OutputError."""
    write_png(path, (picture(shown, coverage) * 255 + 0.5).astype(np.uint8))
