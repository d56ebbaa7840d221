"""A face's mesh with its ring in one picture, and which picture is held still."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from reage.errors import FaceError, SettingsError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.skin import facing
from reage.faces.typical import typical_face
from reage.pixels.geometry import Similarity, squeezed
from reage.stabilized.triangles import Floats, edge, ring


@dataclass(frozen=True)
class Pose:
    """One face in one picture.

    points  (468 + RING, 2) plate px, x right and y down
    seen    (468 + RING,) 0 … 1: how much the skin there looks at the camera; 0 at the mesh's edge
            and on the ring, so that what is painted ends softly
    turn    face units to square px; aspect: width over height of the plate's pixels
    """

    points: Floats
    seen: Floats
    turn: Similarity
    aspect: float

    @classmethod
    def of(cls, face: FaceFrame, aspect: float) -> Pose:
        mesh = np.array(face.mesh)
        points = face.to_plate.apply(np.vstack([mesh, ring()]))
        seen = np.where(edge(), 0.0, facing(mesh))
        seen = np.concatenate([seen, np.zeros(len(ring()))])
        return cls(squeezed(points, aspect), seen, face.to_plate, aspect)

    def to(self, other: Pose) -> tuple[Floats, Floats]:
        """(2, 2) and (2,): plate px of this picture to the other's, as the head's place, size and
        roll are; without the mesh."""
        there = self.turn.inverse().then(other.turn)
        wide, linear = np.diag([self.aspect, 1.0]), there.matrix[:, :2]
        narrow = np.diag([1 / self.aspect, 1.0])
        return narrow @ linear @ wide, narrow @ there.matrix[:, 2]


def faces_in(track: FaceTrack, where: str) -> dict[int, FaceFrame]:
    """Those frames of a track that show its face, with its mesh. Raises FaceError where none does,
    or one has no mesh."""
    found = {n: face for n in sorted(track.frames) if (face := track.at(n))}
    if not found:
        raise FaceError(f"The track {where} has no face in any frame; nothing can be held still.")
    if without := [n for n, face in found.items() if not face.mesh]:
        raise FaceError(
            f"The track {where} has no mesh at frame {without[0]}; make it anew with `reage track`."
        )
    return found


def held_still(
    track: FaceTrack, faces: dict[int, FaceFrame], at: int | None = None, frontal: bool = False
) -> FaceFrame:
    """The face whose place in the picture all others are brought to: that of frame `at`; with
    `frontal` a typical one, upright, straight on, in the middle of the plate; else the one that
    shows most of its skin. Raises SettingsError where there is no such frame."""
    if frontal:
        middle = (track.width * track.aspect / 2, track.height / 2)
        size = median(face.size for face in faces.values())
        return replace(typical_face(0), center=middle, size=size)
    if at is None:
        at = max(faces, key=lambda n: (float(facing(np.array(faces[n].mesh)).sum()), -n))
    if at not in faces:
        raise SettingsError(
            f"--at is {at}, and the track has no face there; it has one in {min(faces)} to "
            f"{max(faces)}."
        )
    return faces[at]
