"""The relief that age gives a face: creases, fine lines and crepe, as one height map."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage_training.synth.crease import Crease
from reage_training.synth.groove import Patch, groove
from reage_training.synth.layout import KINDS, creases
from reage_training.synth.noise import (
    Field,
    as_field,
    smooth_noise,
    smoothstep,
    streak_noise,
    uv_grid,
)
from reage_training.synth.regions import lips, neck, place

COMMON_SEED = 7  # the layout that all 'common' faces share
_DIRECTIONS = 4


@dataclass(frozen=True)
class Expression:
    """How much of each expression the face wears, 0..1."""

    smile: float = 0.0
    brow_raise: float = 0.0
    brow_frown: float = 0.0

    def amount(self, name: str) -> float:
        """The amount of the named expression; 0 for the empty name."""
        return float(getattr(self, name)) if name else 0.0


@dataclass(frozen=True)
class Wrinkles:
    """Everything about one face's wrinkles that does not depend on its age.

    lines: the unit relief of each crease. fine, crepe: (N, N) reliefs at full age, in
    0.1 mm. mottle: (N, N), what breaks the creases up, around 1.
    """

    size: int
    lines: tuple[tuple[Crease, Patch], ...]
    fine: Field
    crepe: Field
    mottle: Field

    @staticmethod
    def random(seed: int, size: int, common: bool) -> Wrinkles:
        """Seeded wrinkles; `common` ones lie and deepen nearly alike for every seed."""
        own = np.random.default_rng([seed, 11])
        layout = np.random.default_rng(COMMON_SEED if common else [seed, 12])
        spread = 0.12 if common else 0.38
        gains = {kind.name: float(np.exp(own.normal(0.0, spread))) for kind in KINDS}
        if not common:
            gains["cheek"] *= float(own.uniform(0.0, 1.0))
        lines = []
        for line in creases(layout, 0.15 if common else 1.0):
            patch = groove(line.points, line.widths, line.depths * gains[line.kind.name], size,
                           line.kind.shoulder, line.kind.lean)  # fmt: skip
            if patch is not None:
                lines.append((line, patch))
        fine_gain, crepe_gain = np.exp(own.normal(0.0, spread, 2))
        return Wrinkles(
            size=size,
            lines=tuple(lines),
            fine=_fine_lines(layout, size) * np.float32(fine_gain),
            crepe=_crepe(own, size) * np.float32(crepe_gain),
            mottle=1.0 + 0.16 * smooth_noise(layout, size, 0.010),
        )

    def creases(self, age: float, expression: Expression) -> Field:
        """The relief of folds and lines (N, N) in 0.1 mm at a skin age in years."""
        relief = np.zeros((self.size, self.size), np.float32)
        for line, patch in self.lines:
            depth = line.depth(age, expression.amount(line.kind.follows))
            if depth > 0.0:
                patch.add_to(relief, depth)
        return as_field(relief * self.mottle)

    def texture(self, age: float) -> Field:
        """The relief of fine lines and crepe (N, N) in 0.1 mm at a skin age in years."""
        lined, creped = smoothstep(age, 32.0, 95.0), smoothstep(age, 40.0, 98.0)
        return as_field(self.fine * np.float32(lined) + self.crepe * np.float32(creped))


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


def _fine_lines(rng: np.random.Generator, size: int) -> Field:
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


def _crepe(rng: np.random.Generator, size: int) -> Field:
    """The finest ageing relief: loose skin's small cross-hatching, nearly everywhere."""
    streaks = _along_tension(rng, size, 0.0012, 0.0040)
    where = (
        0.32 + 0.9 * place("under_eye", size) + 0.6 * place("outer_eye", size)
        + 0.45 * place("lower_cheek", size) + 0.5 * neck(size) + 0.7 * place("lid", size)
    )  # fmt: skip
    return as_field(0.85 * streaks * where * (1.0 - lips(size)))
