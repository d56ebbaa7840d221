"""Lights that a career is photographed in: named set-ups, where the training's are drawn evenly.

Directions are as the camera sees them, and turned into the head's space with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from reage_training.synth.lights import Lights, spherical

_UP, _NEAR = 1, 2
"""Harmonics that grow upwards and toward the camera."""

Rng = np.random.Generator
Key = tuple[float, float, tuple[float, float, float], float]
"""Azimuth and elevation in degrees, RGB, half angle in radians."""


def _lights(
    sky: tuple[float, float, float], keys: Sequence[Key], up: float = 0.2, near: float = 0.0
) -> Lights:
    """sky: RGB of what comes from all around; up, near: how far it comes from there."""
    ambient = np.zeros((9, 3), np.float32)
    ambient[0] = 3.2 * np.array(sky)
    ambient[_UP], ambient[_NEAR] = up * np.array(sky), near * np.array(sky)
    azimuth, elevation, color, spread = zip(*keys, strict=True)
    return Lights(
        ambient, spherical(np.radians(azimuth), np.radians(elevation)),
        np.array(color, np.float32), np.array(spread, np.float32),
    )  # fmt: skip


def _flash(rng: Rng) -> Lights:
    """A flash above the lens, in a room of lamps."""
    room = rng.uniform(0.08, 0.2)
    key = (float(rng.normal(0, 3)), float(rng.uniform(4, 12)), (1.1, 1.08, 1.05), 0.03)
    return _lights((1.25 * room, room, 0.7 * room), [key])


def _window(rng: Rng) -> Lights:
    """Soft daylight from one side, and what the room gives back."""
    side = rng.choice([-1, 1]) * rng.uniform(45, 85)
    key = (float(side), float(rng.uniform(5, 35)), (0.95, 1.0, 1.08), 0.35)
    return _lights((0.22, 0.21, 0.2), [key], up=-0.1)


def _overcast(rng: Rng) -> Lights:
    level = rng.uniform(0.7, 1.0)
    key = (float(rng.uniform(-60, 60)), 65.0, (0.22, 0.23, 0.25), 0.5)
    return _lights((0.95 * level, level, 1.08 * level), [key], up=1.0)


def _sun(rng: Rng) -> Lights:
    """Hard and warm, with blue sky and light from the ground."""
    side, height = rng.choice([-1, 1]) * rng.uniform(15, 70), rng.uniform(25, 55)
    key = (float(side), float(height), (1.5, 1.38, 1.15), 0.015)
    return _lights((0.26, 0.3, 0.38), [key], up=0.25)


def _studio(rng: Rng) -> Lights:
    """Key, fill and a hair light."""
    side = rng.choice([-1, 1])
    keys = [
        (float(side * rng.uniform(25, 50)), float(rng.uniform(20, 45)), (1.0, 0.98, 0.96), 0.18),
        (float(-side * rng.uniform(20, 50)), 8.0, (0.3, 0.3, 0.31), 0.3),
        (float(-side * rng.uniform(130, 155)), 40.0, (0.9, 0.9, 0.9), 0.08),
    ]
    return _lights((0.14, 0.14, 0.14), keys)


def _beauty(rng: Rng) -> Lights:
    """A dish above the camera and a reflector below."""
    keys = [
        (float(rng.normal(0, 6)), float(rng.uniform(30, 45)), (0.95, 0.94, 0.92), 0.2),
        (0.0, -35.0, (0.4, 0.4, 0.4), 0.35),
    ]
    return _lights((0.12, 0.12, 0.125), keys)


def _lamps(rng: Rng) -> Lights:
    """Two lamps indoors, whose white nobody set right."""
    keys = [
        (float(rng.uniform(-75, -25)), float(rng.uniform(10, 40)), (0.9, 0.72, 0.48), 0.1),
        (float(rng.uniform(20, 80)), float(rng.uniform(5, 50)), (0.55, 0.43, 0.28), 0.12),
    ]
    return _lights((0.2, 0.16, 0.11), keys)


def _premiere(rng: Rng) -> Lights:
    """Several flashes from both sides at night."""
    keys = [
        (float(rng.uniform(-50, -15)), 6.0, (0.8, 0.8, 0.82), 0.03),
        (float(rng.uniform(10, 45)), 10.0, (0.55, 0.55, 0.57), 0.03),
        (float(rng.choice([-1, 1]) * 140), 20.0, (0.8, 0.7, 0.6), 0.06),
    ]
    return _lights((0.07, 0.07, 0.08), keys)


def _evening(rng: Rng) -> Lights:
    """Low sun behind, a bright sky before."""
    side = rng.choice([-1, 1])
    keys = [
        (float(side * rng.uniform(125, 155)), float(rng.uniform(8, 25)), (1.5, 1.1, 0.6), 0.02),
        (float(-side * rng.uniform(15, 45)), 30.0, (0.25, 0.27, 0.32), 0.5),
    ]
    return _lights((0.42, 0.44, 0.5), keys, up=0.3, near=0.25)


RIGS: Mapping[str, Callable[[Rng], Lights]] = {
    "flash": _flash, "window": _window, "overcast": _overcast, "sun": _sun, "studio": _studio,
    "beauty dish": _beauty, "lamps": _lamps, "premiere": _premiere, "evening": _evening,
}  # fmt: skip
