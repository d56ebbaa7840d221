"""Normals and smoothing on a triangle mesh."""

from __future__ import annotations

import numpy as np

from reage_training.synth.compiled import compiled
from reage_training.synth.head import Floats, Ints


@compiled
def normals(vertices: Floats, triangles: Ints) -> Floats:
    """(V, 3) float32 unit normals, area-weighted; zero where no triangle meets."""
    total = np.zeros(vertices.shape, np.float64)
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ux, uy, uz = (
            vertices[b, 0] - vertices[a, 0],
            vertices[b, 1] - vertices[a, 1],
            vertices[b, 2] - vertices[a, 2],
        )
        wx, wy, wz = (
            vertices[c, 0] - vertices[a, 0],
            vertices[c, 1] - vertices[a, 1],
            vertices[c, 2] - vertices[a, 2],
        )
        nx, ny, nz = uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx
        for k in (a, b, c):
            total[k, 0] += nx
            total[k, 1] += ny
            total[k, 2] += nz
    unit = np.zeros(vertices.shape, np.float32)
    for i in range(vertices.shape[0]):
        length = np.sqrt(total[i, 0] ** 2 + total[i, 1] ** 2 + total[i, 2] ** 2)
        if length > 0:
            for k in range(3):
                unit[i, k] = total[i, k] / length
    return unit


def smoothed(values: Floats, triangles: Ints, passes: int) -> Floats:
    """Per-vertex values (V, C), each pass the mean of a vertex's triangles' means."""
    count = np.bincount(triangles.ravel(), minlength=len(values)).astype(np.float32)
    result = values
    for _ in range(passes):
        mean = result[triangles].mean(1)
        columns = [
            np.bincount(triangles.ravel(), np.repeat(mean[:, c], 3), minlength=len(values))
            for c in range(values.shape[1])
        ]
        result = (np.stack(columns, -1) / np.maximum(count, 1)[:, None]).astype(np.float32)
    return result
