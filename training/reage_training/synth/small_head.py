"""A small head that needs no assets: for tests, miniature runs and machines without ICT.

Its face lies in space and in texture about where ICT-FaceKit's does, so that the same
skins, shape fields and hair fit it. It looks like a mannequin.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reage_training.synth.head import Floats, Head, Ints, Material, locate
from reage_training.synth.small_head_modes import expressions, identities

_FACE_COLUMNS, _BACK_COLUMNS, _ROWS = 56, 24, 72
_HALF_TURN = 105.0
"""Degrees to each side that the face's texture reaches."""
# Of texture row v: height, half width, depth of the front and of the back, in cm.
_PROFILE = np.array(
    [
        (0.00, -17.0, 11.0, 4.0, -7.0),
        (0.14, -12.0, 6.2, 4.2, -6.5),
        (0.24, -9.2, 5.8, 5.5, -5.9),
        (0.29, -7.3, 5.7, 9.8, -5.7),
        (0.435, -3.4, 6.3, 10.2, -6.5),
        (0.60, 0.2, 7.0, 10.0, -7.5),
        (0.715, 3.6, 7.3, 9.4, -9.0),
        (0.81, 6.3, 7.4, 9.8, -9.5),
        (0.90, 9.0, 7.0, 9.2, -9.2),
        (1.00, 12.0, 5.0, 5.5, -7.0),
    ]
)
# (u, v), radius in u and v, cm outward: nose, its bridge, sockets, lips, ears.
_BUMPS = (
    ((0.50, 0.60), (0.035, 0.055), 2.6),
    ((0.50, 0.67), (0.025, 0.06), 0.9),
    ((0.36, 0.715), (0.07, 0.035), -0.7),
    ((0.64, 0.715), (0.07, 0.035), -0.7),
    ((0.50, 0.47), (0.09, 0.02), 0.5),
    ((0.50, 0.395), (0.08, 0.025), 0.5),
    ((0.04, 0.63), (0.03, 0.07), 1.2),
    ((0.96, 0.63), (0.03, 0.07), 1.2),
)
_EYES = ((0.36, 0.715), (0.64, 0.715))
_EYE_SIZE, _MOUTH_SIZE = (0.052, 0.021), (0.085, 0.008)
_KNOWN = {
    10: (0.504, 0.90),
    152: (0.50, 0.295),
    1: (0.50, 0.60),
    168: (0.50, 0.735),
    33: (0.30, 0.725),
    133: (0.41, 0.715),
    362: (0.59, 0.715),
    263: (0.70, 0.725),
    61: (0.40, 0.45),
    291: (0.60, 0.45),
    13: (0.50, 0.475),
    14: (0.50, 0.39),
    127: (0.12, 0.68),
    356: (0.88, 0.68),
    105: (0.33, 0.825),
    334: (0.67, 0.825),
    50: (0.31, 0.57),
    280: (0.69, 0.57),
}
"""Texture places of those MediaPipe landmarks that the small head knows by name."""


def small_head() -> Head:
    """A head of some 10,000 triangles made of an ellipsoid-like grid.

    Of its 468 landmarks only those of `_KNOWN` lie where MediaPipe's do; the others are
    spread evenly over the face's oval.
    """
    parts = [_shell(), *(_eyeball(uv) for uv in _EYES), *(_lashes(uv) for uv in _EYES), _mouth()]
    offsets = np.cumsum([0] + [len(part[0]) for part in parts])
    vertices = np.concatenate([part[0] for part in parts]).astype(np.float32)
    triangles = np.concatenate([p[1] + o for p, o in zip(parts, offsets, strict=False)])
    uv = np.concatenate([part[2] for part in parts]).astype(np.float32)
    material = np.concatenate([part[3] for part in parts]).astype(np.int8)
    holders, barycentric = locate(rough_landmarks(), uv, material == Material.FACE)
    eyes = np.unique(triangles[material == Material.EYE])
    names, modes = expressions(vertices, eyes)
    identity = identities(vertices)
    return Head(
        vertices,
        triangles.astype(np.int32),
        uv,
        material,
        identity,
        modes,
        names,
        holders,
        barycentric,
    )


_Part = tuple[npt.NDArray[np.float64], Ints, Floats, npt.NDArray[np.int8]]
"""Vertices, triangles, uv of corners, materials."""


def _surface(u: npt.NDArray, v: npt.NDArray) -> npt.NDArray[np.float64]:
    """Points (…, 3) of texture places; u runs past 0..1 around the back of the head."""
    y, wide, front, back = (np.interp(v, _PROFILE[:, 0], _PROFILE[:, k]) for k in range(1, 5))
    turn = np.radians((u - 0.5) * 2 * _HALF_TURN)
    depth = np.where(np.cos(turn) > 0, front, -back) * np.cos(turn)
    point = np.stack([wide * np.sin(turn), y, depth], -1)
    outward = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], -1)
    for (cu, cv), (ru, rv), height in _BUMPS:
        weight = np.exp(-(((u - cu) / ru) ** 2) - ((v - cv) / rv) ** 2)
        point = point + (height * weight)[..., None] * outward
    return point


