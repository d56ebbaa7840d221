"""What the loss holds dear."""

from __future__ import annotations

import torch

from reage_training.losses import loss, pyramid

SHAPE = (2, 3, 64, 64)


def test_the_truth_costs_nothing_but_the_mask() -> None:
    truth, skin = torch.randn(SHAPE) * 0.05, torch.ones(2, 1, 64, 64)
    sure = torch.full_like(skin, 20.0)
    assert loss(truth, sure, truth, skin) < 1e-6
    assert loss(truth, -sure, truth, skin) > 0.5


def test_fine_errors_cost_more_than_broad_ones_of_the_same_size() -> None:
    skin = torch.ones(2, 1, 64, 64)
    broad = torch.ones(SHAPE)
    stripes = broad * (torch.arange(64) % 2 * 2.0 - 1)
    assert pyramid(stripes, skin) > 1.5 * pyramid(broad, skin)


def test_errors_on_skin_cost_more_than_beside_it() -> None:
    skin = torch.zeros(2, 1, 64, 64)
    skin[..., :32] = 1
    logits, still = (skin - 0.5) * 40, torch.zeros(SHAPE)
    on, beside = still.clone(), still.clone()
    on[..., 8:24] = 0.05
    beside[..., 40:56] = 0.05
    assert loss(still, logits, on, skin) > 5 * loss(still, logits, beside, skin)
