"""A face in one frame: where it is, how large, how tilted, its outline and its mesh."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from reage.faces.outline import outline
from reage.faces.points import Pair, Points
from reage.pixels.geometry import Similarity

State = Literal["seen", "held", "edited", "none"]

RIGID = {
    10: (0.0, -0.500, -0.100),
    151: (0.0, -0.405, -0.129),
    9: (0.0, -0.306, -0.151),
    168: (0.0, -0.212, -0.148),
    6: (0.0, -0.167, -0.177),
    197: (0.0, -0.124, -0.210),
    33: (-0.267, -0.179, -0.025),
    263: (0.267, -0.179, -0.025),
    133: (-0.105, -0.175, -0.054),
    362: (0.105, -0.175, -0.054),
    116: (-0.379, -0.076, 0.039),
    345: (0.379, -0.076, 0.039),
    117: (-0.311, -0.080, -0.031),
    346: (0.311, -0.080, -0.031),
    21: (-0.392, -0.313, 0.138),
    251: (0.392, -0.313, 0.138),
    234: (-0.416, -0.052, 0.277),
    454: (0.416, -0.052, 0.277),
}
"""Forehead, nose bridge, eye corners, cheekbones, temples and ears: points that neither jaw
nor lips move, in face sizes. Measured by us: the median, after rigid alignment and
mirroring, of the meshes found in 98 public portraits (97 of the faces in scikit-image's
`lfw_subset`, and its `astronaut`), scaled so that points 10 and 152 are 1 apart, with
the origin midway between them and 0.1 behind, the middle of what a profile shows."""

_TYPICAL_MISFIT = 0.03
"""In face sizes, about three times how far single points stray between those portraits."""

MIN_ANCHORS = 5
"""Fewer visible points of the skull do not tell where a face is."""

SMALLEST, LARGEST = 1.0, 65536.0
"""Px of faces: no plate shows one that is larger, and nothing is seen of one that is smaller."""

FARTHEST = 10 * LARGEST
"""Px from the plate's corner that a face may be off."""

MESH_POINTS = 468
"""Of the landmark network's mesh."""

_ROUNDS = 5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FaceFrame:
    """One face in one frame. Lengths in the plate's square px, x right, y down.

    center:     (x, y) of the face's middle, between hairline and chin
    size:       hairline (mesh point 10) to chin (152) of that face seen straight on at rest
    degrees:    roll, clockwise on screen, -180..180; 0 is upright
    confidence: 0..1; 0 only where state is "none"
    outline:    ((u, v), ...) around the visible face, hairline to chin, in face units:
                relative to the center, unrotated, in sizes, u right and v down; see
                `reage.faces.outline`
    state:      "seen", "held" through a short miss, "edited" by hand, or "none"
    mesh:       ((u, v), ...), the MESH_POINTS landmarks in face units, as the outline; ()
                where a track file has none
    key:        whether a hand has set this very frame; the pixels do not depend on it
    placed:     yaw and pitch of a typical face that a hand has placed, see `reage.faces.typical`;
                None where the mesh was seen
    """

    frame: int
    center: tuple[float, float]
    size: float
    degrees: float
    confidence: float
    outline: Sequence[Pair]
    state: State = "seen"
    mesh: Sequence[Pair] = ()
    key: bool = field(default=False, repr=False)
    placed: tuple[float, float] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in ("outline", "mesh"):
            object.__setattr__(self, name, Points(getattr(self, name)))

    @classmethod
    def none(cls, frame: int) -> FaceFrame:
        """A frame in which no face was found."""
        return cls(frame, (0.0, 0.0), 0.0, 0.0, 0.0, (), "none")

    @property
    def to_plate(self) -> Similarity:
        """Face units to square px; `geometry.squeezed` leads on to the plate's own. Raises
        ValueError where there is no face."""
        if self.state == "none":
            raise ValueError(f"frame {self.frame} has no face")
        return Similarity.of(self.size, self.degrees, to=self.center)

    def oval(self) -> Floats:
        """The outline in square px, (N, 2)."""
        return self.to_plate.apply(np.array(self.outline))

    def landmarks(self) -> Floats | None:
        """The mesh in square px, (MESH_POINTS, 2); None where the track has none."""
        return self.to_plate.apply(np.array(self.mesh)) if self.mesh else None


def face_frame(
    points: Floats,
    frame: int,
    confidence: float,
    visible: npt.NDArray[np.bool_] | None = None,
    size: float | None = None,
) -> FaceFrame:
    """The face's place from its mesh (468, 3), x, y and depth in square px.

    visible: (468,) which points lie in the plate, with at least MIN_ANCHORS; the others are
             the network's guesses and count only for the outline and the mesh
    size:    the face's, where it is known better than this mesh tells

    A robust 3-D similarity fit of points that move only with the skull, so that size and
    roll hold still under yaw, a falling jaw and a smile.
    """
    scale, turn, shift = posed(points, visible, size)
    # The twist about the viewing axis; defined in profile too, where both eyes are one.
    degrees = math.degrees(math.atan2(turn[1, 0] - turn[0, 1], turn[0, 0] + turn[1, 1]))
    center = (float(shift[0]), float(shift[1]))
    to_face = Similarity.of(scale, degrees, to=center).inverse()
    mesh = to_face.apply(points[:, :2])
    return FaceFrame(
        frame, center, scale, degrees, confidence, _pairs(outline(mesh)), mesh=_pairs(mesh)
    )


def posed(
    points: Floats, visible: npt.NDArray[np.bool_] | None = None, size: float | None = None
) -> tuple[float, Floats, Floats]:
    """A mesh's size, turn (3, 3) and middle (3,): what takes the skull of `RIGID` to its points.

    Arguments as of `face_frame`.
    """
    wanted, given = np.array(list(RIGID.values())), points[list(RIGID)]
    believed = np.ones(len(given))
    if visible is not None:
        believed = visible[list(RIGID)].astype(np.float64)
    scale, turn, weight = _fit(wanted, given, believed)
    scale = scale if size is None else size
    return scale, turn, np.average(given - scale * wanted @ turn.T, axis=0, weights=weight)


def anchors(visible: npt.NDArray[np.bool_]) -> int:
    """How many of the points that `face_frame` fits are among the visible (468,)."""
    return int(visible[list(RIGID)].sum())


def _pairs(points: Floats) -> tuple[tuple[float, float], ...]:
    return tuple((u, v) for u, v in points.tolist())


def _fit(source: Floats, target: Floats, believed: Floats) -> tuple[float, Floats, Floats]:
    """Scale and rotation that take source (N, 3) to target, and each point's final weight.

    Weighted Umeyama 1991 (IEEE TPAMI 13:4), reweighted with Geman-McClure's kernel.
    """
    weight = believed
    for _ in range(_ROUNDS):
        share = (weight / weight.sum())[:, None]
        a, b = source - (share * source).sum(0), target - (share * target).sum(0)
        u, s, vt = np.linalg.svd((share * b).T @ a)
        proper = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
        turn = (u * proper) @ vt
        scale = float((s * proper).sum() / (share * a**2).sum())
        misfit = np.linalg.norm(b - scale * a @ turn.T, axis=1) / scale
        weight = believed / (1 + (misfit / _TYPICAL_MISFIT) ** 2) ** 2
    return scale, turn, weight
