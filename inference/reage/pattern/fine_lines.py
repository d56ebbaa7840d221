"""The fine relief of ageing skin: short wandering lines and crepe, along its tension."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from reage.pattern.noise import Field, as_field, smooth_noise, streak_noise, uv_grid
from reage.pattern.regions import lips, neck, place

_DIRECTIONS = 4


@lru_cache(maxsize=2)
def _tension(size: int) -> tuple[Field, Field]:
    """Cosine and sine of twice the angle in which wrinkles run at every texel."""
    u, v = uv_grid(size)
    side = np.sign(u - 0.5).astype(np.float32)
    c2, s2 = np.full_like(u, 0.6), np.zeros_like(u)  # horizontal, where nothing else pulls
    across = 4.0 * place("upper_lip", size)
    slanted = 3.0 * place("lower_cheek", size)
    c2 += np.cos(2 * 1.30) * slanted - across
    s2 += np.sin(2 * 1.30) * slanted * -side
    eye_u, eye_v = u - (0.5 + side * 0.185), v - 0.716
    radius2 = eye_u**2 + eye_v**2 + 1e-6
    rays = 5.0 * place("outer_eye", size)
    c2 += rays * (eye_u**2 - eye_v**2) / radius2
    s2 += rays * 2 * eye_u * eye_v / radius2
    norm = np.sqrt(c2**2 + s2**2) + 1e-6
    return as_field(c2 / norm), as_field(s2 / norm)


def _along_tension(rng: np.random.Generator, size: int, width: float, length: float) -> Field:
    """Streaks that follow the tension of the skin, (size, size), deviation about 1."""
    c2, s2 = _tension(size)
    total = np.zeros((size, size), np.float32)
    power = np.full((size, size), 1e-6, np.float32)
    for k in range(_DIRECTIONS):
        angle = np.pi * k / _DIRECTIONS
        closeness = np.clip(c2 * np.cos(2 * angle) + s2 * np.sin(2 * angle), 0.0, 1.0) ** 2
        total += closeness * streak_noise(rng, size, width, length, angle)
        power += closeness**2
    return as_field(total / np.sqrt(power))


def fine_lines(rng: np.random.Generator, size: int) -> Field:
    """Short wandering lines: where streaky noise crosses zero there is a small valley.

    Zero crossings meander, fork and end like real fine lines, which no drawn curve does.
    """
    streaks = _along_tension(rng, size, 0.0028, 0.0140)
    patchy = np.clip(smooth_noise(rng, size, 0.011) * 0.6 + 0.6, 0.0, 1.7)
    valleys = np.exp(-((streaks / 0.24) ** 2))
    swelling = cv2.GaussianBlur(valleys, (0, 0), max(0.5, 0.004 * size))
    where = (
        1.1 * place("under_eye", size) + 1.3 * place("outer_eye", size)
        + 0.8 * place("forehead", size) + 0.25 * place("lower_cheek", size)
        + 0.7 * place("upper_lip", size) + 0.5 * place("chin", size) + 0.5 * neck(size)
    )  # fmt: skip
    return as_field(-5.0 * (valleys - swelling) * patchy * where)


def crepe(rng: np.random.Generator, size: int) -> Field:
    """The finest ageing relief: loose skin's small cross-hatching, nearly everywhere."""
    streaks = _along_tension(rng, size, 0.0012, 0.0040)
    where = (
        0.32 + 0.9 * place("under_eye", size) + 0.6 * place("outer_eye", size)
        + 0.45 * place("lower_cheek", size) + 0.5 * neck(size) + 0.7 * place("lid", size)
    )  # fmt: skip
    return as_field(0.85 * streaks * where * (1.0 - lips(size)))
