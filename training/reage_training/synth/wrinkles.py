"""The relief that age gives a face: creases, fine lines and crepe, as one height map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reage_training.synth.crease import Crease
from reage_training.synth.fine_lines import crepe, fine_lines
from reage_training.synth.groove import Patch, groove
from reage_training.synth.layout import KINDS, creases
from reage_training.synth.noise import Field, as_field, smooth_noise, smoothstep

COMMON_SEED = 7  # the layout that all 'common' faces share


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
class Layout:
    """Where wrinkles lie, (N, N) textures: the unit relief of each crease, the fine lines
    at full age in 0.1 mm, and the mottle around 1 that breaks the creases up."""

    lines: tuple[tuple[Crease, Patch], ...]
    fine: Field
    mottle: Field


def _layout(rng: np.random.Generator, size: int, loose: float) -> Layout:
    lines = []
    for line in creases(rng, loose):
        kind = line.kind
        patch = groove(line.points, line.widths, line.depths, size, kind.shoulder, kind.lean)
        if patch is not None:
            lines.append((line, patch))
    fine = fine_lines(rng, size)
    return Layout(tuple(lines), fine, 1.0 + 0.16 * smooth_noise(rng, size, 0.010))


@lru_cache(maxsize=2)
def _common_layout(size: int) -> Layout:
    return _layout(np.random.default_rng(COMMON_SEED), size, loose=0.15)


@dataclass(frozen=True)
class Wrinkles:
    """Everything about one face's wrinkles that does not depend on its age.

    gains: the strength of each kind of crease, around 1. fine_gain: that of the fine
    lines. crepe: (N, N) relief at full age in 0.1 mm.
    """

    size: int
    layout: Layout
    gains: Mapping[str, float]
    fine_gain: float
    crepe: Field

    @staticmethod
    def random(seed: int, size: int, common: bool) -> Wrinkles:
        """Seeded wrinkles; `common` ones lie and deepen nearly alike for every seed."""
        rng = np.random.default_rng([seed, 11])
        spread = 0.12 if common else 0.38
        gains = {kind.name: float(np.exp(rng.normal(0.0, spread))) for kind in KINDS}
        if not common:
            gains["cheek"] *= float(rng.uniform(0.0, 1.0))
        fine_gain, crepe_gain = np.exp(rng.normal(0.0, spread, 2))
        own = np.random.default_rng([seed, 12])
        return Wrinkles(
            size=size,
            layout=_common_layout(size) if common else _layout(own, size, loose=1.0),
            gains=gains,
            fine_gain=float(fine_gain),
            crepe=crepe(rng, size) * np.float32(crepe_gain),
        )

    def creases(self, age: float, expression: Expression) -> Field:
        """The relief of folds and lines (N, N) in 0.1 mm at a skin age in years."""
        relief = np.zeros((self.size, self.size), np.float32)
        for line, patch in self.layout.lines:
            depth = line.depth(age, expression.amount(line.kind.follows))
            depth *= self.gains[line.kind.name]
            if depth > 0.0:
                patch.add_to(relief, depth)
        return as_field(relief * self.layout.mottle)

    def texture(self, age: float) -> Field:
        """The relief of fine lines and crepe (N, N) in 0.1 mm at a skin age in years."""
        lined, creped = smoothstep(age, 32.0, 95.0), smoothstep(age, 40.0, 98.0)
        fine = self.layout.fine * np.float32(self.fine_gain * lined)
        return as_field(fine + self.crepe * np.float32(creped))
