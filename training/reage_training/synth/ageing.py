"""How a head's shape is shaded as the years change it: smooth heights over its face texture.

The changed shape is shaded, not drawn: every pore, edge and silhouette of a pair stays on
its pixel. A delta adds to pixels and cannot move them; where shapes were drawn as they aged,
two thirds of what that changed was drifting skin grain, which no network can foresee.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt

from reage.shape.fields import FIELDS, displaced
from reage_training.synth import raster
from reage_training.synth.head import Floats, Head, Material
from reage_training.synth.mesh import normals

SHADED = tuple(field for field in FIELDS if field.shaded)


def heights(head: Head, size: int) -> Floats:
    """(F, size, size) float32: each shaded field's height over the skin at full strength, in cm.

    A texture of the mean head, row 0 at v = 1. Heights grow along the normal; what a field
    shifts along the skin is left out, as it changes no shading to first order.
    """
    unit = normals(head.vertices, head.triangles)
    one = np.eye(len(FIELDS))[[field.shaded for field in FIELDS]]
    values = np.stack([(displaced(head.vertices, field) * unit).sum(-1) for field in one], -1)
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
