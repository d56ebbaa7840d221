"""Hair on the scalp: strands grown once per person, colored once per view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage_training.synth.hairstyle import Style, scalp_density
from reage_training.synth.head import Floats, Head, Material
from reage_training.synth.lights import Lights, open_light

JOINTS = 8
GRAY = np.array([0.42, 0.41, 0.395])
"""Reflectance of gray hair, linear Rec.709 primaries."""
_CENTER = np.array([0.0, 4.6, 0.6], np.float32)
"""Middle of the skull in head space; hair is pushed out of an ellipsoid about it."""

_NECK, _NECK_RADII = np.array([0, 0, -1.5]), np.array([6.8, 1, 6.4])
"""The neck as an upright ellipse, for hair that falls to its sides."""


@dataclass(frozen=True)
class Hair:
    """points (S, JOINTS, 3) cm from root to tip, color (S, 3) linear reflectance, gray (S, 3)
    the same as if it had all gone gray, normal (S, 3) of the scalp at the root."""

    points: Floats
    color: Floats
    gray: Floats
    normal: Floats


def grow(
    head: Head,
    vertices: Floats,
    style: Style,
    rng: np.random.Generator,
    color: Floats,
    gray: float,
) -> Hair:
    """Strands on `vertices` (V, 3). color (3,) linear reflectance; gray: share of gray ones."""
    root, normal, neutral = _roots(head, vertices, style, rng)
    count = len(root)
    guide = rng.normal(0, 1, (3, 3)) @ neutral.T + rng.uniform(0, 6, (3, 1))
    clump = np.sin(guide).T * 0.3
    heading = _combed(neutral, normal, style) + clump
    heading = _unit(heading + rng.normal(0, 0.10, (count, 3)))
    length = style.length * rng.uniform(0.7, 1.08, count)
    length *= np.clip(0.45 + 0.12 * (neutral[:, 1] - 2), 0.35, 1) if style.name != "long" else 1
    step = (length / (JOINTS - 1))[:, None]
    fall = {"long": 0.45, "parted": 0.30, "swept": 0.16, "short": 0.12}.get(style.name, 0.04)
    parting = 0.25 if style.length < 3.5 else 1.0
    radii = _skull(vertices[np.unique(head.corners(Material.BACK))])
    points = np.empty((count, JOINTS, 3), np.float32)
    points[:, 0] = root - 0.08 * normal
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    for j in range(1, JOINTS):
        heading = heading + np.array([0, -fall, 0]) + 0.04 * clump
        heading = _unit(heading + rng.normal(0, 0.03, (count, 3)))
        wave = np.zeros((count, 3))
        if style.name == "curly":
            turn = phase + 2.4 * j
            wave = 0.9 * np.concatenate([np.sin(turn), np.cos(turn), np.sin(turn * 1.3)], 1)
        heading = _unit(heading + parting * _from_face(points[:, j - 1]))
        following = _outside(points[:, j - 1] + _unit(heading + wave) * step, radii)
        points[:, j] = np.where(_before_eyes(following), points[:, j - 1], following)
    grayed = np.clip(gray + rng.normal(0, 0.25 * min(gray, 1 - gray) * 2, (count, 1)), 0, 1)
    varied = np.exp(rng.normal(0, 0.18, (count, 1)))
    hues = (color + share * (GRAY - color) for share in (grayed, np.maximum(grayed, 0.92)))
    now, old = (np.clip(hue * varied, 0.002, 0.85).astype(np.float32) for hue in hues)
    return Hair(points, now, old, normal)


def _roots(
    head: Head, vertices: Floats, style: Style, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Random roots by density: (position, normal, neutral position), each (S, 3)."""
    corners = head.corners(Material.FACE, Material.BACK)
    neutral = head.vertices[corners].mean(1)
    edges = vertices[corners[:, 1:]] - vertices[corners[:, :1]]
    across = np.cross(edges[:, 0], edges[:, 1])
    share = np.linalg.norm(across, axis=1) * scalp_density(neutral, style.recession)
    chosen = rng.choice(len(corners), style.count, p=share / share.sum())
    mix = rng.dirichlet([1, 1, 1], style.count)[..., None]
    root = (vertices[corners[chosen]] * mix).sum(1)
    here = (head.vertices[corners[chosen]] * mix).sum(1)
    outward = _unit(here - _CENTER)
    normal = _unit(across[chosen])
    normal *= np.sign((normal * outward).sum(1, keepdims=True))
    return root.astype(np.float32), normal.astype(np.float32), here.astype(np.float32)


