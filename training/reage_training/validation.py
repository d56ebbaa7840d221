"""A few fixed pairs, unaugmented, that tell during training which weights are best."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reage_training.bands import GROUPS, bands
from reage_training.dataset import StoredView
from reage_training.network import SKIN_COVERAGE, residual_of
from reage_training.pairs.batches import Batch, collate
from reage_training.pairs.pair import Pair, encoded, steps_between
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.window import whole

VIEWS = 8
AGES = (30.0, 65.0)

TIMID = 0.5
"""What missing strength costs a score: this times the share of the truth's that is missing.

Where a change lies right with a correlation of c, to make it fainter by a share s of the truth's
strength takes about s × √((1 − c) / 2) off its RMS error: half of s where c is 0.5, as with fine
lines. So no weights win by being fainter than others that place lines as well."""


@dataclass(frozen=True)
class Reached:
    """What a network reaches in one direction.

    error     on skin, as a share of doing nothing's; lower is better
    strength  name of `bands.GROUPS` → RMS on skin, as a share of the truth's; 1 is right
    """

    error: float
    strength: dict[str, float]

    @property
    def score(self) -> float:
        """Error, and TIMID times the mean strength missing. Too much of it is error already."""
        missing = sum(max(0.0, 1 - share) for share in self.strength.values())
        return self.error + TIMID * missing / len(self.strength)

    def strengths(self) -> str:
        """In percent, in the order of GROUPS, as 71 85 93 %."""
        return " ".join(f"{100 * share:.0f}" for share in self.strength.values()) + " %"


@dataclass(frozen=True)
class Score:
    """Of a network, both ways. Lower is better."""

    ageing: Reached
    deageing: Reached

    @property
    def value(self) -> float:
        return (self.ageing.score + self.deageing.score) / 2

    def text(self) -> str:
        up, down = self.ageing, self.deageing
        return (
            f"on held pairs error left, of doing nothing's: ageing {up.error:.1%}, de-ageing "
            f"{down.error:.1%}; strength of {', '.join(GROUPS)}, of the truth's: ageing "
            f"{up.strengths()}, de-ageing {down.strengths()}; score {self.value:.3f}"
        )

    def entry(self) -> dict[str, object]:
        """For the log."""
        up, down = self.ageing, self.deageing
        return {
            "ageing": round(up.error, 5),
            "deageing": round(down.error, 5),
            "ageing_strength": {name: round(s, 4) for name, s in up.strength.items()},
            "deageing_strength": {name: round(s, 4) for name, s in down.strength.items()},
            "score": round(self.value, 5),
        }


def validation_batches(
    views: tuple[StoredView, ...], bank: Bank, count: int = VIEWS
) -> tuple[Batch, ...]:
    """One batch for each of up to `count` views, spread over the dataset and its sizes: from the
    younger of AGES to the older with the person's own pattern, and back."""
    by_size = sorted(views, key=lambda view: view.planes().shape[0])
    chosen = by_size[len(views) // count // 2 :: max(1, len(views) // count)][:count]
    return tuple(collate([still_pair(v, bank, *AGES), still_pair(v, bank, *AGES[::-1])])
                 for v in chosen)  # fmt: skip


def still_pair(view: StoredView, bank: Bank, source: float, target: float) -> Pair:
    """All of a view as it is, with sides cut to multiples of 16, and its person's pattern."""
    planes = view.planes()
    side = planes.shape[0] // 16 * 16
    window = whole(planes[:side, :side], view.metadata, bank.device)
    look = Look.of(view.metadata, bank.count)
    lit = pictures(window, bank, look, steps_between(source, target))
    clean = torch.cat([lit.rgb, lit.gray[None]])
    return encoded(clean[0], clean, lit, lit.conditioning, (source, target))


@torch.no_grad()
def validate(net: nn.Module, held: tuple[Batch, ...]) -> Score:
    """What a network reaches on batches of `validation_batches`."""
    sums = torch.stack([_sums(net, batch) for batch in held]).sum(0).cpu()
    both = []
    for error, nothing, *energies in sums.T.tolist():
        made, true = energies[: len(GROUPS)], energies[len(GROUPS) :]
        shares = [(m / max(t, 1e-12)) ** 0.5 for m, t in zip(made, true, strict=True)]
        reached = Reached(error / max(nothing, 1e-9), dict(zip(GROUPS, shares, strict=True)))
        both.append(reached)
    return Score(*both)


def _sums(net: nn.Module, batch: Batch) -> Tensor:
    """(2 + 2 × GROUPS, B) float64, means over the picture, so that a large view counts as a small
    one: |error| and |truth| on skin, then squares of what is made and of the truth in each group
    of bands."""
    made, truth = residual_of(net(batch.picture)[0]), residual_of(batch.parts)
    skin = batch.coverage[:, SKIN_COVERAGE]
    rows = [((made - truth).abs() * skin), truth.abs() * skin]
    for change in (made, truth):
        parts = list(bands(change.contiguous()))
        groups = [torch.stack([parts[k] for k in group]).sum(0) for group in GROUPS.values()]
        rows += [group.square() * skin for group in groups]
    return torch.stack([row.double().mean((1, 2, 3)) for row in rows])
