"""The direction in which lines of ageing skin run, its tension, and noise drawn out along it.

Lines of ageing skin run across the pull of the muscles beneath: level on forehead and under the
eyes, upright between the brows and around the mouth, like rays from the outer corner of the eye,
slanted down the cheek.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from reage.pattern.noise import Field, as_field, normalised, smooth_noise, uv_grid
from reage.pattern.regions import place

_STEP = 1.5 / 1024
"""UV units that noise is carried at a time."""
_CUT = 0.75 * np.pi
"""A direction has no sign; the sign is turned where fewest lines run, at this angle."""


@lru_cache(maxsize=4)
def tension(size: int) -> tuple[Field, Field]:
    """Cosine and sine of twice the angle (from +u towards +v) in which lines run, (size, size)."""
    u, v = uv_grid(size)
    side = np.sign(u - 0.5).astype(np.float32)
    c2, s2 = np.full_like(u, 0.6), np.zeros_like(u)  # level, where nothing else pulls
    upright = (
        4.0 * place("upper_lip", size) + 2.5 * _bell(u, v, 0.0, 0.80, 0.045, 0.040)
        + 3.0 * _bell(u, v, 0.0, 0.335, 0.085, 0.028)
    )  # fmt: skip
    slanted = 3.0 * place("lower_cheek", size) + 1.2 * place("cheek", size)
    c2 += np.cos(2 * 1.30) * slanted - upright
    s2 += np.sin(2 * 1.30) * slanted * -side
    eye_u, eye_v = u - (0.5 + side * 0.185), v - 0.716
    radius2 = eye_u**2 + eye_v**2 + 1e-6
    rays = 5.0 * place("outer_eye", size)
    c2 += rays * (eye_u**2 - eye_v**2) / radius2
    s2 += rays * 2 * eye_u * eye_v / radius2
    norm = np.sqrt(c2**2 + s2**2) + 1e-6
    return as_field(c2 / norm), as_field(s2 / norm)


def _bell(u: Field, v: Field, off: float, v0: float, spread_u: float, spread_v: float) -> Field:
    across = (np.abs(u - 0.5) - off) / spread_u
    return as_field(np.exp(-(across**2) - ((v - v0) / spread_v) ** 2))


@dataclass(frozen=True)
class Course:
    """Where a texel's noise comes from, a step ahead along the lines and a step back: two maps for
    cv2.remap each, (size, size)."""

    ahead: tuple[Field, Field]
    back: tuple[Field, Field]


@lru_cache(maxsize=4)
def course(size: int, turn: float) -> Course:
    """One step along the lines, turned by `turn` radians for lines that cross them."""
    c2, s2 = tension(size)
    angle = 0.5 * np.arctan2(s2, c2) + turn
    angle = (angle - _CUT) % np.pi + _CUT - np.pi
    step = _STEP * size
    x, y = np.meshgrid(np.arange(size, dtype=np.float32), np.arange(size, dtype=np.float32))
    dx, dy = as_field(step * np.cos(angle)), as_field(-step * np.sin(angle))
    return Course((x + dx, y + dy), (x - dx, y - dy))


def drawn_out(
    rng: np.random.Generator, size: int, width: float, length: float, turn: float = 0.0
) -> Field:
    """Noise along the tension, (size, size), mean 0, deviation 1.

    `width` and `length` (UV units) are about the sigmas across and along the lines; `turn`
    (radians) sets another course across them. By line integral convolution (Cabral and Leedom
    1993): noise averaged over steps there and back.
    """
    field = smooth_noise(rng, size, width)
    there = back = field
    total = field.copy()
    along = course(size, turn)
    steps = max(1, int(1.4 * length / _STEP))
    for k in range(1, steps + 1):
        weight = np.float32(np.exp(-0.5 * (k * _STEP / length) ** 2))
        there = cv2.remap(there, *along.ahead, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        back = cv2.remap(back, *along.back, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        total += weight * (there + back)
    return normalised(total)


def stirred(rng: np.random.Generator, field: Field, by: float, over: float) -> Field:
    """The field (N, N) with its texels moved by about `by`, alike over `over` (UV units), so that
    lines beside each other do not stay parallel."""
    size = len(field)
    x, y = np.meshgrid(np.arange(size, dtype=np.float32), np.arange(size, dtype=np.float32))
    dx, dy = (np.float32(by * size) * smooth_noise(rng, size, over) for _ in range(2))
    moved = cv2.remap(field, x + dx, y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return as_field(moved)