def _combed(neutral: Floats, normal: Floats, style: Style) -> npt.NDArray[np.float64]:
    """(S, 3) where each strand sets out to, along the scalp and a little off it."""
    x, y, z = neutral.T
    zero = np.zeros_like(x)
    low = np.clip((8.0 - y) / 5, 0, 1)
    side = np.tanh((x - style.parting) / 0.6)
    flows = {
        "short": (0.35 * side, 0.1 - 1.4 * low, 0.6 - 0.9 * low - 0.8 * (z < -2)),
        "swept": (0.15 * side, 0.2 - 0.5 * low, -1.0 + zero),
        "parted": (1.0 * side, -0.25 + zero, -0.25 - 0.3 * low),
        "long": (1.0 * side, -0.3 + zero, -0.75 + zero),
        "curly": (0.1 * side, 0.1 - 0.3 * low, -0.1 + zero),
    }
    lift = {"short": 0.22, "swept": 0.30, "parted": 0.25, "long": 0.25, "curly": 1.6}
    flow = np.stack(flows.get(style.name, (zero, -0.2 + zero, zero)), -1)
    flow = flow - (flow * normal).sum(1, keepdims=True) * normal
    return np.asarray(flow + lift.get(style.name, 1.0) * normal)


def _skull(back: Floats) -> Floats:
    """(3,) radii of the ellipsoid about the skull's middle that fits the back of the head."""
    away = back[back[:, 1] > 3] - _CENTER
    inverse = np.linalg.lstsq(away**2, np.ones(len(away)), rcond=None)[0]
    return np.asarray(1 / np.sqrt(np.maximum(inverse, 1e-4)), np.float32)


def _outside(points: npt.NDArray, radii: Floats) -> Floats:
    """Points above the jaw pushed out of the skull."""
    relative = (points - _CENTER) / radii
    distance = np.linalg.norm(relative, axis=1, keepdims=True)
    sunk = (distance < 1.02) & (points[:, 1:2] > -1)
    pushed = _CENTER + relative / np.maximum(distance, 1e-6) * 1.02 * radii
    points = np.where(sunk, pushed, points)
    off_axis = (points - _NECK) / _NECK_RADII
    distance = np.hypot(off_axis[:, 0], off_axis[:, 2])[:, None]
    sunk = (distance < 1) & (points[:, 1:2] < -1)
    level = points * [0, 1, 0] + _NECK * [1, 0, 1]
    pushed = level + off_axis / np.maximum(distance, 1e-6) * _NECK_RADII * [1, 0, 1]
    return np.where(sunk, pushed, points).astype(np.float32)


def _from_face(points: Floats) -> Floats:
    """(S, 3) how hair that comes before the face is parted to its sides and back."""
    x, y, z = points.T
    before = np.clip((z - 1) / 3, 0, 1) * np.clip((11.5 - y) / 2.5, 0, 1) * (np.abs(x) < 8.5)
    return np.stack([1.1 * np.sign(x) * before, 0 * x, -0.7 * before], -1)


def _before_eyes(points: Floats) -> npt.NDArray[np.bool_]:
    """(S, 1) whether a strand would hang over brows, eyes or cheeks."""
    x, y, z = points.T
    return np.asarray((np.abs(x) < 6.6) & (y < 8.2) & (z > 3.5))[:, None]


def lit_hair(hair: Hair, lights: Lights, to_camera: Floats) -> Floats:
    """(S, JOINTS, 6) radiance along the strands as they are, and as they would be gray."""
    looks = [_lit(hair, color, lights, to_camera) for color in (hair.color, hair.gray)]
    return np.concatenate(looks, -1)


def _lit(hair: Hair, color: Floats, lights: Lights, to_camera: Floats) -> Floats:
    """(S, JOINTS, 3) radiance along the strands (after Kajiya and Kay 1989).

    Roots are darker: the hair above shades them.
    """
    tangent = _unit(np.gradient(hair.points, axis=1))
    depth = np.linspace(0.5, 1, JOINTS)[None, :, None]
    ambient = (open_light(hair.normal, lights) * 0.6)[:, None]
    color = color[:, None]
    total = color * ambient * depth
    for toward, power in zip(lights.direction, lights.color, strict=True):
        facing = np.clip(hair.normal @ toward * 0.8 + 0.25, 0, 1)[:, None, None]
        diffuse = np.sqrt(np.clip(1 - (tangent @ toward) ** 2, 0, 1))[..., None]
        half = _unit(toward + to_camera)
        shine = np.sqrt(np.clip(1 - (tangent @ half) ** 2, 0, 1))[..., None]
        total = total + facing * power * depth * (
            0.55 * color * diffuse + 0.5 * color * shine**14 + 0.03 * shine**60
        )
    return np.asarray(total, np.float32)


def _unit(vectors: npt.NDArray) -> npt.NDArray:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9))
