"""How a head's shape changes with the years: smooth heights over its face texture.

The changed shape is shaded, not drawn: every pore, edge and silhouette of a pair stays on
its pixel. A delta adds to pixels and cannot move them; where shapes were drawn as they aged,
two thirds of what that changed was drifting skin grain, which no network can foresee.

Amplitudes and onsets were judged by eye on renders against the old-minus-young shape
targets of MakeHuman (CC0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt

from reage_training.synth import raster
from reage_training.synth.head import Floats, Head, Material
from reage_training.synth.mesh import normals


@dataclass(frozen=True)
class Field:
    """One change of shape.

    center, radius  cm; a Gaussian around the center, mirrored to the other side if paired
    shift           cm at full strength: outward from the middle plane, up, forward
    onset, ramp     years at which it starts, and that it takes to full strength
    """

    name: str
    center: tuple[float, float, float]
    radius: tuple[float, float, float]
    shift: tuple[float, float, float]
    onset: float
    ramp: float
    paired: bool = True


FIELDS = (
    Field("jowl", (4.6, -5.3, 7.4), (1.9, 1.8, 2.6), (0.54, -0.70, 0.12), 40, 40),
    Field("prejowl", (3.0, -5.7, 9.3), (1.0, 1.2, 1.6), (0.0, -0.10, -0.38), 42, 40),
    Field("cheek hollow", (4.7, -0.6, 8.6), (1.8, 1.9, 2.2), (-0.16, -0.12, -0.48), 38, 44),
    Field("nasolabial", (3.0, -0.8, 10.3), (0.85, 1.2, 1.2), (0.10, -0.20, 0.42), 34, 44),
    Field("temple", (6.6, 6.2, 6.2), (1.3, 1.8, 2.2), (-0.40, 0.0, -0.16), 42, 40),
    Field("lid bag", (3.1, 2.15, 9.5), (1.1, 0.42, 0.9), (0.0, -0.06, 0.33), 36, 40),
    Field("tear trough", (2.9, 1.25, 9.7), (1.2, 0.45, 0.9), (0.0, 0.0, -0.25), 36, 44),
    Field("hooding", (4.1, 4.75, 9.2), (1.1, 0.42, 0.8), (0.0, -0.26, 0.25), 40, 40),
    Field("brow", (4.8, 6.0, 9.0), (1.4, 0.8, 1.4), (0.0, -0.26, 0.06), 40, 44),
    Field("nose tip", (0, 0.2, 12.8), (1.1, 0.9, 1.4), (0.0, -0.24, 0.08), 35, 50, False),
    Field("nose wing", (1.2, -0.6, 11.3), (0.7, 0.7, 1.0), (0.09, -0.06, 0.04), 35, 50),
    Field("upper lip", (0, -2.7, 11.7), (2.2, 0.5, 1.2), (0.0, 0.05, -0.19), 45, 40, False),
    Field("lower lip", (0, -4.1, 11.3), (2.0, 0.5, 1.2), (0.0, 0.04, -0.19), 45, 40, False),
    Field("mouth corner", (2.6, -3.6, 10.1), (0.8, 0.8, 1.0), (0.0, -0.10, -0.10), 42, 40),
    Field("marionette", (2.75, -5.0, 9.9), (0.65, 1.3, 1.2), (0.0, 0.0, -0.30), 42, 40),
    Field("mouth mound", (3.6, -4.4, 9.3), (0.75, 1.4, 1.2), (0.10, -0.05, 0.25), 44, 40),
    Field("upper lid", (2.9, 4.35, 9.7), (1.0, 0.38, 0.8), (0.0, 0.0, -0.13), 44, 40),
    Field("under chin", (0, -9.5, 7.0), (1.6, 2.2, 2.6), (0.0, -0.65, 0.22), 48, 40, False),
    Field("ear lobe", (8.6, -0.4, 0.5), (1.0, 1.6, 2.0), (0.0, -0.35, 0.0), 40, 50),
)


def heights(head: Head, size: int) -> Floats:
    """(F, size, size) float32: each field's height over the skin at full strength, in cm.

    A texture of the mean head, row 0 at v = 1. Heights grow along the normal; what a field
    shifts along the skin is left out, as it changes no shading to first order.
    """
    unit = normals(head.vertices, head.triangles)
    values = np.stack([(_laid(f, head.vertices) * unit).sum(-1) for f in FIELDS], -1)
    return baked(head, values, size)


def baked(head: Head, values: Floats, size: int) -> Floats:
    """Per-vertex values (V, C) as textures (C, size, size) over the face's chart, filled on
    beyond its edge."""
    face = np.flatnonzero(head.material == Material.FACE)
    uv = head.uv[face].reshape(-1, 2).astype(np.float64)
    flat = np.stack([uv[:, 0] * size, (1 - uv[:, 1]) * size, np.zeros(len(uv))], -1)
    depth, index, weight = raster.empty(size, size)
    corners = np.arange(len(flat), dtype=np.int32).reshape(-1, 3)
    raster.draw(flat, corners, np.ones(len(face), bool), depth, index, weight)
    nearest = distance_transform_edt(index < 0, return_distances=False, return_indices=True)
    index, weight = index[nearest[0], nearest[1]], weight[nearest[0], nearest[1]]
    w = np.concatenate([weight, 1 - weight.sum(-1, keepdims=True)], -1)
    found = values[head.triangles[face[index]]]
    return np.ascontiguousarray(np.einsum("yxk,yxkc->cyx", w, found), np.float32)


def _laid(field: Field, vertices: Floats) -> Floats:
    """(V, 3) displacement of one field at full strength."""
    sides = (1, -1) if field.paired else (1,)
    total = np.zeros_like(vertices)
    for side in sides:
        mirrored = np.array([side, 1, 1], np.float32)
        away = (vertices - mirrored * field.center) / np.array(field.radius)
        weight = np.exp(-(away**2).sum(-1))[:, None]
        total += weight * (mirrored * np.array(field.shift))
    return total.astype(np.float32)
