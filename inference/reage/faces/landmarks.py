"""Where a face's 468 points are: MediaPipe's face-mesh network on an upright crop.

Kartynnik et al. 2019, "Real-time Facial Surface Geometry from Monocular Video on Mobile
GPUs" (arXiv 1907.06724). 192 px input in 0..1; the crop is 1.5 times the face's box and
stands upright by the eyes, as in MediaPipe's face_landmark_front graph.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage.faces import models
from reage.faces.detect import Detection
from reage.faces.sample import Picture, angle, sample, square
from reage.pixels.geometry import Similarity

_INPUT = 192
_MARGIN = 1.5
_EYES = (33, 263)
"""Outer eye corners, on the left and on the right of an upright picture."""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Landmarks:
    """The mesh of one face.

    points:   (468, 3): x and y in picture px, z (depth) in the same unit, growing away
              from the camera from about the head's middle
    presence: 0..1, how sure the network is that this is a face
    """

    points: Points
    presence: float


def landmarks_of(picture: Picture, face: Detection) -> Landmarks:
    """The mesh of a detected face, looked at twice: by its box, then by its own points.

    picture: (h, w, 3) uint8 sRGB. Raises FaceError where the model is missing.
    """
    degrees = angle(face.keypoints[0], face.keypoints[1])
    first = _look(picture, square(face.center, _MARGIN * face.side, degrees, _INPUT))
    return refined(picture, first.points)


def refined(picture: Picture, points: Points) -> Landmarks:
    """The mesh found by looking where `points` (468, 3), in picture px, say the face is."""
    degrees = angle(points[_EYES[0], :2], points[_EYES[1], :2])
    upright = Similarity.of(degrees=-degrees)
    turned = upright.apply(points[:, :2])
    low, high = turned.min(0), turned.max(0)
    x, y = upright.inverse().apply((low + high) / 2)
    side = _MARGIN * float((high - low).max())
    return _look(picture, square((x, y), side, degrees, _INPUT))


def _look(picture: Picture, to_picture: Similarity) -> Landmarks:
    pixels = sample(picture, to_picture, _INPUT)
    blob = pixels.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    mesh, logit = models.run_network(models.LANDMARKER, blob)
    points = mesh.reshape(-1, 3).astype(np.float64)
    placed = np.column_stack([to_picture.apply(points[:, :2]), points[:, 2] * to_picture.scale])
    return Landmarks(placed, 1 / (1 + math.exp(-min(max(float(logit[0]), -50.0), 50.0))))
