"""What lies on a head besides skin: eyes, teeth, lashes and a collar, as numbers to shade by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage_training.synth.head import Floats, Head, Material
from reage_training.synth.traits import Traits

NECKLINE, NECK_V, CLOTH, CLOTH_ALT, WEAVE = 0, 1, slice(2, 5), slice(5, 8), 8
SCALP, IRIS, PUPIL, LASH, GUMS, TOOTH, OLD = (
    slice(9, 12),
    slice(12, 15),
    15,
    16,
    slice(17, 20),
    slice(20, 23),
    23,
)
"""Where each number stands in `Wardrobe.numbers` (24,) float32."""
_NUMBERS = 24
_OLD_TOOTH = np.array([0.84, 0.76, 0.58], np.float32)
"""What is left of a tooth's reflectance in old age: dentin darkens and yellows, enamel wears."""


@dataclass(frozen=True)
class Wardrobe:
    """One person's colors (linear Rec.709 reflectance) and neckline.

    numbers (24,) float32, as indexed above. A pixel of skin is cloth where its neutral
    position has y < neckline − neck_v · max(0, 1 − |x| / 5) in front.
    """

    numbers: Floats

    @classmethod
    def random(cls, rng: np.random.Generator, traits: Traits, scalp: Floats) -> Wardrobe:
        """scalp: (3,) reflectance of the skin under the hair."""
        numbers = np.zeros(_NUMBERS, np.float32)
        numbers[NECKLINE] = rng.uniform(-12.8, -9.6)
        numbers[NECK_V] = rng.choice([0.0, rng.uniform(0, 5)])
        gray = rng.uniform(0.03, 0.7)
        numbers[CLOTH] = np.clip(gray * np.exp(rng.normal(0, 0.35, 3)), 0.02, 0.8)
        numbers[CLOTH_ALT] = np.clip(numbers[CLOTH] * np.exp(rng.normal(0, 0.3, 3)), 0.02, 0.8)
        numbers[WEAVE] = rng.choice([0.0, rng.uniform(0.8, 9.0)])
        numbers[SCALP] = scalp
        numbers[IRIS] = traits.iris_rgb
        numbers[PUPIL] = rng.uniform(0.30, 0.48)
        numbers[LASH] = rng.uniform(0.25, 0.6) if traits.male else rng.uniform(0.45, 0.95)
        numbers[GUMS] = np.array([0.32, 0.10, 0.09]) * rng.uniform(0.8, 1.2)
        numbers[TOOTH] = np.array([0.58, 0.52, 0.41]) * rng.uniform(0.8, 1.1)
        return cls(numbers)

    def aged(self) -> Wardrobe:
        """The same with the eyes and teeth of old age; cloth and scalp stay."""
        numbers = self.numbers.copy()
        numbers[OLD] = 1.0
        numbers[TOOTH] *= _OLD_TOOTH
        return Wardrobe(numbers)


def eye_directions(head: Head) -> Floats:
    """(V, 3) unit vectors from an eyeball's center to its vertices on the neutral head.

    They travel with the vertices, so that a turned eye carries its iris along. Zero off
    the eyes. The cornea bulges, so the center is taken half a width before the back pole.
    """
    directions = np.zeros_like(head.vertices)
    eyes = np.unique(head.corners(Material.EYE))
    for side in (head.vertices[eyes, 0] > 0, head.vertices[eyes, 0] < 0):
        ball = head.vertices[eyes[side]]
        low, high = ball.min(0), ball.max(0)
        center = (low + high) / 2
        center[2] = low[2] + (high[0] - low[0]) / 2
        away = ball - center
        directions[eyes[side]] = away / np.linalg.norm(away, axis=1, keepdims=True)
    return directions
