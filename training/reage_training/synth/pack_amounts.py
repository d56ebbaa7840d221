"""Write the engine's table of amounts: `python -m reage_training.synth.pack_amounts DIR`.

DIR holds ICT-FaceKit as packed by `pack_ict`, and MakeHuman's base mesh and targets (CC0), from
github.com/makehumancommunity: `makehuman_cc0/base.obj.gz` and
`makehuman_cc0/macrodetails/ORIGIN-SEX-{old,young}.target.gz`.

    base mesh ─▶ landmarks, by looking at it ─▶ old less young there, the skull held still
              ─▶ amounts of the fields that come nearest, drawn towards 1

The fields were judged by eye at 1; a target pulls each as far as its landmarks move. What they do
not cover or hardly move, and what published figures know better, stays at 1: `_PUBLISHED`.
"""

from __future__ import annotations

import gzip
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt
from scipy.optimize import lsq_linear

from reage.errors import FaceError
from reage.faces import detect_faces, landmarks_of
from reage.faces.frame import RIGID
from reage.shape.amounts import AMOUNTS_FILE, KINDS
from reage.shape.fields import FIELDS, displaced
from reage.shape.head import head
from reage_training.synth import raster
from reage_training.synth.head import Ints
from reage_training.synth.mesh import normals
from reage_training.terminal import say

Floats = npt.NDArray[np.float64]

_LOCATED_ON = "african-female-young"
"""The target in which the landmark network finds a face from each side; the mesh is the same in
all."""

_YAWS = (-25.0, 0.0, 25.0)
_CENTER, _SPAN, _SIZE = (0.0, 7.25, 0.6), 3.2, 768
"""Of the picture: the head's middle and the height seen, in MakeHuman's decimeters; px."""

_MIDDLE = 2.5
"""cm beside the middle plane up to which the view from the front places a landmark best."""

_TOWARDS = 1.0
"""Weight of the amounts judged by eye, in each field's own energy."""

_LOW, _HIGH = 0.4, 1.8

_PUBLISHED = ("nose wing", "nose's width", "mouth's width", "under chin", "ear lobe")
"""Nose, mouth and ears as in `reage.shape.fields`; under the chin there is no landmark."""


@dataclass(frozen=True)
class Body:
    """vertices: (V, 3) in decimeters; triangles: (T, 3) of the body's skin."""

    vertices: Floats
    triangles: Ints

    @classmethod
    def read(cls, folder: Path) -> Body:
        vertices: list[list[float]] = []
        triangles: list[list[int]] = []
        group = ""
        for line in _lines(folder / "base.obj.gz"):
            word, *rest = line.split() or [""]
            if word == "v":
                vertices.append([float(x) for x in rest[:3]])
            elif word == "g":
                group = rest[0]
            elif word == "f" and group == "body":
                corners = [int(corner.split("/")[0]) - 1 for corner in rest]
                triangles += [[corners[0], *corners[i : i + 2]] for i in range(1, len(corners) - 1)]
        return cls(np.array(vertices), np.array(triangles, np.int32))

    def shaped(self, target: Path) -> Floats:
        """(V, 3) with a target's displacements."""
        moved = self.vertices.copy()
        for line in _lines(target):
            if line[:1].isdigit():
                index, *shift = line.split()
                moved[int(index)] += [float(x) for x in shift]
        return np.asarray(moved)


def _lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()


@dataclass(frozen=True)
class Located:
    """Of each landmark the triangle's corners (468, 3) and where in it it lies (468, 3)."""

    corners: Ints
    mix: Floats

    def of(self, vertices: Floats) -> Floats:
        return np.asarray(np.einsum("lk,lkc->lc", self.mix, vertices[self.corners]))


def table(folder: Path) -> Floats:
    """(F, len(KINDS)) amounts."""
    body = Body.read(folder)
    targets = folder / "macrodetails"
    seen = located(body.shaped(targets / f"{_LOCATED_ON}.target.gz"), body.triangles)
    columns = []
    for sex, origin in KINDS:
        ages = ("young", "old")
        young, old = (
            seen.of(body.shaped(targets / f"{origin}-{sex}-{age}.target.gz")) for age in ages
        )
        moved = displacement(young, old)
        columns.append(fitted(moved))
        say(f"{sex} {origin}: {explained(moved, columns[-1]):.0%} explained")
    return np.stack(columns, 1)


