"""What the loss holds dear."""

from __future__ import annotations

import pytest
import torch

from reage_training.losses import loss, pyramid
from reage_training.strength import FORMS

SIDE = 64
NONE = torch.zeros(2, 12, SIDE, SIDE)


def coverage(skin: float = 1.0, hair: float = 1.0) -> torch.Tensor:
    return torch.tensor([skin, hair])[None, :, None, None].expand(2, 2, SIDE, SIDE).contiguous()


def sure(of: torch.Tensor) -> torch.Tensor:
    return (of - 0.5) * 40


@pytest.mark.parametrize("form", FORMS)
def test_the_truth_costs_nothing_and_wrong_coverage_or_half_the_strength_does(form: str) -> None:
    truth, here = torch.randn(NONE.shape) * 0.05, coverage()
    assert loss(truth, sure(here), truth, here, form) < 1e-6
    assert loss(truth, sure(1 - here), truth, here, form) > 0.5
    costs = {f: float(loss(truth / 2, sure(here), truth, here, f)) for f in FORMS}
    assert min(costs.values()) > 0.1 and len(set(costs.values())) == len(FORMS)


def test_fine_errors_cost_more_than_broad_ones_of_the_same_size() -> None:
    skin = torch.ones(2, 1, SIDE, SIDE)
    broad = torch.ones(2, 3, SIDE, SIDE)
    stripes = broad * (torch.arange(SIDE) % 2 * 2.0 - 1)
    assert pyramid(stripes, skin) > 1.5 * pyramid(broad, skin)


def test_errors_on_skin_cost_more_than_beside_it() -> None:
    here = coverage(0.0, 0.0)
    here[..., :32] = 1
    on, beside = NONE.clone(), NONE.clone()
    on[:, :9, :, 8:24] = 0.05
    beside[:, :9, :, 40:56] = 0.05
    assert loss(NONE, sure(here), on, here) > 3 * loss(NONE, sure(here), beside, here)


def test_the_change_counts_most_but_each_part_has_to_be_right() -> None:
    """Detail and tone that take each other's place leave the change as it is."""
    swapped, off = NONE.clone(), NONE.clone()
    swapped[:, 0:3], swapped[:, 6:9] = 0.05, -0.05
    off[:, 0:3], off[:, 6:9] = 0.05, 0.05
    here = coverage()
    some, more = (loss(NONE, sure(here), truth, here) for truth in (swapped, off))
    assert 1e-3 < some < 0.6 * more


def test_hair_that_is_not_there_need_not_gray() -> None:
    gray = NONE.clone()
    gray[:, 9:] = 0.3
    bald, haired = coverage(hair=0.0), coverage()
    assert loss(NONE, sure(bald), gray, bald) < 1e-6 < loss(NONE, sure(haired), gray, haired)
