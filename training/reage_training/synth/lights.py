"""Light on a head: an ambient sphere in nine harmonics, and a few soft key lights.

Radiance is relative; the exposure of a picture is set afterwards. Directions point from
the head to the light, in head space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reage_training.synth.head import Floats

COSINE_LOBE = np.array([1] + [2 / 3] * 3 + [1 / 4] * 5, np.float32)
"""Weight of each harmonic in irradiance over π (Ramamoorthi and Hanrahan 2001)."""


@dataclass(frozen=True)
class Lights:
    """ambient (9, 3): harmonics of radiance. For K key lights: direction (K, 3) unit,
    color (K, 3) irradiance over π at normal incidence, spread (K,) radians."""

    ambient: Floats
    direction: Floats
    color: Floats
    spread: Floats

    @classmethod
    def random(cls, rng: np.random.Generator) -> Lights:
        """Daylight-like to studio-like light: one to three keys, the first the strongest."""
        level = rng.uniform(0.18, 0.6)
        warmth = rng.uniform(-0.12, 0.12)
        ambient = rng.normal(0, 0.10, (9, 3)) * level
        ambient[1:4] += rng.normal(0, 0.25, (3, 1)) * level
        ambient[1] += rng.uniform(0, 0.7) * level
        ambient[0] = 3.2 * level * _white(warmth)
        count = int(rng.integers(1, 4))
        azimuth = rng.uniform(-1.4, 1.4, count)
        rim = rng.uniform(size=count) < np.where(np.arange(count) > 0, 0.35, 0.0)
        azimuth = np.where(rim, np.sign(azimuth) * rng.uniform(1.7, 2.6, count), azimuth)
        elevation = rng.uniform(-0.05, 1.0, count)
        strength = rng.uniform(0.35, 1.25, count) / (1 + 0.6 * np.arange(count))
        tint = np.stack([_white(w) for w in rng.uniform(-0.16, 0.16, count)])
        return cls(
            ambient=ambient.astype(np.float32),
            direction=spherical(azimuth, elevation),
            color=(strength[:, None] * tint).astype(np.float32),
            spread=rng.uniform(0.03, 0.25, count).astype(np.float32),
        )

    def rotated(self, rotation: Floats) -> Lights:
        """The same light turned by `rotation` (3, 3), all of it.

        Harmonics of degree ≤ 2 stay among themselves, so a fit to a few directions is exact.
        """
        probes = spherical(np.arange(24) * 2.4, np.arcsin(np.linspace(-0.95, 0.95, 24)))
        radiance = harmonics(probes) @ self.ambient
        ambient = np.linalg.lstsq(harmonics(probes @ rotation.T), radiance, rcond=None)[0]
        turned = (self.direction @ rotation.T).astype(np.float32)
        return Lights(ambient.astype(np.float32), turned, self.color, self.spread)


def _white(warmth: float) -> Floats:
    return np.array([1 + warmth, 1, 1 - warmth], np.float32)


def spherical(azimuth: npt.NDArray, elevation: npt.NDArray) -> Floats:
    """(N, 3) unit directions; azimuth 0 is straight before the face, to the left positive."""
    across = np.cos(elevation)
    parts = [np.sin(azimuth) * across, np.sin(elevation), np.cos(azimuth) * across]
    return np.stack(parts, -1).astype(np.float32)


def harmonics(direction: Floats) -> Floats:
    """(…, 9) real spherical harmonics to degree 2 of unit directions (…, 3)."""
    return np.stack(harmonic_parts(*np.moveaxis(direction, -1, 0)), -1).astype(np.float32)


def harmonic_parts(x: Any, y: Any, z: Any) -> list[Any]:
    """The nine harmonics of unit directions, of arrays or tensors of one shape."""
    return [
        0 * x + 0.282095,
        0.488603 * y,
        0.488603 * z,
        0.488603 * x,
        1.092548 * x * y,
        1.092548 * y * z,
        0.315392 * (3 * z * z - 1),
        1.092548 * x * z,
        0.546274 * (x * x - y * y),
    ]


def open_light(unit_normals: Floats, lights: Lights) -> Floats:
    """(…, 3) unshadowed ambient irradiance over π on unit normals (…, 3)."""
    light = harmonics(unit_normals) * COSINE_LOBE @ lights.ambient
    return np.asarray(np.maximum(light, 0.02), np.float32)


def shadowed_light(
    unit_normals: Floats, sky: Floats, key: Floats, lights: Lights
) -> Floats:
    """(V, 3) irradiance over π; sky (V, 9) and key (V, K) say what each vertex sees."""
    total = np.maximum(sky @ lights.ambient, 0)
    for k, (toward, color) in enumerate(zip(lights.direction, lights.color, strict=True)):
        total = total + (np.maximum(unit_normals @ toward, 0) * key[:, k])[:, None] * color
    return np.asarray(total, np.float32)
