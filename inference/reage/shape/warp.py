"""A picture whose pixels are fetched from beside where they are."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from reage.pixels.plate import Pixels

_CHUNK = 1 << 15
"""Pixels at a time: what they need stays in a core's cache."""


def moving(xy: Pixels) -> npt.NDArray[np.bool_]:
    """(h, w) where offsets (h, w, 2) are not zero; `xy.any(-1)`, which says the
    same, is slow over axes of two."""
    return np.asarray((xy[..., 0] != 0) | (xy[..., 1] != 0))


def warped(pixels: Pixels, xy: Pixels, amount: float = 1.0) -> Pixels:
    """(h, w, C) float32 whose every pixel p is `pixels` at p + xy(p) · amount.

    xy: (h, w, 2) px, x right and y down. Where it is zero, pixels keep their bits; beyond the
    picture its edge goes on. Cubic convolution with a = −½ (Keys 1981, IEEE TASSP 29:6), which is
    Nuke's filter Keys; OpenCV's rounds places to 1/32 px, and OpenImageIO's takes several
    times as long.
    """
    out = np.array(pixels, np.float32)
    flat = out.reshape(-1, pixels.shape[2])
    planes = [plane.copy() for plane in flat.T]
    there = np.flatnonzero(moving(xy)) if amount else np.zeros(0, np.intp)
    height, width = pixels.shape[:2]
    offsets = xy.reshape(-1, 2)
    for first in range(0, len(there), _CHUNK):
        here = there[first : first + _CHUNK]
        row, column = np.divmod(here, width)
        x, across = _taps(column, offsets[here, 0] * np.float32(amount), width)
        y, down = _taps(row, offsets[here, 1] * np.float32(amount), height)
        totals = [np.zeros(len(here), np.float32) for _ in planes]
        tap = np.empty(len(here), np.float32)
        for (top, share), (left, weight) in product(
            zip(y, down, strict=True), zip(x, across, strict=True)
        ):
            at, both = top * width + left, share * weight
            for plane, total in zip(planes, totals, strict=True):
                np.take(plane, at, out=tap, mode="clip")
                tap *= both
                total += tap
        flat[here] = np.stack(totals, 1)
    return out


def _taps(at: np.ndarray, offset: Pixels, size: int) -> tuple[list[np.ndarray], list[Pixels]]:
    """Four pixels around `at` + offset along one side of a picture, and their weights."""
    whole = np.floor(offset)
    t = offset - whole
    first = at + whole.astype(np.intp) - 1
    places = [np.clip(first + k, 0, size - 1) for k in range(4)]
    square, cube = t * t, t * t * t
    half = np.float32(0.5)
    weights = [
        half * (2 * square - t - cube),
        half * (2 - 5 * square + 3 * cube),
        half * (t + 4 * square - 3 * cube),
        half * (cube - square),
    ]
    return places, weights
