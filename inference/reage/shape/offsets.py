"""The warp of one frame: where each pixel of a re-shaped face comes from.

    result(p) = picture(p + offset(p) · shape)

One displacement field lies over the younger of the two faces. Younger fetches along it; older
goes back through it. So the one undoes the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.faces.skin import Spline, facing
from reage.pixels.geometry import Region, squeezed
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smooth_ramp
from reage.pixels.resample import narrowed
from reage.shape.bending import carried_on, inverse, unfolded
from reage.shape.camera import Floats
from reage.shape.fields import displaced
from reage.shape.grid import Grid, density
from reage.shape.head import head
from reage.shape.pair import FacePair
from reage.shape.warp import moving

END = 0.15
"""Face sizes past the head's outline at which nothing moves any more."""

_GRID = 1 / 100
"""Face sizes between the places at which offsets are worked out; the narrowest field's deviation
is 1.7 times as much."""

_FINEST = 1 / 256
"""Px that offsets are rounded to: what nobody sees costs neither time nor room in a file."""

_CELLS = 21
"""Of the spline over head and neck; as fine as the one over a face."""

_NEAR = 0.045
"""Deviation, in face sizes, of the Gaussian that each of the head's points spreads: where they lie
as densely as on a cheek their sum is about 2, at its outline 1."""

_NONE, _WHOLE = 0.02, 0.5
"""Of that sum, over all points: where nothing of the head is, and where all of it is."""

_KNOWN = 0.7
"""The same over the points that are believed: where the map of the head is."""

_SOFT = 0.05
"""Face sizes over which an age map steers the shape, at least."""


@dataclass(frozen=True)
class Offsets:
    """region: plate pixels; xy: (h, w, 2) float32, plate px, x right and y down: where each pixel
    comes from, less where it is; zero at the region's edge."""

    region: Region
    xy: Pixels

    def squeezed(self, aspect: float, data: Region) -> Offsets:
        """The same, worked out in square px, in the px of a plate whose data that is."""
        region = Region.spanning(squeezed(self.region.corners, aspect)).intersect(data)

        def read(square: Region) -> Pixels:
            out = np.zeros((square.height, square.width, 2), np.float32)
            here = square.intersect(self.region)
            out[here.slices(square)] = self.xy[here.slices(self.region)]
            return out

        xy = narrowed(read, region, aspect)
        xy[..., 0] /= aspect
        return Offsets(region, _rounded(xy))


@dataclass(frozen=True)
class Share:
    """values: (h, w) of the plate's `region`: how much of the warp there is to be."""

    values: Pixels
    region: Region

    def over(self, grid: Grid, sigma: float) -> Pixels:
        """(rows, columns), blurred by `sigma` px so that skin is bent and not torn."""
        column = np.clip(grid.x.astype(int) - self.region.x, 0, self.region.width - 1)
        row = np.clip(grid.y.astype(int) - self.region.y, 0, self.region.height - 1)
        found = self.values[row[:, None], column]
        return np.asarray(cv2.GaussianBlur(found, (0, 0), max(sigma / grid.step, 0.1)))


def offsets(
    face: FaceFrame, amounts: Floats, data: Region, share: Share | None = None
) -> Offsets | None:
    """The warp that gives a face `amounts` (F,) more of each of `fields.FIELDS`, all of one sign.

    data: plate pixels that there are; nothing is fetched from beyond them
    share: how much of it, where that differs from place to place

    None where nothing moves, or the face has no mesh. The region is no larger than what moves.
    """
    seen = face.landmarks()
    if seen is None or not amounts.any():
        return None
    ages = bool(amounts.sum() > 0)
    gained = amounts if ages else -amounts
    pair = FacePair.of(seen, facing(np.array(face.mesh)), gained, ages)
    margin = END * face.size
    region = pair.region(margin).intersect(data)
    if region.empty:
        return None
    grid = Grid.over(region, face.size * _GRID)
    on_head = Spline.through(pair.young, head().points, pair.believed, margin, cells=_CELLS)
    at = on_head.over(grid.centers, grid.step)
    ahead = pair.camera.along(displaced(at, gained)).astype(np.float32)
    near = _NEAR * face.size
    known = density(grid, pair.young, pair.believed, near)
    ahead = carried_on(ahead, smooth_ramp(known, 0, _KNOWN), near / grid.step)
    there = density(grid, pair.young, np.ones(len(pair.young)), near)
    ahead *= smooth_ramp(there, _NONE, _WHOLE)[..., None]
    ahead = unfolded(ahead, grid.step, near / grid.step)
    ahead *= _inside(grid, margin, data)[..., None]
    if share is not None:
        ahead *= share.over(grid, _SOFT * face.size)[..., None]
    xy = _rounded(grid.spread(inverse(ahead, grid.step) if ages else ahead))
    moved = region.bounds(moving(xy))
    return None if moved.empty else Offsets(moved, xy[moved.slices(region)])


def _rounded(xy: Pixels) -> Pixels:
    return np.asarray(np.round(xy / np.float32(_FINEST)) * np.float32(_FINEST), np.float32)


def _inside(grid: Grid, margin: float, data: Region) -> Pixels:
    """(rows, columns) 1 … 0: towards the edge of the data, from beyond which nothing may be
    fetched."""
    x = np.minimum(grid.x - data.x, data.right - grid.x)
    y = np.minimum(grid.y - data.y, data.bottom - grid.y)
    inside = np.minimum.outer(smooth_ramp(y, 0, margin), smooth_ramp(x, 0, margin))
    return np.asarray(inside, np.float32)
