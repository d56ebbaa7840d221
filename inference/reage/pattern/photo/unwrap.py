"""A photographed face unrolled into face UV: its light, where it is seen, and how finely."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.faces.skin import Spline
from reage.pattern.photo.align import moved
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

_MARGIN = 0.02
"""How far past the landmarks the map is continued, in face UV."""

_EDGE_ON, _SQUARE = 0.25, 0.6
"""Cosine between skin's normal and the way to the camera from which it counts, and wholly."""


@dataclass(frozen=True)
class Unwrapped:
    """One photograph in face UV; row 0 is v = 1, column 0 is u = 0.

    rgb     (N, N, 3) float32 scene-linear
    clipped (N, N) 0 … 1
    points  (N, N, 3) float32 where each texel lies: x right, y down, z away, px
    seen    (N, N) float32, 0 … 1: how surely the camera sees the skin there
    finest  (N, N) float32: width in texels of one of the photograph's pixels, in the direction in
            which the skin is squeezed most
    """

    rgb: Pixels
    clipped: Pixels
    points: Pixels
    seen: Pixels
    finest: Pixels


def unwrapped(
    photo: Photograph, layout: Floats, size: int, shift: Pixels | None = None
) -> Unwrapped:
    """Unroll a photograph.

    layout: (468, 2) face UV of the landmarks, see `reage.faces.skin.places`
    size:   N, texels a side
    shift:  (N, N, 2) texels right and down: where to look in place of each, see `align`
    """
    texels = layout * [size, -size] + [0.0, size]
    grid = Region(0, 0, size, size)
    points = Spline.through(texels, photo.mesh, photo.facing, _MARGIN * size).over(grid)
    even = np.ones(len(texels))
    believed = Spline.through(texels, photo.facing[:, None], even, _MARGIN * size).over(grid)
    if shift is not None:
        points = moved(points, shift)
    x, y = points[..., 0], points[..., 1]
    rgb = np.maximum(_sampled(photo.rgb, x, y, cv2.INTER_CUBIC), np.float32(0))
    clipped = _sampled(photo.clipped.astype(np.float32), x, y, cv2.INTER_LINEAR)
    cosine, narrow = _slant(points)
    square = np.clip((cosine - _EDGE_ON) / (_SQUARE - _EDGE_ON), 0, 1)
    height, width = photo.rgb.shape[:2]
    inside = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    seen = np.clip(2 * believed[..., 0], 0, 1) * square * inside * _hull(texels, size)
    finest = np.asarray(1 / narrow, np.float32)
    return Unwrapped(rgb, clipped, points, np.asarray(seen, np.float32), finest)


def _sampled(picture: Pixels, x: Pixels, y: Pixels, way: int) -> Pixels:
    at = (x - np.float32(0.5), y - np.float32(0.5))
    return np.asarray(cv2.remap(picture, *at, way, borderMode=cv2.BORDER_REPLICATE))


def _slant(points: Pixels) -> tuple[Pixels, Pixels]:
    """(N, N) each: the cosine of the skin's slant, and px per texel in the direction in which
    that is least (the smaller singular value of the map's derivative)."""
    down, across = (np.gradient(points, axis=axis) for axis in (0, 1))
    normal = np.cross(across, down)
    cosine = np.abs(normal[..., 2]) / np.maximum(np.linalg.norm(normal, axis=-1), 1e-6)
    total = (across[..., :2] ** 2 + down[..., :2] ** 2).sum(-1)
    plus = np.sqrt(total + 2 * np.abs(normal[..., 2]))
    minus = np.sqrt(np.maximum(total - 2 * np.abs(normal[..., 2]), 0))
    return cosine, np.maximum((plus - minus) / 2, np.float32(1e-2))


def _hull(texels: Floats, size: int) -> Pixels:
    """(N, N) float32: 1 inside the hull of the landmarks' places, softly."""
    out = np.zeros((size, size), np.float32)
    hull = cv2.convexHull(texels.astype(np.float32))
    cv2.fillConvexPoly(out, np.round(hull).astype(np.int32), 1.0)
    soft = cv2.GaussianBlur(out, (0, 0), 0.01 * size)
    return np.asarray(np.clip(2 * soft - 1, 0, 1))