def located(vertices: Floats, triangles: Ints) -> Located:
    """Where the landmark network sees the landmarks on a bare head. Raises FaceError."""
    views = [_view(vertices, triangles, np.deg2rad(yaw)) for yaw in _YAWS]
    side = head().landmarks[:, 0]
    chosen = np.where(np.abs(side) < _MIDDLE, 1, np.where(side > 0, 0, 2))
    landmark = np.arange(len(side))
    return Located(
        np.stack([corners for corners, _ in views])[chosen, landmark],
        np.stack([mix for _, mix in views])[chosen, landmark],
    )


def _view(vertices: Floats, triangles: Ints, yaw: float) -> tuple[Ints, Floats]:
    c, s = np.cos(yaw), np.sin(yaw)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    at = (vertices - _CENTER) @ turn.T * (_SIZE / _SPAN)
    flat = np.stack([_SIZE / 2 + at[:, 0], _SIZE / 2 - at[:, 1], 1e4 - at[:, 2]], 1)
    depth, index, weight = raster.empty(_SIZE, _SIZE)
    raster.draw(flat, triangles, np.ones(len(triangles), bool), depth, index, weight)
    mix = np.concatenate([weight, 1 - weight.sum(-1, keepdims=True)], -1).astype(np.float64)
    unit = normals(vertices.astype(np.float32), triangles) @ turn.T
    lit = np.einsum("yxk,yxkc->yxc", mix, unit[triangles[np.maximum(index, 0)]])
    bright = 0.25 + 0.7 * np.clip(lit @ np.array([0.3, 0.5, 0.8]), 0, 1)
    skin = np.where((index >= 0)[..., None], bright[..., None] * [0.8, 0.6, 0.5], 0.35)
    picture = (np.clip(skin, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
    faces = detect_faces(picture)
    if not faces:
        raise FaceError(f"no face was found on MakeHuman's head from {np.rad2deg(yaw):.0f}°")
    x, y = np.clip(landmarks_of(picture, faces[0]).points[:, :2], 0, _SIZE - 1).astype(int).T
    near = distance_transform_edt(index < 0, return_distances=False, return_indices=True)
    row, column = near[0][y, x], near[1][y, x]
    return triangles[index[row, column]], mix[row, column]


def displacement(young: Floats, old: Floats) -> Floats:
    """(468, 3) cm on the mean head: old less young, without how the skull moved and grew."""
    rigid = list(RIGID)
    on_head = _onto(young, head().landmarks)
    return _onto(old, on_head, rigid) - on_head


def _onto(points: Floats, others: Floats, use: list[int] | None = None) -> Floats:
    """Points after the similarity that brings those in `use` nearest to the others' (Umeyama
    1991, IEEE TPAMI 13:4)."""
    rows = list(range(len(points))) if use is None else use
    a, b = points[rows], others[rows]
    from_a, from_b = a - a.mean(0), b - b.mean(0)
    u, s, vt = np.linalg.svd(from_b.T @ from_a)
    proper = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    scale = (s * proper).sum() / (from_a**2).sum()
    return np.asarray(scale * (points - a.mean(0)) @ ((u * proper) @ vt).T + b.mean(0))


def explained(moved: Floats, amounts: Floats) -> float:
    """Share of the displacements' (468, 3) energy that the fields account for."""
    left = moved - displaced(head().landmarks, amounts)
    return 1 - float((left**2).sum() / (moved**2).sum())


def fitted(moved: Floats) -> Floats:
    """(F,) amounts whose fields come nearest to displacements (468, 3) of the landmarks; both
    sides alike."""
    places, mirror = head().landmarks, np.array([-1.0, 1.0, 1.0])
    partner = np.linalg.norm(places[:, None] * mirror - places, axis=2).argmin(1)
    goal = ((moved + (moved * mirror)[partner]) / 2).ravel()
    fields = np.stack([displaced(places, one).ravel() for one in np.eye(len(FIELDS))], 1)
    own = np.sqrt(_TOWARDS) * np.linalg.norm(fields, axis=0)
    found = lsq_linear(
        np.vstack([fields, np.diag(own)]), np.concatenate([goal, own]), (_LOW, _HIGH)
    ).x
    known = np.array([field.name in _PUBLISHED for field in FIELDS])
    return np.where(known, 1.0, found)


if __name__ == "__main__":
    names = " ".join("-".join(kind) for kind in KINDS)
    rows = table(Path(sys.argv[1]) / "makehuman_cc0")
    np.savetxt(AMOUNTS_FILE, rows, "%.2f", header=names)
