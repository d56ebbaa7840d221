"""The triangles between a face's landmarks, and a ring around them that moves as the head does.

The landmark network has no triangles of its own here: these are Delaunay's of the landmarks' places
in face UV, so they lie on the skin in the same way in every frame, whichever way the face looks.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from reage.faces.frame import MESH_POINTS
from reage.faces.skin import places

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

RING = 36
"""Points of the ring, 10 degrees apart."""

_RADII = (0.8, 0.9)
"""Of the ring, in face units: outside of every landmark, a chin that falls and a profile too."""

_IN_UV = ((0.5, 0.59), (0.62, 0.56))
"""Middle and radii of the ring in face UV, where only its triangles are made."""


@cache
def ring() -> Floats:
    """(RING, 2) in face units."""
    x, y = _turns()
    return np.column_stack([_RADII[0] * x, -_RADII[1] * y])


@cache
def triangles() -> Indices:
    """(M, 3) corners of all triangles, as indices of the landmarks and, after them, the ring's
    points; counterclockwise in face UV. They cover the ring's polygon, each place once."""
    (middle, radii), turns = _IN_UV, np.column_stack(_turns())
    points = np.vstack([places(), middle + turns * radii])
    plane = cv2.Subdiv2D((-1, -1, 4, 4))
    for u, v in points:
        plane.insert((float(u), float(v)))
    corners = np.asarray(plane.getTriangleList(), np.float64).reshape(-1, 3, 2)
    corners = corners[(np.abs(corners - 0.5) < 1.2).all((1, 2))]  # not the plane's own corners
    away = np.abs(corners[:, :, None] - points[None, None]).sum(-1)
    found = away.argmin(-1)
    assert away.min(-1).max() < 1e-5, "each corner is one of the points"
    a, b, c = points[found].transpose(1, 0, 2)
    left = _cross(b - a, c - a) > 0
    turned: Indices = np.where(left[:, None], found, found[:, [0, 2, 1]])
    return turned[np.lexsort(turned.T)]


@cache
def skin_triangles() -> Indices:
    """(K, 3) those of the landmarks alone."""
    every = triangles()
    return every[(every < MESH_POINTS).all(1)]


@cache
def edge() -> npt.NDArray[np.bool_]:
    """(468,) which landmarks the ring's triangles meet: the mesh ends there."""
    every = triangles()
    outer = np.unique(every[(every >= MESH_POINTS).any(1)])
    out = np.zeros(MESH_POINTS, bool)
    out[outer[outer < MESH_POINTS]] = True
    return out


def _turns() -> tuple[Floats, Floats]:
    turn = np.deg2rad(np.arange(RING) * (360 / RING))
    return np.cos(turn), np.sin(turn)


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
