"""A head: one mesh, the ways it can differ between people, the ways it can move.

Head space is in centimetres, x to the head's left, y up, z out of the face; the origin
lies between the ears. Vertex positions of any particular person are
`neutral + identity · coefficients + expression · weights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage.errors import SettingsError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

ICT_FILE = Path("ict_facekit/ict_facekit_light_fp16.npz")
LANDMARK_FILE = Path("mediapipe_face/mediapipe468_to_ict_face_uv.npy")
FOREHEAD, CHIN = 10, 152
"""MediaPipe's landmarks at the top of the forehead and the point of the chin."""


class Material(IntEnum):
    """What a triangle is made of."""

    FACE = 0
    BACK = 1
    GUMS = 2
    TEETH = 3
    EYE = 4
    LASHES = 5


_ICT_MATERIALS = {
    "M_Face": Material.FACE,
    "M_BackHead": Material.BACK,
    "M_GumsTongue": Material.GUMS,
    "M_Teeth": Material.TEETH,
    "M_ScleraLeft": Material.EYE,
    "M_ScleraRight": Material.EYE,
    "M_EyeLashes": Material.LASHES,
}


@dataclass(frozen=True)
class Head:
    """A head mesh with its modes.

    vertices     (V, 3) float32, the neutral mean head, cm
    triangles    (T, 3) int32 into vertices
    uv           (T, 3, 2) float32, texture coordinates of each corner, v up; of FACE
                 triangles in 0..1
    material     (T,) int8 of Material
    identity     (K, V, 3) float32, displacement for one standard deviation of each mode
    expression   (E, V, 3) float32, displacement at weight 1
    expressions  the E names of the expression modes
    landmarks    (468,) int32, the triangle that holds each MediaPipe landmark
    barycentric  (468, 3) float32, where in that triangle it lies
    """

    vertices: Floats
    triangles: Ints
    uv: Floats
    material: npt.NDArray[np.int8]
    identity: Floats
    expression: Floats
    expressions: tuple[str, ...]
    landmarks: Ints
    barycentric: Floats

    def shaped(self, coefficients: Floats, weights: Mapping[str, float]) -> Floats:
        """(V, 3) float32 vertices of one person with one expression.

        coefficients: (K,) in standard deviations. Names in `weights` that the head does
        not have raise KeyError.
        """
        shape = self.vertices + np.tensordot(coefficients, self.identity, 1)
        index = {name: i for i, name in enumerate(self.expressions)}
        for name, weight in weights.items():
            shape = shape + np.float32(weight) * self.expression[index[name]]
        return shape.astype(np.float32)

    def landmarks_of(self, vertices: Floats) -> Floats:
        """(468, 3) float32 positions of the landmarks on `vertices` (V, 3)."""
        corners = vertices[self.triangles[self.landmarks]]
        return np.asarray(np.einsum("lk,lkc->lc", self.barycentric, corners), np.float32)

    def corners(self, *materials: Material) -> Ints:
        """(N, 3) triangles of these materials."""
        return self.triangles[np.isin(self.material, materials)]


def load_ict(assets: Path) -> Head:
    """The ICT-FaceKit head (MIT) packed by `pack_ict`, with landmarks, from `assets`.

    Raises SettingsError where a file is missing or is no such package.
    """
    for name in (ICT_FILE, LANDMARK_FILE):
        if not (assets / name).is_file():
            raise SettingsError(
                f"{assets / name} is missing: get FaceXModel from github.com/ICT-VGL/ICT-FaceKit "
                "(MIT), pack it with `python -m reage_training.synth.pack_ict FaceXModel DIR`, "
                "and give that DIR as --assets"
            )
    try:
        with np.load(assets / ICT_FILE) as package:
            data = {key: package[key] for key in package.files}
        return _from_package(data, np.load(assets / LANDMARK_FILE))
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"{assets / ICT_FILE} is no packed ICT-FaceKit: {error}") from error


def _from_package(data: Mapping[str, npt.NDArray], landmark_uv: Floats) -> Head:
    """Quads split, unused parts dropped, vertices renumbered."""
    kinds = np.array([_ICT_MATERIALS.get(str(name), -1) for name in data["materials"]], np.int8)
    kind = kinds[data["face_material"]]
    kept = kind >= 0
    triangles, corner_uv = split_quads(data["faces"][kept], data["faces_uv"][kept])
    material = np.concatenate([kind[kept], kind[kept][data["faces"][kept][:, 3] >= 0]])
    used, compact = np.unique(triangles, return_inverse=True)
    triangles = compact.reshape(-1, 3).astype(np.int32)
    uv = data["uv"][corner_uv].astype(np.float32)
    holders, barycentric = locate(landmark_uv, uv, material == Material.FACE)
    return Head(
        vertices=data["verts"][used].astype(np.float32),
        triangles=triangles,
        uv=uv,
        material=material,
        identity=data["identity"][:, used].astype(np.float32),
        expression=data["expression"][:, used].astype(np.float32),
        expressions=tuple(str(name) for name in data["expression_names"]),
        landmarks=holders,
        barycentric=barycentric,
    )


def split_quads(faces: Ints, faces_uv: Ints) -> tuple[Ints, Ints]:
    """Triangles of (F, 4) faces whose fourth corner is −1 where they are triangles already.

    First all corners (0, 1, 2), then (0, 2, 3) of the true quads. The same cut on both.
    """
    quad = faces[:, 3] >= 0
    parts = [(a[:, [0, 1, 2]], a[quad][:, [0, 2, 3]]) for a in (faces, faces_uv)]
    vertex, texture = (np.concatenate(part).astype(np.int32) for part in parts)
    return vertex, texture


def locate(points: Floats, uv: Floats, allowed: npt.NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """For each uv point (P, 2): the allowed triangle that holds it, and its barycentrics.

    A point outside every triangle gets the one it is least outside of, with barycentrics
    clipped to it, so that a landmark never leaves the mesh.
    """
    candidates = np.flatnonzero(allowed)
    a, b, c = (uv[candidates, k].astype(np.float64) for k in range(3))
    area = _cross(b - a, c - a)
    area = np.where(np.abs(area) < 1e-12, np.inf, area)
    holders = np.empty(len(points), np.int32)
    weights = np.empty((len(points), 3), np.float32)
    for i, point in enumerate(np.asarray(points, np.float64)):
        w = np.stack([_cross(b - point, c - point), _cross(c - point, a - point)], -1)
        w = np.concatenate([w, area[:, None] - w.sum(-1, keepdims=True)], -1) / area[:, None]
        w[~np.isfinite(area)] = -np.inf
        best = int(np.argmax(w.min(-1)))
        inside = np.clip(w[best], 0, None)
        holders[i], weights[i] = candidates[best], inside / inside.sum()
    return holders, weights


def _cross(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
