"""The face texture's map: which triangle lies under each texel, and a blur that knows it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import distance_transform_edt

from reage_training.synth import raster
from reage_training.synth.head import Floats, Head, Ints, Material

PADDING = 4
"""Texels past the chart's edge that are shaded too, so that filtering finds skin there."""


@dataclass(frozen=True)
class Chart:
    """For M texels on or just around the face's chart in an N × N texture (row 0: v = 1):
    texel (M, 2) int32 row and column, triangle (M,) int32, weight (M, 2) float32
    barycentrics of corners 0 and 1; size N; inside (N, N) float32 is 1 on the M texels."""

    size: int
    texel: Ints
    triangle: Ints
    weight: Floats
    inside: Floats

    @classmethod
    def of(cls, head: Head, size: int) -> Chart:
        face = np.flatnonzero(head.material == Material.FACE)
        uv = head.uv[face].reshape(-1, 2).astype(np.float64)
        flat = np.stack([uv[:, 0] * size, (1 - uv[:, 1]) * size, np.zeros(len(uv))], -1)
        buffers = raster.empty(size, size)
        triangles = np.arange(len(flat), dtype=np.int32).reshape(-1, 3)
        raster.draw(flat, triangles, np.ones(len(face), bool), *buffers)
        _, index, weight = buffers
        away, nearest = distance_transform_edt(index < 0, return_indices=True)
        rows, columns = np.nonzero(away <= PADDING)
        source = nearest[0][rows, columns], nearest[1][rows, columns]
        return cls(
            size=size,
            texel=np.stack([rows, columns], -1).astype(np.int32),
            triangle=face[index[source]].astype(np.int32),
            weight=weight[source],
            inside=(away <= PADDING).astype(np.float32),
        )


def blurred(values: Floats, inside: Floats, sigma: float) -> Floats:
    """One texture channel (N, N) blurred within the chart; zero outside. sigma in texels.

    Wide blurs run at half size: what they keep fits there.
    """
    if sigma > 4:
        half = (values.shape[1] // 2, values.shape[0] // 2)
        small, cover = (
            cv2.resize(a, half, interpolation=cv2.INTER_AREA) for a in (values * inside, inside)
        )
        near = _ratio(small, cover, sigma / 2)
        return np.asarray(cv2.resize(near, values.shape[::-1]) * inside, np.float32)
    return _ratio(values * inside, inside, sigma) * inside


def _ratio(values: Floats, cover: Floats, sigma: float) -> Floats:
    top, bottom = (cv2.GaussianBlur(a, (0, 0), sigma) for a in (values, cover))
    return np.asarray(top / np.maximum(bottom, 1e-3), np.float32)
