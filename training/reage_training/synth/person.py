"""One invented person: bones, hair, clothes, skin and the way they hold their face."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

import numpy as np

from reage_training.synth.hairstyle import Style
from reage_training.synth.head import Floats, Head
from reage_training.synth.said import SaidLook
from reage_training.synth.traits import Traits

IDENTITY_SPREAD, IDENTITY_LIMIT = 0.85, 2.2
"""Standard deviation of identity coefficients, and where they are clipped."""


@dataclass(frozen=True)
class Person:
    """seed         makes the same person again
    identity     (K,) float32 coefficients of the head's modes
    expression   weights by the head's names of expression modes
    style        hair
    hair_age     years that the hair shows, whatever the age of the skin
    traits       sex, tone, what colors the skin
    look         what is said of their skin beside the traits; None: the seed draws all of it
    """

    seed: int
    identity: Floats
    expression: Mapping[str, float]
    style: Style
    hair_age: float
    traits: Traits
    look: SaidLook | None = None

    @property
    def said(self) -> SaidLook | None:
        """Their look as a view's metadata says it, traits and all; None where the seed draws it."""
        return None if self.look is None else replace(self.look, traits=self.traits)

    @classmethod
    def random(cls, head: Head, seed: int) -> Person:
        """A person of `head`; the same seed gives the same one."""
        rng = np.random.default_rng([seed, 1])
        traits = Traits.random(seed)
        coefficients = rng.normal(0, IDENTITY_SPREAD, len(head.identity))
        return cls(
            seed=seed,
            identity=np.clip(coefficients, -IDENTITY_LIMIT, IDENTITY_LIMIT).astype(np.float32),
            expression=random_expression(rng, head.expressions),
            style=Style.random(rng, traits.male, traits.tone),
            hair_age=float(rng.uniform(20, 75)),
            traits=traits,
        )


def random_expression(
    rng: np.random.Generator, known: Container[str]
) -> dict[str, float]:
    """Often neutral or a smile, with teeth when it is wide, sometimes an open mouth, a moved
    brow, a blink or a grimace. Only modes that are `known`."""
    weights: dict[str, float] = {}
    if rng.uniform() < 0.6:
        smile = rng.uniform(0, 0.9)
        for side in "LR":
            weights[f"mouthSmile_{side}"] = smile * rng.uniform(0.85, 1.1)
            weights[f"cheekSquint_{side}"] = 0.5 * smile
        if smile > 0.45 and rng.uniform() < 0.6:  # a laugh shows teeth
            for side in "LR":
                weights[f"mouthUpperUp_{side}"] = rng.uniform(0.2, 0.5)
                weights[f"mouthLowerDown_{side}"] = rng.uniform(0.1, 0.4)
            weights["jawOpen"] = rng.uniform(0.03, 0.2)
    elif rng.uniform() < 0.2:
        for side in "LR":
            weights[f"mouthFrown_{side}"] = rng.uniform(0.1, 0.6)
            weights[f"noseSneer_{side}"] = rng.uniform(0, 0.5)
    if "jawOpen" not in weights and rng.uniform() < 0.3:
        weights["jawOpen"] = rng.uniform(0, 0.45)
    brow = rng.uniform(-0.6, 0.8) * (rng.uniform() < 0.6)
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
    return {n: round(float(w), 4) for n, w in weights.items() if w > 0 and n in known}
