"""What a run tells from time to time: its loss, how fast it goes, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite


@dataclass
class Stretch:
    """The steps since the last report.

    new      pairs a step that were made for it; the others had been seen before
    losses   of the steps; those that are not finite were passed over
    waited   seconds in which the network had no pairs to learn from
    learned  seconds in which it had. On a GPU, which makes the pairs as well, making them
             counts here as far as the network's own work comes after it
    """

    new: float
    losses: list[float] = field(default_factory=list)
    waited: float = 0.0
    learned: float = 0.0

    @property
    def finite(self) -> list[float]:
        return [loss for loss in self.losses if isfinite(loss)]

    @property
    def loss(self) -> float:
        """Mean; nan where there is none."""
        return sum(self.finite) / len(self.finite) if self.finite else float("nan")

    @property
    def steps_a_second(self) -> float:
        return len(self.losses) / max(self.waited + self.learned, 1e-9)

    @property
    def share_waited(self) -> float:
        return self.waited / max(self.waited + self.learned, 1e-9)

    def text(self) -> str:
        return (
            f"loss {self.loss:.4f}  {self.steps_a_second:.2f} steps/s  "
            f"{self.steps_a_second * self.new:.2f} new pairs/s  "
            f"{self.share_waited:.0%} of it waiting for pairs"
        )

    def entry(self) -> dict[str, float]:
        """For the log."""
        return {
            "loss": round(self.loss, 6),
            "passed_over": len(self.losses) - len(self.finite),
            "steps_per_second": round(self.steps_a_second, 4),
            "new_pairs_per_second": round(self.steps_a_second * self.new, 4),
            "waited": round(self.share_waited, 4),
        }
