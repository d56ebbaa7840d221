"""How a face is held and lit in a photograph, in degrees and in words."""

from __future__ import annotations

import math

import numpy as np

from reage.faces.frame import posed
from reage.pattern.photo.expression import Expression
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pattern.photo.skin import by_place
from reage.pattern.photo.unwrap import unwrapped

POSES = ("profile left", "half left", "from the front", "half right", "profile right")
LIGHTS = ("flat", "from the left", "from the right", "from above", "from below")
EXPRESSIONS = ("at rest", "a smile", "an open mouth", "raised brows", "squinting")

_FRONT, _HALF = 13.0, 36.0
"""Degrees of yaw below which a face is seen from the front, and half turned."""

_SIZE = 128
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)

_FLAT = 0.35
"""Of light's gain from its weakest to its strongest direction over its mean, below which it has
no side."""


def turned(mesh: Floats) -> tuple[float, float]:
    """Yaw and pitch in degrees: to the right of the picture, and down, are above zero."""
    _, turn, _ = posed(mesh)
    x, y, z = turn @ (0.0, 0.0, -1.0)
    return math.degrees(math.atan2(x, -z)), math.degrees(math.asin(float(np.clip(y, -1, 1))))


def pose(yaw: float) -> str:
    """One of POSES: where the face looks, in the picture."""
    if abs(yaw) < _FRONT:
        return POSES[2]
    if abs(yaw) < _HALF:
        return POSES[3 if yaw > 0 else 1]
    return POSES[4 if yaw > 0 else 0]


def lit(photo: Photograph, layout: Floats) -> tuple[float, float]:
    """How much more light comes from the picture's right than from its left, and from below than
    from above, as shares of the mean: a fit of the skin's light by its normals, as far as linear.
    """
    seen = unwrapped(photo, layout, _SIZE)
    down, across = (np.gradient(seen.points, axis=axis) for axis in (0, 1))
    normal = np.cross(across, down)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    normal *= -np.sign(normal[..., 2:])
    weight = (seen.seen * by_place(_SIZE) * (1 - np.clip(seen.clipped, 0, 1))).ravel()
    light = (seen.rgb @ _LUMA).ravel().astype(np.float64)
    if weight.sum() < 1:
        return 0.0, 0.0
    columns = np.column_stack([np.ones_like(light), normal.reshape(-1, 3)])
    trust = weight.astype(np.float64)
    found = np.zeros(4)
    for _ in range(4):
        weighted = columns * trust[:, None]
        ridge = np.diag([0, 1, 1, 1]) * 0.005 * trust.sum()
        found = np.linalg.solve(weighted.T @ columns + ridge, weighted.T @ light)
        off = (light - columns @ found) / (0.25 * np.average(light, weights=weight) + 1e-9)
        trust = weight / (1 + off**2) ** 2
    mean = max(float(np.average(light, weights=weight)), 1e-9)
    return float(found[1]) / mean, float(found[2]) / mean


def light(right: float, down: float) -> str:
    """One of LIGHTS, seen in the picture."""
    if math.hypot(right, down) < _FLAT:
        return LIGHTS[0]
    if abs(right) >= abs(down):
        return LIGHTS[2 if right > 0 else 1]
    return LIGHTS[4 if down > 0 else 3]


def expression(amounts: np.ndarray) -> str:
    """In words: smile, open mouth, raised brows, squint, 0 … 1 each."""
    return Expression(*map(float, amounts)).words()
