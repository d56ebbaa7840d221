"""A person as skin: the numbers that say how the bank's textures are mixed at an age."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reage.errors import SettingsError
from reage.pattern.layout import FOREHEAD, KINDS
from reage.pattern.maps import FOLDS, FULL_AGE
from reage.pattern.relief import SPOT_ONSETS
from reage.pixels.ramps import smoothstep
from reage_training.synth.ageing import SHADED
from reage_training.synth.head import Floats
from reage_training.synth.said import SaidLook
from reage_training.synth.traits import Traits

IS_FOLD = np.array([kind in FOLDS for kind in KINDS])
_DEEPENS = ~IS_FOLD & np.array([kind is not FOREHEAD for kind in KINDS])

DEEPER = 0.45
"""By how much more than its kind says a line has deepened at 85, and the dense relief with it: set
by eye, on photographs that a model had aged with its folds, its lines or its tone at twice their
strength: twice the lines looked older and still like skin. Foreheads had enough (ADR 13)."""


@dataclass(frozen=True)
class Look:
    """pattern  which of the bank's patterns, and whether it is mirrored
    shift    (u, v) by which the noise is moved
    delays   (K,) years by which each kind of crease is later, worn its expression 0 … 1
    fields   (F,) strength of each field of shape ageing
    """

    traits: Traits
    pattern: int
    mirrored: bool
    shift: tuple[float, float]
    delays: Floats
    worn: Floats
    fields: Floats

    @classmethod
    def of(cls, metadata: Mapping[str, Any], patterns: int) -> Look:
        """The look of a view's person, from the view's metadata; `patterns` in the bank.

        What the metadata says of it stands in place of what the seed draws. Raises SettingsError
        where it says what cannot be.
        """
        seed = int(metadata["seed"])
        rng = np.random.default_rng([seed, 7])
        worn = metadata["expression"]
        amounts = {
            "": 0.0,
            "smile": _mean(worn, "mouthSmile_L", "mouthSmile_R"),
            "brow_raise": _mean(worn, "browInnerUp_L", "browOuterUp_L"),
            "brow_frown": _mean(worn, "browDown_L", "browDown_R"),
        }
        u, v = rng.uniform(0, 1, 2)
        drawn = cls(
            traits=Traits.random(seed),
            pattern=int(rng.integers(patterns)),
            mirrored=bool(rng.integers(2)),
            shift=(float(u), float(v)),
            delays=rng.normal(0.0, 3.5, len(KINDS)).astype(np.float32),
            worn=np.array([amounts[k.follows] for k in KINDS], np.float32),
            fields=np.clip(rng.normal(1, 0.3, len(SHADED)), 0.2, 1.9).astype(np.float32),
        )
        return drawn._but(SaidLook.of(metadata), patterns)

    def _but(self, said: SaidLook, patterns: int) -> Look:
        """This look with what is said in place of its own."""
        given = {name: value for name, value in vars(said).items() if value is not None}
        if not 0 <= given.get("pattern", 0) < patterns:
            raise SettingsError(
                f"A view's look asks for pattern {said.pattern}, of {patterns} counted from 0."
            )
        for name in ("delays", "fields"):
            if name in given:
                given[name] = np.array(given[name], np.float32)
        return replace(self, **given)

    def depths(self, age: float) -> Floats:
        """(K,) by which `Relief.kinds` is multiplied at an age in years: heights in 0.1 mm."""
        years = age * self.traits.ageing_speed
        out = []
        for kind, delay, worn in zip(KINDS, self.delays, self.worn, strict=True):
            aged = kind.aged_depth(years, float(delay))
            out.append(aged * (1.0 + kind.deepening * worn) + kind.dynamic * worn)
        return np.array(out * np.where(_DEEPENS, _deeper(years), 1.0), np.float32)

    def shown(self) -> Floats:
        """(K,) the same as a conditioning map shows: at rest, at its full age, for everybody."""
        return np.array([kind.aged_depth(FULL_AGE) for kind in KINDS], np.float32)

    def dense(self, age: float) -> tuple[float, float, float]:
        """Strength of weave, fine lines and crepe at an age: they come from 30 on, most between 45
        and 70, and deepen little beyond 85."""
        years = age * self.traits.ageing_speed
        deeper = _deeper(years)
        return (
            deeper * smoothstep(years, 33.0, 90.0), deeper * smoothstep(years, 27.0, 88.0),
            deeper * smoothstep(years, 36.0, 92.0),
        )  # fmt: skip

    def worn_by(self, age: float) -> float:
        """0 … 1: how far eyes, teeth, lashes and lips have aged."""
        return smoothstep(age * self.traits.ageing_speed, 32.0, 84.0)

    def brow(self, age: float) -> tuple[float, float]:
        """What is left of the brows' hairs, and the share of brow and stubble that is gray."""
        t = self.traits
        thinner = smoothstep(age * t.ageing_speed, 38.0, 85.0)
        gray = smoothstep(age, t.gray_onset + 4.0, t.gray_onset + 34.0)
        return 1.0 - t.brow_loss * thinner, 0.9 * gray

    def shape(self, age: float) -> Floats:
        """(F,) strength of each field of shape at an age."""
        years = age * self.traits.ageing_speed
        grown = [smoothstep(years, f.onset, f.onset + f.ramp) for f in SHADED]
        return np.array(grown, np.float32) * self.fields

    def spots(self, age: float) -> Floats:
        """(3,) strength of each generation of age spots."""
        years = age * self.traits.ageing_speed
        middles = [(a + b) / 2 for a, b in itertools.pairwise(SPOT_ONSETS)]
        grown = [smoothstep(years, middle - 8, middle + 14) for middle in middles]
        return np.asarray(np.array(grown, np.float32) * np.float32(self.traits.spots))


def _deeper(years: float) -> float:
    return 1.0 + DEEPER * smoothstep(years, 45.0, 85.0)


def _mean(weights: Mapping[str, float], *names: str) -> float:
    return sum(weights.get(name, 0.0) for name in names) / len(names)
