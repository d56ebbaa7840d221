"""A smooth map of the plane through scattered, noisy points: a thin plate of B-splines.

Cubic B-splines on a lattice over the points' bounds, fitted by least squares with the bending
energy of a thin plate as penalty: Eilers and Marx 1996, "Flexible smoothing with B-splines and
penalties" (Statistical Science 11:2), in two dimensions. Unlike radial functions it costs the
same for any number of pixels, and does not mind points that fall together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from reage.pixels.geometry import Region

Floats = npt.NDArray[np.float64]

CELLS = 15
"""Lattice cells along either side of a face's bounds; about a twelfth of a face each."""

_BAND = 3
"""Coefficients along a side beyond its cells; rows of them that meet: a B-spline reaches over so
many more."""

_CHUNK = 16
"""Rows of pixels in one matrix product. Small products stay on their thread: on a busy machine
a linear-algebra library's own threads wait for each other far longer than they compute."""

_STIFFNESS = 0.003
"""Weight of the bending energy against the points': more calms noise no further on a face's 468
points (a third of it goes), and misses their places around eyes and lips."""


@dataclass(frozen=True)
class Spline:
    """A map from the plane to C values.

    low, high:    (2,) corners of the rectangle that the lattice covers; beyond, the map keeps
                  its values at the edge
    coefficients: (side, side, C) by y, then x
    """

    low: Floats
    high: Floats
    coefficients: Floats

    @classmethod
    def through(
        cls, points: Floats, values: Floats, weights: Floats, margin: float, cells: int = CELLS
    ) -> Spline:
        """The map that meets values (N, C) at points (N, 2), as far as weights (N,) ask.

        margin: how far beyond the points' bounds it is continued, in the points' unit
        cells:  of the lattice along either side, a multiple of three
        Law: where values are an affine function of points, so is the map.
        """
        low, high = points.min(0) - margin, points.max(0) + margin
        at = (points - low) / (high - low)
        side = cells + _BAND
        x, y = _parts(at[:, 0], cells), _parts(at[:, 1], cells)
        basis = (y.weights[:, :, None] * x.weights[:, None]).reshape(len(points), 16)
        place = (y.first[:, None, None] + np.arange(4)[:, None]) * side
        place = (place + x.first[:, None, None] + np.arange(4)).reshape(len(points), 16)
        weighted = basis * weights[:, None]
        size = side * side
        pairs = (place[:, :, None] * size + place[:, None]).ravel()
        products = (weighted[:, :, None] * basis[:, None]).ravel()
        matrix = np.asarray(np.bincount(pairs, products, size * size), np.float64)
        matrix = matrix.reshape(size, size)
        ratio = float((high[1] - low[1]) / (high[0] - low[0]))
        across, twist, down = _bending(side)
        matrix = matrix + _STIFFNESS * (ratio**2 * across + 2 * twist + down / ratio**2)
        right: Floats = np.stack(
            [np.bincount(place.ravel(), (weighted * v[:, None]).ravel(), size) for v in values.T], 1
        )
        return cls(low, high, _solved(matrix, right, side).reshape(side, side, -1))

    def at(self, points: Floats) -> Floats:
        """(N, C) at points (N, 2)."""
        at = (points - self.low) / (self.high - self.low)
        side = len(self.coefficients)
        across, down = _matrix(at[:, 0], side), _matrix(at[:, 1], side)
        return np.asarray(np.einsum("na,nb,abc->nc", down, across, self.coefficients))

    def over(self, region: Region, step: int = 1) -> npt.NDArray[np.float32]:
        """(h, w, C) float32 at the centers of a region's pixels, or of each `step`th."""
        x = np.arange(region.x, region.right, step) + 0.5
        y = np.arange(region.y, region.bottom, step) + 0.5
        side = len(self.coefficients)
        span = self.high - self.low
        across = _matrix((x - self.low[0]) / span[0], side).astype(np.float32)
        down = _matrix((y - self.low[1]) / span[1], side).astype(np.float32)
        planes = self.coefficients.astype(np.float32).transpose(2, 0, 1)
        rows = len(y)
        down = np.pad(down, ((0, -rows % _CHUNK), (0, 0))).reshape(-1, _CHUNK, side)
        whole = [((down @ plane) @ across.T).reshape(-1, len(x))[:rows] for plane in planes]
        return np.stack(whole, -1)


def _solved(matrix: Floats, right: Floats, side: int) -> Floats:
    """`matrix`⁻¹ · `right`, where only neighbouring blocks of _BAND rows of coefficients meet:
    Gauss's elimination block by block, on a matrix that is symmetric and positive."""
    n = _BAND * side
    at = [slice(i, i + n) for i in range(0, len(matrix), n)]
    diagonal, value = [matrix[at[0], at[0]]], [right[at[0]]]
    for before, here in pairwise(at):
        reduced = np.linalg.solve(diagonal[-1], np.hstack([matrix[before, here], value[-1]]))
        below = matrix[here, before]
        diagonal.append(matrix[here, here] - below @ reduced[:, :n])
        value.append(right[here] - below @ reduced[:, n:])
    found = [np.linalg.solve(diagonal[-1], value[-1])]
    for i in range(len(at) - 2, -1, -1):
        rest = value[i] - matrix[at[i], at[i + 1]] @ found[0]
        found.insert(0, np.linalg.solve(diagonal[i], rest))
    return np.concatenate(found)


@dataclass(frozen=True)
class _Factors:
    """Which four B-splines hold at each of N places, from `first` on, and their weights (N, 4)."""

    first: npt.NDArray[np.intp]
    weights: Floats


def _parts(at: Floats, cells: int) -> _Factors:
    """at: (N,) 0 … 1 along the lattice."""
    along = np.clip(at, 0.0, 1.0) * cells
    first = np.minimum(along.astype(np.intp), cells - 1)
    t = along - first
    r = 1 - t
    middle = (4 - 6 * t**2 + 3 * t**3, 4 - 6 * r**2 + 3 * r**3)
    return _Factors(first, np.stack([r**3, *middle, t**3], 1) / 6)


def _matrix(at: Floats, side: int) -> Floats:
    """(N, side): the B-splines' weights at each place."""
    parts = _parts(at, side - _BAND)
    out = np.zeros((len(at), side))
    np.put_along_axis(out, parts.first[:, None] + np.arange(4), parts.weights, 1)
    return out


@cache
def _bending(side: int) -> tuple[Floats, Floats, Floats]:
    """Squared second differences of the coefficients along x, in both, and along y."""
    one = np.eye(side)
    first, second = np.diff(one, axis=0), np.diff(one, 2, axis=0)
    across, down = np.kron(one, second), np.kron(second, one)
    twist = np.kron(first, first)
    return across.T @ across, twist.T @ twist, down.T @ down
