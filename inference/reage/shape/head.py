"""A mean head: where on it the landmarks are, and some skin around them.

Head space is in centimeters, x to the head's left, y up, z out of the face; the origin lies
between the ears. head.txt holds a line "x y z nx ny nz" for each of the landmarks, then for points
of ears, temples, jaw and neck. It was read off ICT-FaceKit's mean head (MIT) by
`reage_training.synth.pack_head`, which writes the file again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage.faces.frame import MESH_POINTS

Floats = npt.NDArray[np.float64]

HEAD_FILE = Path(__file__).with_name("head.txt")


@dataclass(frozen=True)
class MeanHead:
    """points, normals: (N, 3), the landmarks first; read-only."""

    points: Floats
    normals: Floats

    @property
    def landmarks(self) -> Floats:
        return self.points[:MESH_POINTS]

    @property
    def around(self) -> Floats:
        """(M, 3): the points that are no landmarks."""
        return self.points[MESH_POINTS:]


@cache
def head() -> MeanHead:
    table = np.loadtxt(HEAD_FILE)
    table.setflags(write=False)
    return MeanHead(table[:, :3], table[:, 3:])
