"""Rectangles and similarities: the engine's coordinates.

One convention everywhere: x right, y down, origin at the top-left corner of the
display window, lengths in plate pixels. Pixel (i, j) covers [i, i+1) × [j, j+1);
its center is (i + .5, j + .5). Only the Nuke side flips y.

Where a plate's pixels are not square, faces and crops live in **square px**: rows as they are, x
times the pixel aspect. `squeezed` and `unsqueezed` are the only way between the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Region:
    """A rectangle of whole pixels, [x, x+width) × [y, y+height). May start below zero.

    Laws: `a.intersect(b) == b.intersect(a)`; `a.union(b)` contains both;
    `a.expand(n).expand(-n) == a` where a is not empty.
    """

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 0 or self.height < 0:
            raise ValueError(f"a Region cannot have negative size: {self}")

    @property
    def right(self) -> int:
        """First column past the region."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row past the region."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        return self.width == 0 or self.height == 0

    @property
    def corners(self) -> npt.NDArray[np.float64]:
        """(4, 2) x and y."""
        x, y, right, bottom = self.x, self.y, self.right, self.bottom
        return np.array([(x, y), (right, y), (x, bottom), (right, bottom)], np.float64)

    @classmethod
    def spanning(cls, points: npt.ArrayLike) -> Region:
        """Smallest region that holds all points, (N, 2) x and y in plate pixels."""
        p = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        x0, y0 = np.floor(p.min(0)).astype(int)
        x1, y1 = np.ceil(p.max(0)).astype(int)
        return cls(int(x0), int(y0), int(x1 - x0), int(y1 - y0))

    def intersect(self, other: Region) -> Region:
        """What both cover; of size zero where they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Region(
            x,
            y,
            max(0, min(self.right, other.right) - x),
            max(0, min(self.bottom, other.bottom) - y),
        )

    def union(self, other: Region) -> Region:
        """Smallest region that holds both; an empty one adds nothing."""
        if self.empty:
            return other
        if other.empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Region(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def expand(self, pixels: int) -> Region:
        """Grown by `pixels` on each side, or shrunk where negative."""
        return Region(
            self.x - pixels,
            self.y - pixels,
            max(0, self.width + 2 * pixels),
            max(0, self.height + 2 * pixels),
        )

    def contains(self, other: Region) -> bool:
        return other.empty or self.union(other) == self

    def bounds(self, marked: npt.NDArray[np.bool_]) -> Region:
        """Smallest part that holds all pixels marked in (height, width); an empty one at the
        corner where none is."""
        rows, columns = np.flatnonzero(marked.any(1)), np.flatnonzero(marked.any(0))
        if not len(rows):
            return Region(self.x, self.y, 0, 0)
        top, left = int(rows[0]), int(columns[0])
        return Region(
            self.x + left, self.y + top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top
        )

    def slices(self, within: Region) -> tuple[slice, slice]:
        """(rows, columns) of this region in an array that covers `within`.

        Raises ValueError where this region leaves `within`.
        """
        if not within.contains(self):
            raise ValueError(f"{self} is not inside {within}")
        return (
            slice(self.y - within.y, self.bottom - within.y),
            slice(self.x - within.x, self.right - within.x),
        )


@dataclass(frozen=True)
class Similarity:
    """Turn, uniform scale and shift of the plane: (x, y) ↦ (a·x − b·y + tx, b·x + a·y + ty).

    Laws: `s.inverse().apply(s.apply(p)) == p`; `s.then(t).apply(p) == t.apply(s.apply(p))`.
    """

    a: float
    b: float
    tx: float
    ty: float

    @classmethod
    def of(
        cls,
        scale: float = 1.0,
        degrees: float = 0.0,
        pivot: tuple[float, float] = (0.0, 0.0),
        to: tuple[float, float] = (0.0, 0.0),
    ) -> Similarity:
        """Scale and turn about `pivot` (clockwise on screen), and put the pivot at `to`."""
        t = math.radians(degrees)
        a, b = scale * math.cos(t), scale * math.sin(t)
        px, py = pivot
        return cls(a, b, to[0] - (a * px - b * py), to[1] - (b * px + a * py))

    @property
    def scale(self) -> float:
        return math.hypot(self.a, self.b)

    @property
    def degrees(self) -> float:
        """Clockwise on screen, −180 … 180."""
        return math.degrees(math.atan2(self.b, self.a))

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """(2, 3) for column vectors (x, y, 1)."""
        return np.array([[self.a, -self.b, self.tx], [self.b, self.a, self.ty]])

    def inverse(self) -> Similarity:
        n = self.a * self.a + self.b * self.b
        a, b = self.a / n, -self.b / n
        return Similarity(a, b, -(a * self.tx - b * self.ty), -(b * self.tx + a * self.ty))

    def then(self, after: Similarity) -> Similarity:
        """This one first, `after` second."""
        a = after.a * self.a - after.b * self.b
        b = after.b * self.a + after.a * self.b
        tx = after.a * self.tx - after.b * self.ty + after.tx
        ty = after.b * self.tx + after.a * self.ty + after.ty
        return Similarity(a, b, tx, ty)

    def apply(self, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Points (…, 2) through the map, same shape."""
        p = np.asarray(points, dtype=np.float64)
        x, y = p[..., 0], p[..., 1]
        return np.stack(
            [self.a * x - self.b * y + self.tx, self.b * x + self.a * y + self.ty], axis=-1
        )


def squeezed(points: npt.ArrayLike, aspect: float) -> npt.NDArray[np.float64]:
    """Points (…, 2) in square px as px of a plate, whose pixels are `aspect` as wide as high."""
    return np.asarray(points, np.float64) / (aspect, 1.0)


def unsqueezed(points: npt.ArrayLike, aspect: float) -> npt.NDArray[np.float64]:
    """Points (…, 2) in such a plate's px as square px. Law: `squeezed` takes them back."""
    return np.asarray(points, np.float64) * (aspect, 1.0)