def _grid(rows: int, columns: int) -> Ints:
    """Triangles of a grid of rows × columns points."""
    at = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b, c, d = at[:-1, :-1].ravel(), at[:-1, 1:].ravel(), at[1:, 1:].ravel(), at[1:, :-1].ravel()
    return np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])


def _shell() -> _Part:
    """Face and back of the head in one grid, holes for eyes and mouth, and a cap."""
    around = 180.0 / _HALF_TURN
    face = np.linspace(0, 1, _FACE_COLUMNS)
    back = np.linspace(1, around, _BACK_COLUMNS)[1:]
    u, v = np.meshgrid(np.concatenate([face, back]), np.linspace(0, 1, _ROWS))
    rows, columns = u.shape
    place = np.stack([u, v], -1).reshape(-1, 2)
    triangles = _grid(rows, columns)
    middle = place[triangles].mean(1)
    open_ = _within(middle, (0.5, 0.435), _MOUTH_SIZE)
    for eye in _EYES:
        open_ |= _within(middle, eye, _EYE_SIZE)
    triangles = triangles[~open_]
    material = np.where(middle[~open_, 0] < 1, Material.FACE, Material.BACK)
    points = np.concatenate([_surface(place[:, 0], place[:, 1]), [[0, 14.0, -1.0]]])
    last = np.arange((rows - 1) * columns, rows * columns - 1, dtype=np.int32)
    cap = np.stack([last, last + 1, np.full_like(last, len(points) - 1)], -1)
    triangles = np.concatenate([triangles, cap])
    corner = np.concatenate([place, [[0.5, 1.0]]])[triangles]
    return points, triangles, corner, np.append(material, np.full(len(cap), Material.BACK))


def _eyeball(uv: tuple[float, float]) -> _Part:
    center = _surface(np.array(uv[0]), np.array(uv[1])) - [0, 0, 1.25]
    polar, turn = np.meshgrid(np.linspace(0, np.pi, 14), np.linspace(0, 2 * np.pi, 20))
    around = [np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)]
    points = center + 1.5 * np.stack(around, -1).reshape(-1, 3)
    return _plain(points, _grid(*polar.shape), Material.EYE)


def _lashes(uv: tuple[float, float]) -> _Part:
    """One card along the upper lid; its v runs from 1 at the root to .5 at the tips."""
    along, out = np.meshgrid(np.linspace(-1, 1, 12), np.linspace(0, 1, 3), indexing="ij")
    u = uv[0] + _EYE_SIZE[0] * along
    v = uv[1] + _EYE_SIZE[1] * np.sqrt(1 - 0.9 * along**2)
    points = _surface(u, v) + np.stack([0 * out, 0.15 * out, 0.5 * out], -1)
    triangles = _grid(*along.shape)
    place = np.stack([0.5 + 0.4 * along, 1 - 0.5 * out], -1).reshape(-1, 2)
    kinds = np.full(len(triangles), Material.LASHES, np.int8)
    return points.reshape(-1, 3), triangles, place[triangles].astype(np.float32), kinds


def _mouth() -> _Part:
    """A dark sheet behind the lips with a row of teeth in its upper half."""
    along, down = np.meshgrid(np.linspace(-0.1, 0.1, 12), np.linspace(0.07, -0.07, 8))
    points = _surface(0.5 + along, 0.435 + down) - [0, 0, 1.2]
    points, triangles, corner, _ = _plain(points.reshape(-1, 3), _grid(8, 12), Material.GUMS)
    height = points[triangles].mean(1)[:, 1]
    teeth = (height > -3.6) & (height < -2.6)
    return points, triangles, corner, np.where(teeth, Material.TEETH, Material.GUMS)


def _plain(points: npt.NDArray[np.float64], triangles: Ints, kind: Material) -> _Part:
    """A part without a texture of its own."""
    corner = np.zeros((len(triangles), 3, 2), np.float32)
    return points, triangles, corner, np.full(len(triangles), kind, np.int8)


def _within(
    places: npt.NDArray, center: tuple[float, float], size: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    return np.asarray((((places - center) / size) ** 2).sum(-1) < 1)


def rough_landmarks() -> Floats:
    """(468, 2) texture places: a sunflower over the face's oval, the known ones at theirs."""
    i = np.arange(468) + 0.5
    radius, turn = np.sqrt(i / 468), i * np.pi * (3 - np.sqrt(5))
    spread = np.stack([0.5 + 0.33 * radius * np.cos(turn), 0.6 + 0.29 * radius * np.sin(turn)], -1)
    for index, place in _KNOWN.items():
        spread[index] = place
    return spread.astype(np.float32)
