"""Age spots: where they lie, when they come, how strong they get."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.pattern.groove import Patch
from reage.pattern.noise import Field, smooth_noise
from reage.pixels.ramps import smooth_ramp


@dataclass(frozen=True)
class Spot:
    """One age spot: unit relief of extra tone, the year it appears, its final strength."""

    patch: Patch
    onset: float
    strength: float


def blot(
    u0: float, v0: float, radius: float, size: int, wobble: Field, stretch: float, turn: float
) -> Patch | None:
    """A soft-edged blot of about `radius` (UV units), its outline stirred by `wobble`."""
    reach = 2.2 * radius * max(stretch, 1.0 / stretch) + 2.0 / size
    left, right = (int(np.clip(x * size, 0, size)) for x in (u0 - reach, u0 + reach))
    top, bottom = (int(np.clip((1.0 - y) * size, 0, size)) for y in (v0 + reach, v0 - reach))
    if right - left < 2 or bottom - top < 2:
        return None
    du = ((np.arange(left, right) + 0.5) / size - u0)[None, :]
    dv = (1.0 - (np.arange(top, bottom) + 0.5) / size - v0)[:, None]
    x = (np.cos(turn) * du + np.sin(turn) * dv) * stretch
    y = (np.cos(turn) * dv - np.sin(turn) * du) / stretch
    distance = np.sqrt(x * x + y * y) / radius * (1.0 + 0.22 * wobble[top:bottom, left:right])
    edge = max(0.35, 0.7 / (radius * size))
    return Patch(top, left, smooth_ramp(1.0 + edge - distance, 0.0, 2 * edge))


def age_spots(rng: np.random.Generator, size: int) -> tuple[Spot, ...]:
    """Solar lentigines, mostly on the temples, the cheeks and the forehead.

    They are those of pale skin; whoever draws them makes them fewer or fainter on deep skin.
    """
    wobble = smooth_noise(rng, size, 0.006)
    plenty = float(np.exp(rng.normal(0.0, 0.5)))
    spots = []
    for _ in range(int(150 * plenty)):
        side = rng.choice([-1.0, 1.0])
        u = 0.5 + side * np.clip(rng.normal(0.22, 0.11), 0.01, 0.44)
        v = rng.choice([rng.normal(0.62, 0.10), rng.uniform(0.12, 0.93)])
        radius = 0.0016 + rng.gamma(1.7, 0.0016)
        patch = blot(u, v, radius, size, wobble, rng.uniform(0.75, 1.35), rng.uniform(0, np.pi))
        onset = 38.0 + 52.0 * rng.beta(1.6, 1.2)
        strength = rng.uniform(0.05, 0.20)
        if patch is not None:
            spots.append(Spot(patch, onset, strength))
    return tuple(spots)
