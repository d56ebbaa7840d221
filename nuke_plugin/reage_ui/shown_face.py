"""A face as a hand sees and moves it over the preview: arithmetic, no Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Point = tuple[float, float]

MOVE, SIZE, TURN = "move", "size", "turn"

CHIN, ABOVE = (0.0, 0.5), (0.0, -0.72)
"""Where, in face units, the face is taken hold of to size and to turn it."""

_SMALLEST = 8.0
"""Px of face height that a hand makes at least."""

_OVAL = tuple(
    (0.42 * math.sin(math.tau * n / 36), -0.5 * math.cos(math.tau * n / 36)) for n in range(36)
)
"""Stands for the outline of a face that is only being placed."""


@dataclass(frozen=True)
class ShownFace:
    """Lengths in square px of the plate, x right, y down; outline and mesh in face units.

    key: whether a hand has set this very frame
    """

    x: float
    y: float
    size: float
    degrees: float
    outline: Sequence[Point] = _OVAL
    mesh: Sequence[Point] = ()
    key: bool = False

    @classmethod
    def of(cls, said: Mapping[str, Any], aspect: float) -> ShownFace:
        """What the worker's `preview` says of a face, whose center is in the plate's own px."""
        x, y = said["center"]
        outline, mesh = ([(float(u), float(v)) for u, v in said[k]] for k in ("outline", "mesh"))
        return cls(
            float(x) * aspect, float(y), float(said["size"]), float(said["degrees"]), outline, mesh,
            bool(said["key"]),
        )  # fmt: skip

    @classmethod
    def placed(cls, middle: Point, chin: Point) -> ShownFace:
        """A new face, upright, from its middle to its chin."""
        size = max(_SMALLEST, 2 * math.dist(middle, chin))
        return cls(*middle, size, 0.0)

    def at(self, unit: Point) -> Point:
        """Face units to square px."""
        c, s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        u, v = unit
        return self.x + self.size * (c * u - s * v), self.y + self.size * (s * u + c * v)

    def grip(self, point: Point, reach: float) -> str:
        """What a hand takes hold of at a point: SIZE, TURN, MOVE, or "" beside the face."""
        for what, unit in ((SIZE, CHIN), (TURN, ABOVE)):
            if math.dist(point, self.at(unit)) <= reach:
                return what
        return MOVE if _inside(point, [self.at(unit) for unit in self.outline]) else ""

    def dragged(self, what: str, start: Point, now: Point) -> ShownFace:
        """The face after a hand that took hold of it at `start` has come to `now`."""
        middle = (self.x, self.y)
        if what == MOVE:
            return replace(self, x=self.x + now[0] - start[0], y=self.y + now[1] - start[1])
        if what == SIZE:
            grown = math.dist(now, middle) / max(1e-6, math.dist(start, middle))
            return replace(self, size=max(_SMALLEST, self.size * grown))
        turned = self.degrees + _angle(middle, now) - _angle(middle, start)
        return replace(self, degrees=(turned + 180) % 360 - 180)


def _angle(middle: Point, point: Point) -> float:
    return math.degrees(math.atan2(point[1] - middle[1], point[0] - middle[0]))


def _inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether a ray to the right crosses the polygon's sides an odd number of times."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            odd = not odd
    return odd
