"""Where things are on the face, in the UV layout of the ICT-FaceKit face material.

The layout is symmetric about u = 0.5. Places were read off the UV of the 468
MediaPipe landmarks on that model (for example inner eye (.41, .71), outer eye
(.30, .72), nose tip (.5, .6), mouth corner (.388, .442)).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from reage.pattern.noise import Field, as_field, uv_grid
from reage.pixels.ramps import smooth_ramp

Points = npt.NDArray[np.float64]

# Gaussian places: (distance from the mid line, v, spread in u, spread in v).
PLACES: dict[str, tuple[float, float, float, float]] = {
    "cheek": (0.165, 0.600, 0.075, 0.065),
    "lower_cheek": (0.210, 0.500, 0.090, 0.110),
    "nose": (0.000, 0.605, 0.045, 0.050),
    "alar": (0.062, 0.560, 0.022, 0.024),
    "ear": (0.455, 0.610, 0.050, 0.120),
    "lid": (0.145, 0.738, 0.060, 0.016),
    "under_eye": (0.135, 0.690, 0.060, 0.024),
    "inner_eye": (0.092, 0.706, 0.022, 0.020),
    "outer_eye": (0.232, 0.712, 0.050, 0.060),
    "forehead": (0.000, 0.885, 0.200, 0.050),
    "upper_lip": (0.000, 0.530, 0.085, 0.024),
    "chin": (0.000, 0.305, 0.070, 0.045),
}

_UPPER_LIP = ((0.388, 0.442), (0.424, 0.493), (0.469, 0.512), (0.500, 0.507))
_LOWER_LIP = ((0.500, 0.354), (0.444, 0.360), (0.406, 0.385), (0.388, 0.442))


def place(name: str, size: int) -> Field:
    """A soft (size, size) weight in 0..1, 1 at the named place, on both sides of the face."""
    off, v0, spread_u, spread_v = PLACES[name]
    centers = (np.arange(size) + 0.5) / size
    across = np.exp(-(((np.abs(centers - 0.5) - off) / spread_u) ** 2))
    down = np.exp(-(((centers[::-1] - v0) / spread_v) ** 2))
    return as_field(np.outer(down.astype(np.float32), across.astype(np.float32)))


def neck(size: int) -> Field:
    """1 on the neck, falling to 0 at the jaw."""
    _, v = uv_grid(size)
    return smooth_ramp(v, 0.25, 0.17)


def through(points: npt.ArrayLike, count: int) -> Points:
    """`count` samples of the Catmull-Rom curve through the given UV points, (count, 2)."""
    knots = np.asarray(points, dtype=np.float64)
    padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    at = np.linspace(0.0, len(knots) - 1.0, count)
    k = np.clip(at.astype(int), 0, len(knots) - 2)
    t = (at - k)[:, None]
    a, b, c, d = (padded[k + i] for i in range(4))
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
    return np.asarray(0.5 * (curve + (3 * b - a - 3 * c + d) * t**3))


def mirrored(points: Points) -> Points:
    """The same points on the other side of the face."""
    return points * (-1.0, 1.0) + (1.0, 0.0)


def lips(size: int) -> Field:
    """The red of the lips, 0..1, with the soft edge that lips have."""
    side = np.vstack([through(_UPPER_LIP, 30), through(_LOWER_LIP, 30)])
    pixels = np.stack([side[:, 0] * size, (1.0 - side[:, 1]) * size], axis=1) - 0.5
    half = np.zeros((size, size), np.float32)
    cv2.fillPoly(half, [np.round(pixels * 16).astype(np.int32)], 1.0, shift=4)
    both = np.maximum(half, half[:, ::-1])
    return as_field(cv2.GaussianBlur(both, (0, 0), max(0.5, 0.0022 * size)))
