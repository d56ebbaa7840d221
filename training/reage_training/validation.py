"""A few fixed pairs, unaugmented, that tell during training which weights are best."""

from __future__ import annotations

import numpy as np
import torch

from reage_training.dataset import Group, Sample, encoded
from reage_training.loader import Batch, collate
from reage_training.network import ReAgeNet

GROUPS = 8


def validation_batches(groups: tuple[Group, ...]) -> tuple[Batch, ...]:
    """One batch for each of up to GROUPS groups, spread over the set: its youngest picture
    to its oldest, and back."""
    step = max(1, len(groups) // GROUPS)
    chosen = groups[::step][:GROUPS]
    return tuple(collate([_pair(g, False), _pair(g, True)]) for g in chosen)


def _pair(group: Group, back: bool) -> Sample:
    pictures = group.pictures()
    which = [int(np.argmin(group.ages)), int(np.argmax(group.ages))]
    a, b = which[::-1] if back else which
    before, after = (np.ascontiguousarray(pictures[k], np.float32) for k in (a, b))
    side = before.shape[0] // 16 * 16
    before, after = before[:side, :side], after[:side, :side]
    skin = np.clip(np.maximum(before[..., 3], after[..., 3]), 0, 1)
    return encoded(before[..., :3], after[..., :3], skin, (group.ages[a], group.ages[b]))


@torch.no_grad()
def validate(net: ReAgeNet, held: tuple[Batch, ...], device: torch.device) -> tuple[float, float]:
    """(ageing, de-ageing): error on skin as a share of doing nothing's; lower is better."""
    errors, nothing = np.zeros(2), np.zeros(2)
    for batch in held:
        picture, truth, skin = (t.to(device) for t in batch)
        delta, logits = net(picture)
        left = ((delta * torch.sigmoid(logits) - truth).abs() * skin).sum((1, 2, 3))
        errors += left.cpu().numpy()
        nothing += (truth.abs() * skin).sum((1, 2, 3)).cpu().numpy()
    up, down = errors / np.maximum(nothing, 1e-9)
    return float(up), float(down)
