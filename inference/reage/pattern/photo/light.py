"""How a photograph's light falls on a face: by it, what is bright becomes what is high.

Skin that tilts towards the light is brighter, and what lies deep keeps light to itself. Both are
linear in the height of a shallow relief, with factors that the light and the mesh's normals give.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.pixels.plate import Pixels

TENTHS = 1620.0
"""0.1 mm in a face's height, hairline to chin: 162 mm on the mean head of ICT-FaceKit."""

CAVITY = 0.035
"""log2 of light that skin loses for each 0.1 mm that it lies deeper than what is around it."""

_COARSE = 4
"""The face's shape is looked at with one texel in so many."""

_RIDGE = 0.004
"""Holds back the light's second harmonics, for which a face has few normals."""

_ROUNDS = 4


@dataclass(frozen=True)
class Slopes:
    """log2 of light that skin gains where it rises by 0.1 mm a texel to the right, and downwards:
    two (N, N) float32."""

    right: Pixels
    down: Pixels


def slopes(points: Pixels, luminance: Pixels, skin: Pixels, face_px: float) -> Slopes:
    """The light of a photograph as it falls on each place.

    points:    (N, N, 3) float32 where each texel lies: x right, y down, z away from the camera, px
    luminance: (N, N) float32, scene-linear
    skin:      (N, N) 0 … 1, where that is the light of skin
    face_px:   the face's height in px
    """
    size = points.shape[0]
    small = [_shrunk(a) for a in (points, luminance, skin)]
    normal, across, down = _tangents(small[0])
    gradient, light = _light(normal, small[1], small[2])
    steep = -(face_px / TENTHS) * _COARSE / np.log(2) / np.maximum(light, 0.4 * np.median(light))
    fields = [(gradient * way).sum(-1) * steep for way in (across, down)]
    right, below = (
        cv2.resize(np.clip(f, -1, 1), (size, size), interpolation=cv2.INTER_LINEAR) for f in fields
    )
    return Slopes(right, below)


def fitted(points: Pixels, luminance: Pixels, skin: Pixels) -> Pixels:
    """(M, M) the light that the head's shape explains; arguments as for `slopes`, of M texels."""
    return _light(_tangents(points)[0], luminance, skin)[1]


def _shrunk(field: Pixels) -> Pixels:
    side = field.shape[0] // _COARSE
    return np.asarray(cv2.resize(field, (side, side), interpolation=cv2.INTER_AREA))


def _tangents(points: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Unit normals (M, M, 3) towards the camera, and the two vectors by whose sum, weighted with
    the relief's slopes, a normal tilts."""
    smooth = cv2.GaussianBlur(points, (0, 0), 3.0)
    down, across = (np.gradient(smooth, axis=axis) for axis in (0, 1))
    normal = np.cross(across, down)
    area = np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    normal = normal / area
    normal = np.where(normal[..., 2:] > 0, -normal, normal)
    e, f, g = ((a * b).sum(-1, keepdims=True) for a, b in
               ((across, across), (across, down), (down, down)))  # fmt: skip
    metric = area**2
    return normal, (g * across - f * down) / metric, (e * down - f * across) / metric


def _light(normal: Pixels, luminance: Pixels, skin: Pixels) -> tuple[Pixels, Pixels]:
    """What light on skin gains as its normal tilts, (M, M, 3), and the light itself, (M, M): a fit
    of nine harmonics (Ramamoorthi and Hanrahan 2001), robust against what is no plain skin."""
    x, y, z = np.moveaxis(normal, -1, 0)
    one, none = np.ones_like(x), np.zeros_like(x)
    basis = [one, x, y, z, x * y, y * z, x * z, x * x - y * y, 3 * z * z - 1]
    turned = [  # derivatives by x, y, z
        (none, none, none), (one, none, none), (none, one, none), (none, none, one),
        (y, x, none), (none, z, y), (z, none, x), (2 * x, -2 * y, none), (none, none, 6 * z),
    ]  # fmt: skip
    matrix = np.stack(basis, -1).reshape(-1, 9).astype(np.float64)
    value = luminance.reshape(-1).astype(np.float64)
    weight = skin.reshape(-1).astype(np.float64)
    level = float(np.average(value, weights=weight + 1e-9))
    ridge = np.diag([0, 1e-3, 1e-3, 1e-3, *[_RIDGE] * 5]) * weight.sum()
    trust = weight
    for _ in range(_ROUNDS):
        weighted = matrix * trust[:, None]
        found = np.linalg.solve(weighted.T @ matrix + ridge, weighted.T @ value)
        off = (value - matrix @ found) / (0.15 * level + 1e-9)
        trust = weight / (1 + off**2) ** 2
    gradient = np.stack(
        [sum(c * t[k] for c, t in zip(found, turned, strict=True)) for k in range(3)], -1
    )
    # Only what tilts it along the surface counts.
    gradient = gradient - (gradient * normal).sum(-1, keepdims=True) * normal
    return gradient, np.asarray(matrix @ found, np.float32).reshape(luminance.shape)
