"""Write the engine's table of the head: `python -m reage_training.synth.pack_head DIR`.

DIR holds ICT-FaceKit as packed by `pack_ict`. The landmarks on the mean head come first, then
points of the skin around the face, where no landmark lies: the side of the head, ears, the
underside of the jaw, the neck. Both sides are alike.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage.shape.head import HEAD_FILE
from reage_training.synth import raster
from reage_training.synth.head import Head, Material, load_ict
from reage_training.synth.landmark_places import views
from reage_training.synth.mesh import normals
from reage_training.synth.pack_places import partners

_APART = 1.6
"""cm between the points around the face, and from them to the landmarks."""

_LOW, _HIGH, _BACK = -12.5, 9.0, -4.0
"""cm: nothing lower on the neck, above the forehead or further back on the head moves."""

_VIEWS = (-100.0, -50.0, 0.0, 50.0, 100.0)
"""Degrees of yaw from which a point is to be seen, for it not to be inside mouth or nose."""

_SIZE, _SPAN, _DEEP = 1024, 40.0, 0.05
"""Px and cm of the picture in which that is looked up, and how far behind its surface, in cm."""


def table(head: Head) -> npt.NDArray[np.float64]:
    """(N, 6): x, y, z in cm and the skin's outward normal."""
    unit = normals(head.vertices, head.corners(Material.FACE, Material.BACK)).astype(np.float64)
    there = head.vertices.astype(np.float64)
    corners = head.triangles[head.landmarks]
    mix = head.barycentric.astype(np.float64)
    marks = np.concatenate(
        [np.einsum("lk,lkc->lc", mix, values[corners]) for values in (there, unit)], 1
    )
    pairs = partners(views(head))
    marks = (marks + (marks * _MIRROR)[pairs]) / 2
    marks[:, 3:] /= np.linalg.norm(marks[:, 3:], axis=1, keepdims=True)
    around = _around(head, np.concatenate([there, unit], 1), marks[:, :3])
    return np.concatenate([marks, around, around * _MIRROR])


_MIRROR = np.array([-1.0, 1.0, 1.0, -1.0, 1.0, 1.0])


def _around(
    head: Head, skin: npt.NDArray[np.float64], marks: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(M, 6) on the head's right: each the farthest from all before it, and from the landmarks."""
    x, y, z = skin[:, :3].T
    here = (x < -_APART / 2) & (y > _LOW) & (y < _HIGH) & (z > _BACK) & _seen(head)
    left = skin[here]
    away = np.linalg.norm(left[:, None, :3] - marks, axis=2).min(1)
    chosen: list[npt.NDArray[np.float64]] = []
    while away.max() > _APART:
        chosen.append(left[away.argmax()])
        away = np.minimum(away, np.linalg.norm(left[:, :3] - chosen[-1][:3], axis=1))
    return np.array(chosen)


def _seen(head: Head) -> npt.NDArray[np.bool_]:
    """(V,) whether a vertex of skin can be seen from somewhere around the head."""
    seen = np.zeros(len(head.vertices), bool)
    for yaw in np.deg2rad(_VIEWS):
        c, s = np.cos(yaw), np.sin(yaw)
        x, y, z = head.vertices.astype(np.float64).T
        flat = np.stack([c * x + s * z, -y, s * x - c * z], 1)
        flat[:, :2] = flat[:, :2] * (_SIZE / _SPAN) + _SIZE / 2
        flat[:, 2] += _SPAN
        depth, index, weight = raster.empty(_SIZE, _SIZE)
        solid = head.material != Material.LASHES
        raster.draw(flat, head.triangles, solid, depth, index, weight)
        column, row = np.clip(flat[:, :2], 0, _SIZE - 1).astype(int).T
        seen |= flat[:, 2] < depth[row, column] + _DEEP
    skin = np.zeros(len(seen), bool)
    skin[head.corners(Material.FACE, Material.BACK).ravel()] = True
    return seen & skin


if __name__ == "__main__":
    np.savetxt(HEAD_FILE, table(load_ict(Path(sys.argv[1]))), "%.3f")
