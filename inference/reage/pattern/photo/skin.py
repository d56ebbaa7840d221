"""What of an unwrapped photograph is bare skin: by its place on the face, and by how it looks.

By place: brows, eyes with their lashes, nostrils, lips with their edge, and what lies past the
hairline are left out. By how it looks: what has another color than this face's skin, is far darker
or brighter than what is around it (hair, frames, shadows' edges, highlights, clipped patches), or
is as rough as hair.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from reage.faces.skin import places
from reage.pattern.noise import uv_grid
from reage.pattern.regions import place
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smooth_ramp

_EYE = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
_OTHER_EYE = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
_OTHER_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_GROWN = ((_EYE, 0.011), (_OTHER_EYE, 0.011), (_BROW, 0.010), (_OTHER_BROW, 0.010), (_LIPS, 0.008))
"""Landmarks around what is no skin, and by how much more is left out, in face UV."""

_NOSTRIL, _NOSTRIL_SIZE = (0.046, 0.569), (0.030, 0.016)
"""From the middle line and v, and half sides, in face UV."""

_HAIRLINE = 0.935
"""v beyond which hair begins on most; what hangs lower is told by how it looks."""

_SOFT = 0.004
"""Of the edges, in face UV."""


@cache
def by_place(size: int) -> Pixels:
    """(size, size) 0 … 1, read-only: where faces have skin."""
    out = np.zeros((size, size), np.float32)
    texels = places() * [size, -size] + [0.0, size]
    for ring, grown in _GROWN:
        one = np.zeros((size, size), np.uint8)
        hull = cv2.convexHull(texels[list(ring)].astype(np.float32))
        cv2.fillConvexPoly(one, np.round(hull).astype(np.int32), 1)
        side = 2 * round(grown * size) + 1
        out = np.maximum(out, cv2.dilate(one, _disk(side)))
    u, v = uv_grid(size)
    off = (np.abs(u - 0.5) - _NOSTRIL[0]) / _NOSTRIL_SIZE[0]
    out = np.maximum(out, (off**2 + ((v - _NOSTRIL[1]) / _NOSTRIL_SIZE[1]) ** 2 < 1))
    out = np.maximum(out, v > _HAIRLINE)
    soft = 1 - cv2.GaussianBlur(out.astype(np.float32), (0, 0), _SOFT * size)
    soft = np.clip(2 * soft - 1, 0, 1)
    soft.setflags(write=False)
    return np.asarray(soft, np.float32)


def by_look(rgb: Pixels, clipped: Pixels, seen: Pixels) -> Pixels:
    """(N, N) 0 … 1: where it looks like the skin of this face.

    rgb:     (N, N, 3) unwrapped, scene-linear
    clipped: (N, N) 0 … 1
    seen:    (N, N) 0 … 1, where there is anything to be seen that may be skin
    """
    size = len(rgb)
    sure = seen * (place("cheek", size) + place("forehead", size) + place("nose", size)) > 0.5
    if np.count_nonzero(sure) < 100:
        sure = seen > 0.5
    if not sure.any():
        return np.zeros_like(seen)
    logs = np.log2(rgb + np.float32(0.02) * np.median(rgb[sure]))
    light = logs.mean(-1)
    level = float(np.median(light[sure]))
    unit = size / 1024
    colors = [logs[..., 0] - logs[..., 1], logs[..., 1] - logs[..., 2]]
    off = sum(_off(cv2.GaussianBlur(c, (0, 0), 3 * unit), sure) ** 2 for c in colors)
    kept = 1 / (1 + (off / 20) ** 2)
    fine = cv2.GaussianBlur(light, (0, 0), 0.8 * unit) - cv2.GaussianBlur(light, (0, 0), 2.5 * unit)
    rough = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 9 * unit))
    kept = kept / (1 + (rough / (3.2 * float(np.median(rough[sure])) + 1e-6)) ** 6)
    around = among(light, seen * kept, 36 * unit)
    apart = cv2.GaussianBlur(light, (0, 0), 2.5 * unit) - around
    kept = kept * smooth_ramp(-apart, 2.4, 1.6) * smooth_ramp(apart, 0.9, 0.55)
    kept = kept * smooth_ramp(level - light, 4.0, 3.0) * (1 - np.clip(4 * clipped, 0, 1))
    narrowed = cv2.erode(kept.astype(np.float32), _disk(2 * round(3 * unit) + 1))
    return np.asarray(cv2.GaussianBlur(narrowed, (0, 0), 3 * unit), np.float32)


def _off(color: Pixels, sure: np.ndarray) -> Pixels:
    """How far a color is from the skin's, in its own spread there."""
    middle = float(np.median(color[sure]))
    spread = 1.48 * float(np.median(np.abs(color[sure] - middle)))
    return np.asarray((color - middle) / max(spread, 0.10))


def among(field: Pixels, weight: Pixels, sigma: float) -> Pixels:
    """The mean of a field around each texel, of what has weight."""
    weight = weight + np.float32(1e-4)
    total = cv2.GaussianBlur(field * weight, (0, 0), sigma)
    return np.asarray(total / cv2.GaussianBlur(weight, (0, 0), sigma))


def _disk(side: int) -> np.ndarray:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
