"""Squares that a smooth map is worked out on, and spread over all pixels from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.shape.camera import Floats


@dataclass(frozen=True)
class Grid:
    """Squares of an odd number of px that cover a region from its corner on."""

    region: Region
    step: int

    @classmethod
    def over(cls, region: Region, about: float) -> Grid:
        """Squares of about so many px."""
        return cls(region, max(1, 2 * round((about - 1) / 2) + 1))

    @property
    def centers(self) -> Region:
        """The pixels that are the squares' centers are every `step`th of this region's."""
        half = self.step // 2
        across, down = (-(-n // self.step) for n in (self.region.width, self.region.height))
        return Region(
            self.region.x + half, self.region.y + half,
            (across - 1) * self.step + 1, (down - 1) * self.step + 1,
        )  # fmt: skip

    @property
    def x(self) -> Floats:
        centers = self.centers
        return np.asarray(np.arange(centers.x, centers.right, self.step) + 0.5, np.float64)

    @property
    def y(self) -> Floats:
        centers = self.centers
        return np.asarray(np.arange(centers.y, centers.bottom, self.step) + 0.5, np.float64)

    def spread(self, values: Pixels) -> Pixels:
        """(h, w, C) of the region's pixels out of the squares' (rows, columns, C)."""
        size = (values.shape[1] * self.step, values.shape[0] * self.step)
        fine = cv2.resize(values, size, interpolation=cv2.INTER_CUBIC)
        return np.ascontiguousarray(fine[: self.region.height, : self.region.width])


def density(grid: Grid, points: Floats, weights: Floats, sigma: float) -> Pixels:
    """(rows, columns) the sum of Gaussians of deviation `sigma`, in px, at points (N, 2)."""
    rows, columns = len(grid.y), len(grid.x)
    x, y = ((points[:, k] - first) / grid.step for k, first in enumerate((grid.x[0], grid.y[0])))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    total = np.zeros((rows, columns))
    for down in (0, 1):
        for right in (0, 1):
            row, column = top + down, left + right
            inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            share = np.abs(1 - down - (y - top)) * np.abs(1 - right - (x - left)) * weights
            np.add.at(total, (row[inside], column[inside]), share[inside])
    wide = sigma / grid.step
    soft = cv2.GaussianBlur(total.astype(np.float32), (0, 0), wide, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(soft * np.float32(2 * np.pi * wide * wide))
