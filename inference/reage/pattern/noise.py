"""Grids and seeded noise: the cloth that the skin textures are cut from.

Textures are (N, N) float32; row 0 is v = 1 (forehead), column 0 is u = 0, and a
texel stands at its center. Distances are in UV units: about 300 mm to one on the ICT-FaceKit face.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]


def uv_grid(size: int) -> tuple[Field, Field]:
    """The u and v of every texel, two (size, size) float32 arrays in (0, 1)."""
    centers = ((np.arange(size) + 0.5) / size).astype(np.float32)
    u, v = np.meshgrid(centers, centers[::-1])
    return u, v


def as_field(values: npt.ArrayLike) -> Field:
    """The values as float32, not copied where they already are."""
    return np.asarray(values, dtype=np.float32)


def normalised(field: npt.NDArray[np.floating]) -> Field:
    """The field with mean 0 and standard deviation 1."""
    return as_field((field - field.mean()) / field.std())


def smooth_noise(rng: np.random.Generator, size: int, sigma: float) -> Field:
    """Blurred white noise, (size, size), mean 0, deviation 1; `sigma` in UV units.

    Wide noise is made small and enlarged, so its cost does not grow with `sigma`.
    """
    shrink = max(1, int(sigma * size / 3.0))
    cells = size // shrink + 8
    grain = rng.standard_normal((cells, cells), dtype=np.float32)
    blurred = cv2.GaussianBlur(grain, (0, 0), max(0.5, sigma * size / shrink))
    if shrink > 1:
        side = cells * shrink
        blurred = cv2.resize(blurred, (side, side), interpolation=cv2.INTER_CUBIC)
    return normalised(blurred[:size, :size])


def wander(rng: np.random.Generator, count: int, period: float) -> npt.NDArray[np.float64]:
    """A smooth random walk of `count` samples, mean about 0 and deviation about 1.

    `period` is the number of samples between independent knots.
    """
    knots = max(4, int(count / period) + 3)
    values = rng.standard_normal(knots)
    at = np.linspace(0.0, knots - 1.0, count)
    left = np.clip(at.astype(int), 0, knots - 2)
    t = at - left
    t = t * t * (3.0 - 2.0 * t)
    return np.asarray(values[left] * (1.0 - t) + values[left + 1] * t)
