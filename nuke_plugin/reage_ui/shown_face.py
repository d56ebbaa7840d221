"""A face as a hand sees and moves it over the preview: arithmetic, no Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Point = tuple[float, float]

MOVE, SIZE, TURN, LOOK = "move", "size", "turn", "look"

CHIN, ABOVE = (0.0, 0.5), (0.0, -0.72)
"""Where, in face units, the face is taken hold of to size and to turn it."""

_SMALLEST = 8.0
"""Px of face height that a hand makes at least."""

_NOSE = (0.045, 0.287)
"""How far below the middle of a typical face the tip of its nose is, and how far before it."""

_MOST_NOD = 60.0
"""Degrees that a hand lets a face look up or down: beyond, the nose shows little of it."""

_OVAL = tuple(
    (0.42 * math.sin(math.tau * n / 36), -0.5 * math.cos(math.tau * n / 36)) for n in range(36)
)
"""Stands for the outline of a face that is only being placed."""


@dataclass(frozen=True)
class ShownFace:
    """Lengths in square px of the plate, x right, y down; outline and mesh in face units.

    key: whether a hand has set this very frame
    looks: yaw and pitch of a placed face, which a hand can turn by its nose; else None
    """

    x: float
    y: float
    size: float
    degrees: float
    outline: Sequence[Point] = _OVAL
    mesh: Sequence[Point] = ()
    key: bool = False
    looks: Point | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any], aspect: float) -> ShownFace:
        """What the worker's `preview` says of a face, whose center is in the plate's own px."""
        x, y = said["center"]
        outline, mesh = ([(float(u), float(v)) for u, v in said[k]] for k in ("outline", "mesh"))
        return cls(
            float(x) * aspect, float(y), float(said["size"]), float(said["degrees"]), outline, mesh,
            bool(said["key"]), said["placed"] and tuple(said["placed"]),
        )  # fmt: skip

    @classmethod
    def placed(cls, middle: Point, chin: Point) -> ShownFace:
        """A new face, upright, from its middle to its chin."""
        size = max(_SMALLEST, 2 * math.dist(middle, chin))
        return cls(*middle, size, 0.0, looks=(0.0, 0.0))

    def at(self, unit: Point) -> Point:
        """Face units to square px."""
        c, s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        u, v = unit
        return self.x + self.size * (c * u - s * v), self.y + self.size * (s * u + c * v)

    def _units(self, point: Point) -> Point:
        """Square px to face units."""
        c, s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        x, y = (point[0] - self.x) / self.size, (point[1] - self.y) / self.size
        return c * x + s * y, c * y - s * x

    @property
    def nose(self) -> Point:
        """The tip of a placed face's nose, in face units."""
        yaw, pitch = (math.radians(angle) for angle in self.looks or (0.0, 0.0))
        below, before = _NOSE
        ahead = before * math.cos(pitch) + below * math.sin(pitch)
        return ahead * math.sin(yaw), below * math.cos(pitch) - before * math.sin(pitch)

    def grip(self, point: Point, reach: float) -> str:
        """What a hand takes hold of at a point: SIZE, TURN, LOOK, MOVE, or "" beside the face."""
        grips = {SIZE: CHIN, TURN: ABOVE, **({LOOK: self.nose} if self.looks else {})}
        for what, unit in grips.items():
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
        if what == LOOK:
            return replace(self, looks=_looks(self._units(now)))
        turned = self.degrees + _angle(middle, now) - _angle(middle, start)
        return replace(self, degrees=(turned + 180) % 360 - 180)


def _looks(nose: Point) -> Point:
    """Yaw and pitch of a face whose nose is pulled there; `ShownFace.nose` turned round."""
    below, before = _NOSE
    u, v = nose
    reach = math.hypot(below, before)
    nod = math.degrees(math.acos(max(-1.0, min(1.0, v / reach))) - math.atan2(before, below))
    pitch = max(-_MOST_NOD, min(_MOST_NOD, nod))
    p = math.radians(pitch)
    ahead = before * math.cos(p) + below * math.sin(p)
    return math.degrees(math.asin(max(-1.0, min(1.0, u / ahead)))), pitch


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
