"""Which channel of a network is what, by name: one table for training and engine.

A model's card lists names; where each lies among a tensor's channels follows from their order and
from the counts here. A new input or output begins with its line in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

Each = TypeVar("Each")

INPUTS = {"picture": 3, "source_age": 1, "target_age": 1, "pattern": 3, "context": 3}
"""Channels of what a model may take; see `reage.models.model.ModelInput`."""

BESIDE = ("context",)
"""Inputs of another size than the picture: each is a tensor by itself, of that name. The others
are one tensor."""

PARTS = ("detail", "form", "tone")
"""What a residual may come apart into; their sum is all of it."""

OUTPUTS = {"delta": 3, **dict.fromkeys(PARTS, 3), "hair": 3, "hair_matte": 1}
"""Channels of what a model may give; see `reage.models.residual.Residual`."""

COVERAGE = {"skin_coverage": 1, "hair_coverage": 1}
"""Channels that only training sees: where there is skin, and hair."""

COUNTS = {**INPUTS, **OUTPUTS, **COVERAGE}


@dataclass(frozen=True)
class ChannelLayout:
    """The channels of one tensor: names out of this table, one after the other."""

    names: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(COUNTS[name] for name in self.names)

    def at(self, first: str, last: str = "") -> slice:
        """Where a name's channels lie, or all from one name's to another's. Raises ValueError."""
        start, end = self.names.index(first), self.names.index(last or first) + 1
        return slice(ChannelLayout(self.names[:start]).count, ChannelLayout(self.names[:end]).count)

    def ordered(self, by_name: Mapping[str, Each]) -> list[Each]:
        """What belongs to each name, in their order."""
        return [by_name[name] for name in self.names]
