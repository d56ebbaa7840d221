"""The dense relief of ageing skin: rough everywhere, at three scales, along its tension.

    weave  secondary creases 4 to 8 mm apart, which branch, end and fade
    fine   lines 2 to 3 mm apart, with others across them on the cheek
    crepe  the cross-hatching of loose skin, 1 mm and less

Zero crossings of noise meander, fork and end like lines of skin do; no two run parallel for long.
Strengths by place are such that rendered faces of 70 have the spread of luminance, band by band,
that photographs of such skin have.
"""

from __future__ import annotations

import cv2
import numpy as np

from reage.pattern.noise import Field, as_field, smooth_noise
from reage.pattern.regions import lips, neck, place
from reage.pattern.tension import drawn_out, stirred

_ACROSS = 1.1
"""Radians between the lines and those that cross them."""

WEAVE = {
    "outer_eye": 5.2, "under_eye": 4.2, "forehead": 2.0, "lower_cheek": 4.4, "upper_lip": 3.4,
    "chin": 4.0, "cheek": 1.7, "lid": 2.2,
}  # fmt: skip
FINE = {
    "outer_eye": 4.6, "under_eye": 4.2, "forehead": 2.2, "lower_cheek": 3.4, "upper_lip": 4.0,
    "chin": 3.4, "cheek": 2.8, "lid": 3.0,
}  # fmt: skip
CREPE = {
    "outer_eye": 1.2, "under_eye": 1.7, "forehead": 0.5, "lower_cheek": 1.0, "upper_lip": 0.9,
    "chin": 0.9, "cheek": 0.8, "lid": 1.4,
}  # fmt: skip
_BASE = (1.2, 1.5, 0.5)
"""Of each where no place is named; 0.1 mm from ridge to valley, as the tables."""


def weave(rng: np.random.Generator, size: int) -> Field:
    """Secondary creases at full age, (size, size), 0.1 mm."""
    streaks = drawn_out(rng, size, 0.0060, 0.020)
    streaks = stirred(rng, streaks, 0.0028, 0.016)
    return _grooves(rng, streaks, 0.40, WEAVE, _BASE[0])


def fine_lines(rng: np.random.Generator, size: int) -> Field:
    """Fine lines and those across them at full age, (size, size), 0.1 mm."""
    along = stirred(rng, drawn_out(rng, size, 0.0026, 0.0095), 0.0016, 0.006)
    across = stirred(rng, drawn_out(rng, size, 0.0028, 0.0060, _ACROSS), 0.0016, 0.006)
    hatched = 0.35 + 0.5 * place("cheek", size) + 0.3 * place("lower_cheek", size)
    lines = _grooves(rng, along, 0.42, FINE, _BASE[1])
    return as_field(lines + hatched * _grooves(rng, across, 0.42, FINE, _BASE[1]))


def crepe(rng: np.random.Generator, size: int) -> Field:
    """Cross-hatching of loose skin at full age, (size, size), 0.1 mm."""
    net = drawn_out(rng, size, 0.0012, 0.0032) + 0.8 * drawn_out(rng, size, 0.0012, 0.0032, _ACROSS)
    return as_field(0.5 * net * _strength(size, CREPE, _BASE[2]))


def _grooves(
    rng: np.random.Generator, streaks: Field, width: float, table: dict[str, float], base: float
) -> Field:
    """Valleys where streaks cross zero, between swellings, unevenly deep along and between."""
    size = len(streaks)
    valleys = np.exp(-((streaks / width) ** 2))
    swelling = cv2.GaussianBlur(valleys, (0, 0), max(0.5, 0.006 * size))
    uneven = np.exp(
        0.42 * smooth_noise(rng, size, 0.030) + 0.42 * smooth_noise(rng, size, 0.008) - 0.18
    )
    return as_field((swelling - valleys) * uneven * _strength(size, table, base))


def _strength(size: int, table: dict[str, float], base: float) -> Field:
    """(size, size) in 0.1 mm: each place's, blended by how much of a place a texel is."""
    total = np.full((size, size), base, np.float32)
    weight = np.ones((size, size), np.float32)
    for name, strength in table.items():
        there = 3.0 * place(name, size)
        total += there * np.float32(strength)
        weight += there
    nape = neck(size)
    return as_field((total / weight * (1 - nape) + 0.9 * nape * base) * (1 - 0.85 * lips(size)))
