"""How a person wears their hair, and where on a head it grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage_training.synth.head import Floats


@dataclass(frozen=True)
class Style:
    """How a person wears their hair.

    name      short, swept, parted, long, curly, buzz or bald
    length    cm
    recession 0 (full hairline) … 1
    parting   cm to the left of the middle
    count     strands
    """

    name: str
    length: float
    recession: float
    parting: float
    count: int

    @classmethod
    def random(cls, rng: np.random.Generator, male: bool, tone: float) -> Style:
        """Common styles of men and women; tight curls more often on darker heads."""
        curly = 0.15 + 0.45 * tone
        names = ["short", "swept", "parted", "long", "curly", "buzz", "bald"]
        share = np.array(
            [4, 2, 2, 0.5, 6 * curly, 1.2, 1.4] if male else [1.2, 1.5, 3, 4, 6 * curly, 0.3, 0.15]
        )
        name = str(rng.choice(names, p=share / share.sum()))
        spans = {
            "short": (1.2, 3.2),
            "swept": (4, 8),
            "parted": (5, 10),
            "long": (12, 20),
            "curly": (3, 7),
            "buzz": (0.35, 0.8),
            "bald": (0, 0),
        }
        recession = rng.uniform(0, 1.0) ** 1.5 if male else rng.uniform(0, 0.15)
        return cls(
            name,
            float(rng.uniform(*spans[name])),
            float(recession),
            float(rng.normal(0, 1.6)),
            24000 if name == "buzz" else 17000,
        )


def scalp_density(neutral: Floats, recession: float) -> Floats:
    """0..1 how thick hair grows at neutral positions (N, 3), thinning at the hairline."""
    x, y, z = neutral.T
    line = 9.9 + 0.5 * np.cos(x * 0.55)
    line = line + recession * (0.8 + 1.2 * np.exp(-(((np.abs(x) - 4) / 1.6) ** 2)))
    front = (y - line) / 0.8
    side = np.minimum((5.4 - 0.9 * recession - z) / 0.8, (y - 3.6 - 0.25 * (z - 2)) / 0.8)
    side = np.where(np.abs(x) > 4.5, side, -1.0)
    rear = np.minimum((-0.4 - z) / 0.9, (y + 4.4 + 0.1 * (z + 4)) / 1.5)
    top = np.minimum((2.2 - z) / 0.8, (y - 4.6) / 1.0)
    crown = ((x / 3.6) ** 2 + ((z + 3.5) / 4.2) ** 2 < 1) & (y > 11.5)
    thick = np.clip(np.maximum.reduce([front, side, rear, top]), 0, 1)
    bald_spot = 1.4 * max(recession - 0.45, 0.0)
    return np.asarray(thick * np.where(crown, max(1 - bald_spot, 0.05), 1.0), np.float32)
