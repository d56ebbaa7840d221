"""A relief taken apart into what a pattern's maps hold: lines, and folds."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pattern.noise import uv_grid
from reage.pixels.plate import Pixels

_FULL_LINES, _FULL_FOLDS = 2.0, 5.0
"""What a photograph's lines and folds are multiplied by, to be as strong as the drawn ones: a
pattern is that of the oldest years, and least squares finds less than there is, most of all in
folds that lie deep in their own shadow."""

_LINES = 5.0
"""Sigma in texels of 1024 below which relief is lines."""

_FOLDS = (3.0, 16.0)
"""Sigmas between which it is folds; what is wider is the head's own shape."""

_LONG, _TURNS = 16.0, 12
"""Sigma in texels along which a fold runs straight, and how many directions are tried."""

_NOISE = 2.0
"""0.1 mm of fold at which half of it is believed: mottled skin makes so much."""

_DEEPEST = (14.0, 40.0)
"""0.1 mm at which lines and folds are clipped, softly."""

_NOSE = (0.075, 0.64, 0.10)
"""Half width, v, half height in face UV: the nose's own shape is no fold."""


def lines_of(relief: Pixels) -> Pixels:
    """(N, N) 0.1 mm of lines, grooves below zero."""
    fine = relief - cv2.GaussianBlur(relief, (0, 0), _LINES * len(relief) / 1024)
    return _clipped(_FULL_LINES * fine, _DEEPEST[0])


def folds_of(relief: Pixels) -> Pixels:
    """(N, N) 0.1 mm of folds: of the broad relief what runs on along a line. What is faint or
    round, such as mottled skin, is left out."""
    size = len(relief)
    narrow, wide = (s * size / 1024 for s in _FOLDS)
    band = cv2.GaussianBlur(relief, (0, 0), narrow) - cv2.GaussianBlur(relief, (0, 0), wide)
    drawn = _along(np.asarray(band), _LONG * size / 1024)
    believed = drawn * drawn / (drawn * drawn + np.float32(_NOISE**2))
    return _clipped(_FULL_FOLDS * drawn * believed * (1 - _nose(size)), _DEEPEST[1])


def _along(field: Pixels, length: float) -> Pixels:
    """The field averaged along the direction in which most of it is left, at half its size."""
    half = cv2.resize(field, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    total, weights = np.zeros_like(half), np.full_like(half, 1e-6)
    for turn in np.pi * np.arange(_TURNS) / _TURNS:
        along = cv2.filter2D(half, -1, _stick(length / 2, float(turn)))
        weight = along * along
        total += weight * along
        weights += weight
    size = field.shape[::-1]
    return np.asarray(cv2.resize(total / weights, size, interpolation=cv2.INTER_CUBIC))


def _stick(sigma: float, turn: float) -> Pixels:
    """A Gaussian `sigma` long and a pixel wide, that sums to 1."""
    reach = int(3 * sigma) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    made = np.exp(-0.5 * (along / sigma) ** 2 - 0.5 * (across / 0.8) ** 2)
    return np.asarray(made / made.sum(), np.float32)


def _nose(size: int) -> Pixels:
    u, v = uv_grid(size)
    half_width, middle, half_height = _NOSE
    return np.exp(-(((u - 0.5) / half_width) ** 4) - ((v - middle) / half_height) ** 4)


def _clipped(field: Pixels, most: float) -> Pixels:
    return np.asarray(np.tanh(field / most) * most, np.float32)
