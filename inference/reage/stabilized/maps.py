"""ST maps between a plate and its still face.

Inside a triangle of the mesh a map is affine; at the ring it is the head's own turn, scale and
shift, and so it is beyond. One is the other's inverse wherever skin is seen in both pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.faces.frame import MESH_POINTS
from reage.pixels.geometry import Region, unsqueezed
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smooth_ramp
from reage.stabilized.pose import Pose
from reage.stabilized.triangles import Floats, skin_triangles, triangles

_ROUNDING = 1e-9
"""Of a triangle's area by which a pixel's center may lie outside of an edge, so that none between
two triangles is missed."""

_SQUEEZED = (0.25, 0.5)
"""How many times narrower skin may be in one picture than in the other: where all belief ends, and
where it is whole."""

_SPECK = 5e-5
"""Twice a triangle's area, in face units, below which it tells nothing: between closed lips a tenth
of a px folds it over."""


@dataclass(frozen=True)
class Fetched:
    """xy: (h, w, 2) float64: where in the other picture each pixel of this one comes from, px, as
    places of pixel centers; matte: (h, w) float32, 0 … 1: how far that is the same skin, seen."""

    xy: Floats
    matte: Pixels

    def st(self, region: Region, display: Region) -> dict[str, Pixels]:
        """As Nuke's STMap takes it: R and G are shares of the display window's width and height,
        from its bottom-left corner; A is the matte."""
        x, y = self.xy[..., 0] / display.width, 1 - self.xy[..., 1] / display.height
        both = (each.astype(np.float32) for each in (x, y))
        flat = np.zeros(self.matte.shape, np.float32)
        return dict(zip("RGBA", (*both, flat, self.matte), strict=True))


def fetched(here: Pose, there: Pose, region: Region) -> Fetched:
    """For each pixel of a region of the picture that `here` is in, its place in the one that
    `there` is in.

    Where triangles lie over each other, as a far cheek behind the nose, those count that look at
    the camera.
    """
    linear, shift = here.to(there)
    y, x = np.mgrid[region.y : region.bottom, region.x : region.right] + 0.5
    xy = np.stack([x, y], -1) @ linear.T + shift
    matte = np.zeros(x.shape)
    seen = here.seen * there.seen * _believed(here, there)
    every = triangles()
    for corners in every[np.argsort(_order(here, every), kind="stable")]:
        a, b, c = here.points[corners]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if area == 0:
            continue
        box = Region.spanning((a, b, c)).expand(1).intersect(region)
        if box.empty:
            continue
        rows, columns = box.slices(region)
        px, py = x[rows, columns], y[rows, columns]
        of_b = ((px - a[0]) * (c[1] - a[1]) - (py - a[1]) * (c[0] - a[0])) / area
        of_c = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / area
        of_a = 1 - of_b - of_c
        inside = (of_a >= -_ROUNDING) & (of_b >= -_ROUNDING) & (of_c >= -_ROUNDING)
        if not inside.any():
            continue
        shares = np.stack([of_a[inside], of_b[inside], of_c[inside]], -1)
        xy[rows, columns][inside] = shares @ there.points[corners]
        matte[rows, columns][inside] = shares @ seen[corners]
    return Fetched(xy, np.clip(matte, 0, 1).astype(np.float32))


def _believed(here: Pose, there: Pose) -> Floats:
    """(468 + RING,) 0 … 1: how far the skin around a point lies alike in both pictures: none where
    it is folded, or narrower in one by far, as on a cheek that turns away."""
    corners = skin_triangles()
    (one, ours), (two, theirs) = (_sides(pose, corners) for pose in (here, there))
    narrow = np.linalg.svd(two @ np.linalg.inv(_invertible(one)), compute_uv=False)
    squeezed = np.minimum(narrow[:, 1], 1 / np.maximum(narrow[:, 0], 1e-9))
    alike = np.where(ours * theirs > 0, smooth_ramp(squeezed, *_SQUEEZED), 0.0)
    alike[np.minimum(np.abs(ours), np.abs(theirs)) < _SPECK] = 1.0
    out = np.ones(len(here.points))
    np.minimum.at(out, corners.ravel(), np.repeat(alike, 3))
    return out


def _sides(pose: Pose, corners: np.ndarray) -> tuple[Floats, Floats]:
    """Two sides of each triangle as columns, (M, 2, 2), in face units, and twice its area."""
    units = pose.turn.inverse().apply(unsqueezed(pose.points, pose.aspect))
    a, b, c = units[corners].transpose(1, 0, 2)
    sides = np.stack([b - a, c - a], -1)
    return sides, np.linalg.det(sides)


def _invertible(sides: Floats) -> Floats:
    flat = np.abs(np.linalg.det(sides)) < 1e-12
    return np.where(flat[:, None, None], np.eye(2), sides)


def _order(pose: Pose, corners: np.ndarray) -> Floats:
    """(M,) what is drawn first is covered: the ring's triangles, then skin that looks away."""
    ringed = (corners >= MESH_POINTS).any(1)
    return np.where(ringed, -1.0, pose.seen[corners].mean(1))
