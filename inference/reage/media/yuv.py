"""Movie pictures: from luma and chroma planes to R'G'B', in float, nothing clamped.

A library's own converter rounds to whole numbers and cuts what lies outside 0 … 1. Here
ten bits stay ten bits, and excursions below black and above white stay.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

LUMA = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    6: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
}
"""KR, KB by MatrixCoefficients of ITU-T H.273 table 4: BT.709, FCC, BT.601 (two), SMPTE
240M, BT.2020 non-constant luminance."""

Plane = npt.NDArray[np.unsignedinteger]


def to_rgb(
    planes: Sequence[Plane], bits: int, full_range: bool, matrix: int, region: Region
) -> Pixels:
    """R'G'B' of a region, (h, w, 3) float32; nominally 0 … 1.

    planes: luma, Cb, Cr; (H, W) whole numbers of `bits` bits, chroma of equal size or
            subsampled by two or four. Chroma samples sit on the left luma sample of their
            row and midway between rows (ITU-T H.273 chroma location 0).
    matrix: a key of LUMA
    """
    kr, kb = LUMA[matrix]
    luma, *chroma = planes
    one = float(1 << (bits - 8))
    peak = float((1 << bits) - 1)
    black, white, swing = (0.0, peak, peak) if full_range else (16 * one, 219 * one, 224 * one)
    y = (luma[region.slices(_whole(luma))].astype(np.float32) - np.float32(black)) / np.float32(
        white
    )
    cb, cr = ((_upsampled(c, luma, region) - 128 * one) / np.float32(swing) for c in chroma)
    red = y + np.float32(2 * (1 - kr)) * cr
    blue = y + np.float32(2 * (1 - kb)) * cb
    green = (y - np.float32(kr) * red - np.float32(kb) * blue) / np.float32(1 - kr - kb)
    return np.stack([red, green, blue], axis=-1)


def _whole(plane: Plane) -> Region:
    return Region(0, 0, plane.shape[1], plane.shape[0])


def _upsampled(chroma: Plane, luma: Plane, region: Region) -> Pixels:
    """Chroma at the region's luma samples, (h, w) float32, linear between its samples."""
    step_y, step_x = (round(a / b) for a, b in zip(luma.shape, chroma.shape, strict=True))
    rows = (np.arange(region.y, region.bottom) + 0.5) / step_y - 0.5
    columns = np.arange(region.x, region.right) / step_x
    (top, bottom, down), (left, right, across) = (
        _between(rows, chroma.shape[0]),
        _between(columns, chroma.shape[1]),
    )
    needed = chroma[:, left].astype(np.float32) * (1 - across)
    needed += chroma[:, right] * across
    return needed[top] * (1 - down)[:, None] + needed[bottom] * down[:, None]


def _between(
    positions: npt.NDArray[np.float64], size: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """The samples before and after each position, and the weight of the one after."""
    first = np.floor(positions)
    weight = (positions - first).astype(np.float32)
    before = np.clip(first, 0, size - 1).astype(np.intp)
    after = np.clip(first + 1, 0, size - 1).astype(np.intp)
    return before, after, weight
