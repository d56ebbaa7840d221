"""A typical face, for one that the networks do not find and a hand places.

typical.txt holds a line "x y z" for each landmark, in face units, z away from the camera: the
median of the meshes found in 99 public portraits (98 of the faces in scikit-image's `lfw_subset`,
and its `astronaut`), aligned and mirrored as the points of the skull in `reage.faces.frame` were,
which it holds again to 0.002.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from reage.faces.frame import FaceFrame, Floats
from reage.faces.outline import outline
from reage.pixels.geometry import Similarity

TYPICAL_FILE = Path(__file__).with_name("typical.txt")


def typical_face(frame: int, yaw: float = 0.0, pitch: float = 0.0) -> FaceFrame:
    """A face of size 1 at (0, 0), upright, with outline and mesh; "edited", and sure.

    yaw:   degrees that it looks to the right of the picture; 90 is full profile
    pitch: degrees that it looks up
    """
    mesh = _turned(yaw, pitch)
    around, points = (tuple((u, v) for u, v in p.tolist()) for p in (outline(mesh), mesh))
    return FaceFrame(
        frame, (0.0, 0.0), 1.0, 0.0, 1.0, around, "edited", points, placed=(yaw, pitch)
    )


def looking(face: FaceFrame, yaw: float, pitch: float) -> FaceFrame:
    """A placed face, turned to look elsewhere."""
    shape = typical_face(face.frame, yaw, pitch)
    return replace(face, outline=shape.outline, mesh=shape.mesh, placed=shape.placed)


def fitted(face: FaceFrame, box: tuple[float, float, float, float], degrees: float) -> FaceFrame:
    """The face with that roll, its outline as high as a box and about the box's middle.

    box: x, y, width, height in square px. The height decides: a face is as high from every side.
    """
    x, y, width, height = box
    oval = Similarity.of(degrees=degrees).apply(np.array(face.outline))
    low, high = oval.min(0), oval.max(0)
    size = height / float(high[1] - low[1])
    middle = size * (low + high) / 2
    center = (float(x + width / 2 - middle[0]), float(y + height / 2 - middle[1]))
    return replace(face, center=center, size=size, degrees=degrees)


def _turned(yaw: float, pitch: float) -> Floats:
    """(468, 2) face units: the head nods, then turns, and is seen from far away."""
    x, y, z = typical_points().T
    t, p = math.radians(yaw), math.radians(pitch)
    y, z = y * math.cos(p) + z * math.sin(p), z * math.cos(p) - y * math.sin(p)
    return np.column_stack([x * math.cos(t) - z * math.sin(t), y])


@cache
def typical_points() -> Floats:
    """(468, 3) the landmarks of a typical face, in face units; not to be written to."""
    points = np.loadtxt(TYPICAL_FILE)
    points.setflags(write=False)
    return points
