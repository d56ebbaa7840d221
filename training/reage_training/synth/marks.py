"""Marks on the skin: freckles and moles that stay, age spots that come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage_training.synth.groove import Patch
from reage_training.synth.noise import (
    Field,
    as_field,
    smooth_noise,
    smooth_ramp,
    smoothstep,
    uv_grid,
)
from reage_training.synth.regions import place


@dataclass(frozen=True)
class Spot:
    """One age spot: unit relief of extra tone, the year it appears, its final strength."""

    patch: Patch
    onset: float
    strength: float

    def amount(self, age: float) -> float:
        """Extra tone at a skin age in years; never falls as age grows."""
        return self.strength * smoothstep(age, self.onset, self.onset + 20.0)


def _blot(
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


def age_spots(rng: np.random.Generator, size: int, tone: float) -> tuple[Spot, ...]:
    """Solar lentigines, mostly on the temples, the cheeks and the forehead.

    Pale skin gets more of them, and stronger.
    """
    wobble = smooth_noise(rng, size, 0.006)
    plenty = float(np.exp(rng.normal(0.0, 0.5))) * (1.0 - 0.6 * tone)
    spots = []
    for _ in range(int(150 * plenty)):
        side = rng.choice([-1.0, 1.0])
        u = 0.5 + side * np.clip(rng.normal(0.22, 0.11), 0.01, 0.44)
        v = rng.choice([rng.normal(0.62, 0.10), rng.uniform(0.12, 0.93)])
        radius = 0.0016 + rng.gamma(1.7, 0.0016)
        patch = _blot(u, v, radius, size, wobble, rng.uniform(0.75, 1.35), rng.uniform(0, np.pi))
        onset = 38.0 + 52.0 * rng.beta(1.6, 1.2)
        strength = rng.uniform(0.05, 0.20) * (1.0 - 0.35 * tone)
        if patch is not None:
            spots.append(Spot(patch, onset, strength))
    return tuple(spots)


def freckles(rng: np.random.Generator, size: int, tone: float) -> Field:
    """Extra tone (N, N) of the freckles; all 0 for most people and for all deep skin."""
    amount = max(0.0, rng.normal(-0.2, 0.7)) * max(0.0, 1.0 - 2.6 * tone)
    grain = smooth_noise(rng, size, 0.0022)
    u, v = uv_grid(size)
    band = np.exp(-(((np.abs(u - 0.5) - 0.10) / 0.16) ** 2 + ((v - 0.63) / 0.10) ** 2))
    return as_field(0.16 * amount * np.clip(grain - 1.15, 0.0, 1.3) * band)


def moles(rng: np.random.Generator, size: int) -> Field:
    """Unit cover (N, N) in 0..1 of a handful of moles."""
    cover = np.zeros((size, size), np.float32)
    still = np.zeros((size, size), np.float32)
    for _ in range(int(rng.integers(0, 7))):
        u, v = rng.uniform(0.22, 0.78), rng.uniform(0.12, 0.92)
        radius = 0.0012 + rng.gamma(2.0, 0.0007)
        patch = _blot(u, v, radius, size, still, 1.0, 0.0)
        if patch is not None:
            patch.add_to(cover, rng.uniform(0.5, 1.0))
    return np.clip(cover, 0.0, 1.0)


def threads(rng: np.random.Generator, size: int) -> Field:
    """Unit cover (N, N) of the fine red veins that show on older cheeks and noses."""
    maze = smooth_noise(rng, size, 0.0035)
    patchy = np.clip(smooth_noise(rng, size, 0.016) - 0.2, 0.0, 1.5)
    where = place("cheek", size) + 0.8 * place("nose", size) + 0.8 * place("alar", size)
    return as_field(np.exp(-((maze / 0.16) ** 2)) * patchy * where)
