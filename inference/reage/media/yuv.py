"""Movie pictures: from luma and chroma planes to R'G'B' and back, in float.

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


def from_rgb(
    rgb: Pixels, bits: int, matrix: int, rows: bool, interpolated: bool
) -> list[Plane]:
    """Luma, Cb and Cr of R'G'B' (h, w, 3), h and w even; whole numbers of `bits` bits, limited
    range, chroma subsampled by two across, with `rows` down as well. The reverse of `to_rgb`.

    interpolated: the picture's chroma came out of `to_rgb`, which is taken back to the very samples
                  it was drawn between; else it is the mean around each, weighted 1 2 1 and 1 1
    What the codes cannot hold becomes the nearest that they can: 0 and the highest are for
    synchronization (ITU-R BT.709, 5.6). NaN becomes black.
    """
    kr, kb = LUMA[matrix]
    one = float(1 << (bits - 8))
    rgb = np.nan_to_num(rgb, posinf=np.float32(1e4), neginf=np.float32(-1e4))
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    y = np.float32(kr) * red + np.float32(1 - kr - kb) * green + np.float32(kb) * blue
    chroma = [(blue - y) / np.float32(2 * (1 - kb)), (red - y) / np.float32(2 * (1 - kr))]
    weights = _TAKEN_BACK if interpolated else _MEANS
    halves = [_halved(c, weights, rows) for c in chroma]
    dtype = np.uint8 if bits == 8 else np.uint16
    coded = [16 * one + 219 * one * y, *(128 * one + 224 * one * c for c in halves)]
    return [np.clip(np.rint(plane), one, 255 * one - 1).astype(dtype) for plane in coded]


_MEANS = ((0.25, 0.5, 0.25), (0.0, 0.5, 0.5, 0.0))
_TAKEN_BACK = ((0.0, 1.0, 0.0), (-0.25, 0.75, 0.75, -0.25))
"""Weights across, around each second sample, and down, around the middle of each two. The second
take linear interpolation back: of samples c, rows are .75 c + .25 of the one before or behind."""


def _halved(
    chroma: Pixels, weights: tuple[tuple[float, ...], tuple[float, ...]], rows: bool
) -> Pixels:
    """(h, w) → (h, w/2), with `rows` (h/2, w/2); beyond the edge lies the edge."""
    across, down = weights
    padded = np.pad(chroma, ((0, 0), (1, 1)), mode="edge")
    width = chroma.shape[1]
    out = sum(np.float32(w) * padded[:, i : i + width : 2] for i, w in enumerate(across) if w)
    if not rows:
        return np.asarray(out)
    padded = np.pad(out, ((1, 1), (0, 0)), mode="edge")
    height = chroma.shape[0]
    return np.asarray(
        sum(np.float32(w) * padded[i : i + height : 2] for i, w in enumerate(down) if w)
    )


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
