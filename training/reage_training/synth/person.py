"""One invented person: bones, hair, clothes, skin and the way they hold their face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reage_training.synth.ageing import FIELDS
from reage_training.synth.hairstyle import Style
from reage_training.synth.head import Floats, Head
from reage_training.synth.skin import Skin

IDENTITY_SPREAD, IDENTITY_LIMIT = 0.85, 2.2
"""Standard deviation of identity coefficients, and where they are clipped."""


@dataclass(frozen=True)
class Person:
    """seed         makes the same person again
    identity     (K,) float32 coefficients of the head's modes
    gains        (F,) float32 strength of each field of shape ageing
    expression   weights by the head's names of expression modes
    style        hair
    hair_age     years that the hair shows, whatever the age of the skin
    skin         what ages in the texture
    """

    seed: int
    identity: Floats
    gains: Floats
    expression: Mapping[str, float]
    style: Style
    hair_age: float
    skin: Skin

    @classmethod
    def random(cls, head: Head, seed: int, texture: int) -> Person:
        """A person of `head`; the same seed and texture size give the same one."""
        rng = np.random.default_rng([seed, 1])
        skin = Skin.random(seed, texture)
        coefficients = rng.normal(0, IDENTITY_SPREAD, len(head.identity))
        spread = 0.12 if skin.layout == "common" else 0.35
        return cls(
            seed=seed,
            identity=np.clip(coefficients, -IDENTITY_LIMIT, IDENTITY_LIMIT).astype(np.float32),
            gains=np.clip(rng.normal(1, spread, len(FIELDS)), 0.2, 1.9).astype(np.float32),
            expression=random_expression(rng),
            style=Style.random(rng, skin.male, skin.tone),
            hair_age=float(rng.uniform(20, 75)),
            skin=skin,
        )

    @property
    def smile(self) -> float:
        return _mean(self.expression, "mouthSmile_L", "mouthSmile_R")

    @property
    def brow_raise(self) -> float:
        return _mean(self.expression, "browInnerUp_L", "browOuterUp_L")

    @property
    def brow_frown(self) -> float:
        return _mean(self.expression, "browDown_L", "browDown_R")


def random_expression(rng: np.random.Generator) -> dict[str, float]:
    """Often neutral or a smile, sometimes an open mouth or a moved brow, some blinking."""
    weights: dict[str, float] = {}
    if rng.uniform() < 0.55:
        smile = rng.uniform(0, 0.8)
        for side in "LR":
            weights[f"mouthSmile_{side}"] = smile * rng.uniform(0.85, 1.1)
            weights[f"cheekSquint_{side}"] = 0.5 * smile
    if rng.uniform() < 0.35:
        weights["jawOpen"] = rng.uniform(0, 0.4)
    brow = rng.uniform(-0.4, 0.6) * (rng.uniform() < 0.6)
    for side in "LR":
        for name in ("browInnerUp", "browOuterUp"):
            weights[f"{name}_{side}"] = max(0.0, brow)
        weights[f"browDown_{side}"] = max(0.0, -brow)
    lids = rng.uniform(0, 0.22) if rng.uniform() < 0.93 else rng.uniform(0.5, 1.0)
    look = rng.normal(0, 0.25)
    for side, outward in (("L", look), ("R", -look)):
        weights[f"eyeBlink_{side}"] = lids
        weights[f"eyeLookOut_{side}"] = max(0.0, outward)
        weights[f"eyeLookIn_{side}"] = max(0.0, -outward)
    return {name: round(float(weight), 4) for name, weight in weights.items() if weight > 0}


def _mean(weights: Mapping[str, float], *names: str) -> float:
    return sum(weights.get(name, 0.0) for name in names) / len(names)
