"""A few fixed pairs, unaugmented, that tell during training which weights are best."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from reage_training.network import change_of, covered
from reage_training.pairs.batches import Batch, collate
from reage_training.pairs.pair import Pair, encoded, steps_between
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.window import whole
from reage_training.viewset import StoredView

VIEWS = 8
AGES = (30.0, 65.0)


def validation_batches(
    views: tuple[StoredView, ...], bank: Bank, count: int = VIEWS
) -> tuple[Batch, ...]:
    """One batch for each of up to `count` views, spread over the set: from the younger of AGES to
    the older with the person's own pattern, and back."""
    step = max(1, len(views) // count)
    chosen = views[::step][:count]
    return tuple(collate([still_pair(v, bank, *AGES), still_pair(v, bank, *AGES[::-1])])
                 for v in chosen)  # fmt: skip


def still_pair(view: StoredView, bank: Bank, source: float, target: float) -> Pair:
    """All of a view as it is, with sides cut to multiples of 16, and its person's pattern."""
    planes = view.planes()
    side = planes.shape[0] // 16 * 16
    window = whole(planes[:side, :side], view.story, bank.device)
    look = Look.of(view.story, bank.count)
    lit = pictures(window, bank, look, steps_between(source, target))
    clean = torch.cat([lit.rgb, lit.gray[None]])
    return encoded(clean[0], clean, lit, lit.guide, (source, target))


@torch.no_grad()
def validate(net: nn.Module, held: tuple[Batch, ...]) -> tuple[float, float]:
    """(ageing, de-ageing): error on skin as a share of doing nothing's; lower is better."""
    errors, nothing = np.zeros(2), np.zeros(2)
    for batch in held:
        made = change_of(covered(*net(batch.picture)))
        truth, skin = change_of(batch.parts), batch.covers[:, :1]
        errors += ((made - truth).abs() * skin).sum((1, 2, 3)).cpu().numpy()
        nothing += (truth.abs() * skin).sum((1, 2, 3)).cpu().numpy()
    up, down = errors / np.maximum(nothing, 1e-9)
    return float(up), float(down)
