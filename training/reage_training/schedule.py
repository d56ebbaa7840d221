"""How a training run goes: its settings, and what follows from them at each step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from reage.errors import SettingsError
from reage_training.strength import FORMS


@dataclass(frozen=True)
class FitSettings:
    """All that decides a run's result. Stored in its checkpoints; those from before a field was
    there mean its default.

    steps          the whole run's length; the learning rate falls to zero over it
    batch          pairs in a step
    window         side of a pair in px, a multiple of 16
    seed           names the network's first weights and the row of pairs
    rate           highest learning rate
    warmup         steps over which the rate rises to it
    ema            how much of the averaged weights each step keeps
    clip           longest gradient let through
    net            name of the network, of `designs.DESIGNS`
    uses           how often a pair is learned from, see `pairs.batches`
    strength       how the loss asks for strength, of `strength.FORMS`
    """

    steps: int
    batch: int = 8
    window: int = 256
    seed: int = 0
    rate: float = 6e-4
    warmup: int = 200
    ema: float = 0.999
    clip: float = 1.0
    net: str = "small"
    uses: int = 1
    strength: str = "local"

    def __post_init__(self) -> None:
        if min(self.steps, self.batch, self.uses) < 1:
            raise SettingsError("Steps, batch and uses must be one or more.")
        if self.window < 16 or self.window % 16:
            raise SettingsError(f"The window must be a multiple of 16, not {self.window}.")
        if not self.rate > 0:
            raise SettingsError(f"The learning rate must be above zero, not {self.rate}.")
        if self.strength not in FORMS:
            raise SettingsError(f"Strength is {' or '.join(FORMS)}, not {self.strength!r}.")

    @classmethod
    def stored(cls, values: Mapping[str, Any]) -> FitSettings:
        """Out of a checkpoint, which may hold fields that are no more."""
        return cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})


def learning_rate(step: int, settings: FitSettings) -> float:
    """At step 0 … steps − 1: a linear rise, then half a cosine down to 1 % of the highest."""
    rise = min(1.0, (step + 1) / max(1, min(settings.warmup, settings.steps // 4)))
    fall = 0.5 + 0.5 * math.cos(math.pi * step / settings.steps)
    return settings.rate * rise * (0.01 + 0.99 * fall)


def averaging(step: int, settings: FitSettings) -> float:
    """Share of the averaged weights kept at a step: small at first, when they are stale."""
    return min(settings.ema, (1 + step) / (10 + step))
