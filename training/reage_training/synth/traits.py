"""What is drawn once for a person and holds at every age: sex, tone, hair, make-up, gains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.pixels.ramps import smoothstep

_PLASTIC = 0.7548776662466927
"""One over the plastic number, the real root of x³ = x + 1."""

# Linear reflectance of hair in Rec.709 primaries, deep to fair, and of red hair.
_HAIR = ((0.010, 0.008, 0.007), (0.030, 0.019, 0.013), (0.085, 0.050, 0.028), (0.34, 0.23, 0.12))
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_RED_HAIR = (0.20, 0.075, 0.026)
_BROWN_IRIS = (0.055, 0.026, 0.012)
_LIGHT_IRIS = ((0.16, 0.20, 0.26), (0.12, 0.15, 0.09), (0.17, 0.11, 0.04))


@dataclass(frozen=True)
class Traits:
    """tone 0 pale .. 1 deep; the gains lie around 1; gray_onset in years.

    brow_loss: share of its coverage that a brow loses in old age
    beard:    stubble, 0 none .. 1 a few days
    caught:   share of its light that a deep fold keeps to itself, 0 .. 1
    spots:    how many of a pattern's age spots show, about 0 .. 1.5
    freckles: strength, 0 for most
    makeup:   foundation, lipstick, blush, eye shadow; each 0 .. 1, 0 for most
    brow_gray: how far brows and stubble lack the warmth of the hair's color, 0 .. 1.1
    """

    male: bool
    tone: float
    ageing_speed: float
    hair_rgb: tuple[float, float, float]
    iris_rgb: tuple[float, float, float]
    gray_onset: float
    brow_loss: float
    beard: float
    oil: float
    blood: float
    lip_blood: float
    sallow: float
    hollow: float
    caught: float
    spots: float
    freckles: float
    makeup: tuple[float, float, float, float]
    brow_gray: float

    @staticmethod
    def random(seed: int) -> Traits:
        """The traits of a seed. Successive seeds fill tones and sexes evenly, and every
        combination of the two (Roberts' two-dimensional golden sequence)."""
        rng = np.random.default_rng([seed, 1])
        tone = (seed * _PLASTIC + 0.31) % 1.0
        male = (seed * _PLASTIC**2 + 0.17) % 1.0 < 0.5
        gray_onset = float(rng.uniform(32.0, 55.0))
        spread = 0.3
        return Traits(
            male=male,
            tone=tone,
            ageing_speed=float(np.clip(rng.normal(1.0, 0.08), 0.8, 1.2)),
            hair_rgb=_hair(rng, tone),
            iris_rgb=_iris(rng, tone),
            gray_onset=gray_onset,
            brow_loss=float(rng.uniform(0.1, 0.5)),
            beard=float(rng.choice([0.0, 0.3, 0.6, 1.0], p=[0.35, 0.3, 0.2, 0.15])) * male,
            oil=float(rng.uniform(-0.05, 0.05)),
            blood=float(np.clip(rng.normal(0.02, 0.09), -0.15, 0.22)),
            lip_blood=float(rng.uniform(0.45, 1.0)),
            sallow=float(np.exp(rng.normal(0.0, spread))),
            hollow=float(np.exp(rng.normal(0.0, spread))),
            caught=float(rng.uniform(0.3, 0.65)),
            spots=float(np.exp(rng.normal(-0.2, 0.5)) * (1 - 0.6 * tone) * (1 - 0.35 * tone)),
            freckles=float(max(0.0, rng.normal(-0.2, 0.7)) * max(0.0, 1.0 - 2.6 * tone)),
            makeup=_makeup(rng, male),
            brow_gray=float(rng.uniform(0.0, 1.1)),
        )

    @property
    def brow_color(self) -> tuple[float, float, float]:
        """Reflectance of brows and stubble. Where all were as warm as the hair, a model would take
        as much warmth from those that have none, and paint them teal."""
        color = 0.85 * np.asarray(self.hair_rgb)
        cool = float(color @ _LUMA) * np.array([0.99, 1.0, 1.03])
        return _triple(color + self.brow_gray * (cool - color))

    def hair_gray(self, age: float) -> float:
        """The share of gray hair at an age in years, 0..1."""
        return smoothstep(age, self.gray_onset, self.gray_onset + 34.0)


def _makeup(rng: np.random.Generator, male: bool) -> tuple[float, float, float, float]:
    """Six women in ten wear some, of a man's face one in twelve: as on a set."""
    if rng.uniform() > (0.08 if male else 0.6):
        return (0.0, 0.0, 0.0, 0.0)
    base, lips, blush, lids = rng.uniform(0, 1, 4) * (rng.uniform(0, 1, 4) < 0.7)
    return (float(base), float(lips) * (not male), float(blush), float(lids) * (not male))


def _triple(values: np.ndarray) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _hair(rng: np.random.Generator, tone: float) -> tuple[float, float, float]:
    """Fair hair only over fair skin."""
    fair = float(rng.uniform(0.0, 3.0)) * max(0.0, 1.0 - 1.9 * tone) + rng.uniform(0.0, 0.8)
    at = min(fair, 2.999)
    step = int(at)
    logs = np.log(np.asarray(_HAIR))
    color = np.exp(logs[step] + (at - step) * (logs[step + 1] - logs[step]))
    if tone < 0.25 and rng.uniform() < 0.15:
        color = np.asarray(_RED_HAIR) * rng.uniform(0.6, 1.3)
    return _triple(color)


def _iris(rng: np.random.Generator, tone: float) -> tuple[float, float, float]:
    if rng.uniform() < max(0.0, 0.75 - 2.2 * tone):
        return _triple(np.asarray(_LIGHT_IRIS[int(rng.integers(3))]) * rng.uniform(0.7, 1.3))
    return _triple(np.asarray(_BROWN_IRIS) * rng.uniform(0.5, 1.6))
