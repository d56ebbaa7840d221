"""How the small head varies between people, and how it moves."""

from __future__ import annotations

import numpy as np

from reage_training.synth.head import Floats, Ints

# Mode: center, radius, shift; all in cm, mirrored where the name has a side.
_IDENTITY = (
    ((6, 0, 3), (4, 9, 9), (0.35, 0, 0)),
    ((5, -6, 6), (3, 3, 5), (0.4, 0, 0)),
    ((0, 0, 12), (1.5, 2, 3), (0, 0, 0.4)),
    ((0, -7, 9), (2.5, 2.5, 4), (0, -0.3, 0.3)),
    ((4, 1, 9), (2, 2, 3), (0.1, 0, 0.3)),
    ((0, 6, 9), (5, 2.5, 4), (0, 0, 0.3)),
)
_EXPRESSION = {
    "mouthSmile": ((2.6, -3.4, 10), (1.6, 1.5, 3), (0.5, 0.8, -0.3)),
    "cheekSquint": ((3.8, 1.2, 9), (1.6, 1.2, 3), (0, 0.4, 0.2)),
    "browInnerUp": ((1.6, 6.2, 9.8), (1.6, 1.4, 3), (0, 0.7, 0)),
    "browOuterUp": ((4.3, 6.2, 9.3), (1.6, 1.4, 3), (0, 0.7, 0)),
    "browDown": ((2.0, 6.2, 9.8), (2, 1.4, 3), (-0.2, -0.5, 0)),
    "eyeBlink": ((3.5, 4.6, 8.5), (1.6, 0.7, 3), (0, -0.7, 0.1)),
}


def identities(vertices: Floats) -> Floats:
    """(K, V, 3) float32 identity modes of the small head."""
    return np.stack([_blob(vertices, at, size, shift, True) for at, size, shift in _IDENTITY])


def _blob(
    vertices: Floats,
    center: tuple[float, float, float],
    radius: tuple[float, float, float],
    shift: tuple[float, float, float],
    paired: bool,
) -> Floats:
    """(V, 3) displacement that falls off as a Gaussian, mirrored if paired."""
    total = np.zeros_like(vertices)
    for side in (1, -1) if paired else (1,):
        mirror = np.array([side, 1, 1], np.float32)
        away = (vertices - mirror * np.array(center)) / np.array(radius)
        total += np.exp(-(away**2).sum(-1))[:, None] * (mirror * np.array(shift))
    return total


def expressions(vertices: Floats, eyes: Ints) -> tuple[tuple[str, ...], Floats]:
    """Names and displacements (E, V, 3); lids and lips move, eyeballs only turn."""
    names, modes = ["jawOpen"], [_blob(vertices, (0, -6, 9), (5, 2.6, 6), (0, -1.2, 0), False)]
    for name, (center, radius, shift) in _EXPRESSION.items():
        for side, sign in (("L", 1), ("R", -1)):
            mirrored = ((sign * center[0], *center[1:]), (sign * shift[0], *shift[1:]))
            mode = _blob(vertices, mirrored[0], radius, mirrored[1], False)
            mode[eyes] = 0
            names.append(f"{name}_{side}")
            modes.append(mode)
    for side, sign in (("L", 1), ("R", -1)):
        ball = eyes[np.sign(vertices[eyes, 0]) == sign]
        for name, outward in (("eyeLookOut", sign), ("eyeLookIn", -sign)):
            mode = np.zeros_like(vertices)
            mode[ball] = _turned(vertices[ball], outward * np.radians(25))
            names.append(f"{name}_{side}")
            modes.append(mode)
    return tuple(names), np.stack(modes).astype(np.float32)


def _turned(ball: Floats, angle: float) -> Floats:
    """Displacement of an eyeball's points when it turns about its vertical axis."""
    away = ball - (ball.min(0) + ball.max(0)) / 2
    cos, sin = np.cos(angle), np.sin(angle)
    x = cos * away[:, 0] + sin * away[:, 2]
    z = cos * away[:, 2] - sin * away[:, 0]
    return np.asarray(np.stack([x, away[:, 1], z], -1) - away, np.float32)
