"""What keeps a displacement of pixels smooth: carried on beyond an outline, unfolded, inverted.

Displacements are (rows, columns, 2) float32, px, on the squares of a grid.
"""

from __future__ import annotations

import cv2
import numpy as np

from reage.pixels.plate import Pixels
from reage.pixels.ramps import smooth_ramp

_STEEP, _SMOOTHINGS = 0.33, 12
"""Slope from which the warp is blurred, and how often at most: below .5 it folds nowhere even where
an artist doubles it, and below 1 `inverse` finds the way back."""

_ROUNDS = 12
"""Of `inverse`: each leaves at most seven tenths of the error of the one before."""


def carried_on(ahead: Pixels, known: Pixels, sigma: float) -> Pixels:
    """What moves inside, carried on beyond the outline, where the map of the head runs wild.

    known: (rows, columns) 1 … 0 how far `ahead` is believed; sigma: in squares of the grid
    """
    weight = known[..., None]
    mixed = np.concatenate([ahead * weight, weight], -1)
    soft = cv2.GaussianBlur(mixed, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    around = soft[..., :2] / np.maximum(soft[..., 2:], np.float32(1e-3))
    return np.asarray(ahead * weight + around * (1 - weight))


def unfolded(ahead: Pixels, step: int, sigma: float) -> Pixels:
    """The same, blurred wherever it changes by much more than _STEEP px a px, as it does at a
    silhouette behind which there is more of the head; sigma: in squares."""
    if min(ahead.shape[:2]) < 2:
        return ahead
    for _ in range(_SMOOTHINGS):
        steep = smooth_ramp(_slope(ahead, step), _STEEP, 1.5 * _STEEP)
        if not steep.any():
            break
        wide = cv2.dilate(steep, None, iterations=int(sigma))
        share = cv2.GaussianBlur(wide, (0, 0), sigma / 2)[..., None]
        ahead = ahead + (cv2.GaussianBlur(ahead, (0, 0), sigma / 2) - ahead) * share
    return ahead


def _slope(ahead: Pixels, step: int) -> Pixels:
    """(rows, columns) px a px, over both of a displacement's directions."""
    both = (cv2.Sobel(ahead, -1, *way, ksize=1, scale=0.5 / step) for way in ((1, 0), (0, 1)))
    squares = sum(each * each for each in both)
    return np.asarray(np.sqrt(squares[..., 0] + squares[..., 1]))


def inverse(ahead: Pixels, step: int) -> Pixels:
    """What leads back from where `ahead` (rows, columns, 2) leads, in px of squares of `step`:
    the b for which b(p) = −ahead(p + b(p))."""
    rows, columns = ahead.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    back = -ahead
    for _ in range(_ROUNDS):
        at_x, at_y = x + back[..., 0] / step, y + back[..., 1] / step
        back = -cv2.remap(ahead, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return back
