"""What an adapter reaches on what is held out: on the double, and on other people."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from reage_training.pairs.batches import Batch
from reage_training.validation import Score, validate

_WATCHED, _DEAR = 1.02, 5.0
"""From which ratio on it costs, and how much."""


@dataclass(frozen=True)
class Verdict:
    """double, people: of the weights; before: of the default model on the same people"""

    double: Score
    people: Score
    before: Score

    @property
    def others(self) -> float:
        """Other people's error, as a share of the default's: 1 is no worse."""
        now, then = (_error(score) for score in (self.people, self.before))
        return now / max(then, 1e-9)

    @property
    def value(self) -> float:
        """Lower is better: of the double, with a price on making other people worse."""
        return self.double.value * (1 + _DEAR * max(0.0, self.others - _WATCHED))

    def text(self) -> str:
        return (
            f"the double, {self.double.text()}; other people's error {self.others:.1%} of the "
            f"default's; in all {self.value:.3f}"
        )

    def entry(self) -> dict[str, object]:
        return {
            "double": self.double.entry(), "people": self.people.entry(),
            "others": round(self.others, 5), "score": round(self.value, 5),
        }  # fmt: skip


@dataclass(frozen=True)
class Judge:
    """before: what the default reaches on `people`"""

    double: tuple[Batch, ...]
    people: tuple[Batch, ...]
    before: Score

    def __call__(self, net: nn.Module) -> Verdict:
        return Verdict(validate(net, self.double), validate(net, self.people), self.before)


def _error(score: Score) -> float:
    return (score.ageing.error + score.deageing.error) / 2
