"""The outline of a face: what its mesh covers, as points that correspond over time."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

POINTS = 36


def outline(mesh: Floats) -> Floats:
    """Where rays from the middle of the mesh, 10 degrees apart, leave its convex hull.

    mesh:    (N, 2) points, x right, y down
    returns  (36, 2) in the same unit, clockwise on screen, the first straight up

    The hull rather than the mesh's own oval, for in profile that oval runs behind nose
    and mouth. Rays rather than corners, for each point then moves smoothly over time.
    """
    hull = cv2.convexHull(mesh.astype(np.float32))[:, 0].astype(np.float64)
    ahead = np.roll(hull, -1, axis=0)
    cross = hull[:, 0] * ahead[:, 1] - ahead[:, 0] * hull[:, 1]
    middle = ((hull + ahead) * cross[:, None]).sum(0) / (3 * cross.sum())
    edge = ahead - hull
    outward = np.stack([edge[:, 1], -edge[:, 0]], axis=1) * np.sign(cross.sum())
    distance = ((hull - middle) * outward).sum(1)
    turn = np.deg2rad(np.arange(POINTS) * (360 / POINTS))
    ray = np.stack([np.sin(turn), -np.cos(turn)], axis=1)
    facing = ray @ outward.T
    reach = np.where(facing > 1e-12, distance / np.maximum(facing, 1e-12), np.inf).min(1)
    return np.asarray(middle + reach[:, None] * ray, np.float64)
