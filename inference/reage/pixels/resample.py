"""Pictures seen through a map: turned and scaled, squeezed and unsqueezed."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from reage.pixels.geometry import Region, Similarity, unsqueezed
from reage.pixels.plate import Pixels

_UPRIGHT = Similarity(1, 0, 0, 0)


def turned(
    pixels: Pixels,
    source: Region,
    target: Region,
    target_to_source: Similarity,
    aspect: float = 1.0,
    edges: bool = False,
) -> Pixels:
    """Pixels (h, w[, c]) of `source` as `target` shows them, (h, w[, c]) float32.

    target_to_source: between square px; `aspect`: width over height of the source's own pixels
    edges: whether the source's edge pixels go on beyond it; zero otherwise
    """
    into = Similarity(1, 0, target.x + 0.5, target.y + 0.5)
    matrix = into.then(target_to_source).matrix
    matrix[0] /= aspect
    matrix[:, 2] -= (source.x + 0.5, source.y + 0.5)  # cv2 counts from pixel centers
    return _warp(pixels, matrix, (target.width, target.height), edges)


def widened(pixels: Pixels, region: Region, aspect: float) -> tuple[Pixels, Region]:
    """A plate's pixels in square px, and the region that they cover there: what of a pixel is
    beyond the last column is that column."""
    square = Region.spanning(unsqueezed(region.corners, aspect))
    return turned(pixels, region, square, _UPRIGHT, aspect, edges=True), square


def narrowed(read: Callable[[Region], Pixels], region: Region, aspect: float) -> Pixels:
    """What `read` gives of a region in square px, as the plate's pixels of `region` hold it."""
    room = math.ceil(4 * max(1.0, aspect))
    square = Region.spanning(unsqueezed(region.corners, aspect)).expand(room)
    x, y = unsqueezed([(region.x + 0.5, region.y + 0.5)], aspect)[0]
    matrix = np.array([[aspect, 0, x - square.x - 0.5], [0, 1, y - square.y - 0.5]])
    return _warp(read(square), matrix, (region.width, region.height), edges=False)


def _warp(
    pixels: Pixels, matrix: npt.NDArray[np.float64], size: tuple[int, int], edges: bool
) -> Pixels:
    """Bicubic resampling with a Gaussian against aliasing where the picture shrinks.

    matrix: (2, 3), from the result's array indices to those of `pixels`, as cv2 has it
    """
    steps = (math.hypot(matrix[0, 0], matrix[0, 1]), math.hypot(matrix[1, 1], matrix[1, 0]))
    if max(steps) > 1.0:
        # A Gaussian of σ = ½·√(shrink² − 1) source pixels brings a picture that was sharp
        # at its own sampling to about the same sharpness at the coarser one.
        across, down = (0.5 * math.sqrt(max(step * step - 1.0, 1e-6)) for step in steps)
        pixels = cv2.GaussianBlur(pixels, (0, 0), across, None, down, cv2.BORDER_REPLICATE)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    border = cv2.BORDER_REPLICATE if edges else cv2.BORDER_CONSTANT

    def warped(part: Pixels) -> Pixels:
        here = np.ascontiguousarray(part)
        return np.asarray(
            cv2.warpAffine(here, matrix, size, flags=flags, borderMode=border, borderValue=0),
            np.float32,
        )

    if pixels.ndim == 2 or pixels.shape[2] <= 3:
        return warped(pixels)
    # cv2 warps four channels at most; three by three each color is warped as it is alone.
    return np.dstack([warped(pixels[..., i : i + 3]) for i in range(0, pixels.shape[2], 3)])
