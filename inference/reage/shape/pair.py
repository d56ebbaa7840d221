"""One head as it is seen younger and older, by the mesh of the one that is in the plate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from reage.faces.frame import MESH_POINTS
from reage.pixels.geometry import Region
from reage.pixels.ramps import smooth_ramp
from reage.shape.camera import FaceCamera, Floats
from reage.shape.fields import displaced
from reage.shape.head import MeanHead, head

_STILL_ABOVE = -1.2
"""cm: landmarks higher than the nose's base hold still while a mouth moves."""

_RESIDUAL = 3.0
"""cm over which points around the face share what a person's landmarks are off the mean's."""

_BELIEVED_AROUND = 0.3
"""Weight of a point around the face: a jaw before a neck bends the map less for it."""

_EDGE_ON, _SQUARE = 0.1, 0.45
"""Cosine of the angle to the viewer from which skin around the face is seen, and where well."""


@dataclass(frozen=True)
class FacePair:
    """The head's points in the picture: (N, 2) of the younger and of the older face, and how far
    each is believed (N,)."""

    camera: FaceCamera
    young: Floats
    old: Floats
    believed: Floats

    @classmethod
    def of(cls, seen: Floats, weights: Floats, gained: Floats, ages: bool) -> FacePair:
        """Out of the landmarks of the one that is in the plate: the younger where it ages."""
        mean = head()
        move, still = displaced(mean.points, gained), mean.landmarks[:, 1] > _STILL_ABOVE
        young = seen
        camera = FaceCamera.fitted(mean.landmarks, young, weights * still)
        if not ages:
            young = seen - camera.along(move[:MESH_POINTS])
            camera = FaceCamera.fitted(mean.landmarks, young, weights * still)
        young = np.vstack([young, _around(mean, camera, young, weights)])
        around = smooth_ramp(mean.normals[MESH_POINTS:] @ camera.toward, _EDGE_ON, _SQUARE)
        believed = np.concatenate([weights, _BELIEVED_AROUND * around])
        return cls(camera, young, young + camera.along(move), believed)

    def region(self, margin: float) -> Region:
        """Plate pixels that may move."""
        both = np.vstack([self.young, self.old])
        return Region.spanning(np.stack([both.min(0) - margin, both.max(0) + margin]))


def _around(mean: MeanHead, camera: FaceCamera, seen: Floats, weights: Floats) -> Floats:
    """(M, 2) where the points around the face are seen: as the camera says, and off that as the
    landmarks near them are."""
    off = seen - camera.project(mean.landmarks)
    near, fade = _shares()
    near = near * weights
    shared = near @ off / np.maximum(near.sum(1), 1e-9)[:, None]
    return np.asarray(camera.project(mean.around) + shared * fade)


@cache
def _shares() -> tuple[Floats, Floats]:
    """(M, 468) how near each point around the face is to each landmark, and (M, 1) to any."""
    mean = head()
    away = np.linalg.norm(mean.around[:, None] - mean.landmarks[None], axis=2) / _RESIDUAL
    return np.exp(-(away**2)), np.exp(-((away.min(1, keepdims=True) - 0.5).clip(0) ** 2))
