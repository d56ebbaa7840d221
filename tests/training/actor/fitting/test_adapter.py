"""An adapter adds to the default model's weights, and at strength zero it adds nothing."""

from __future__ import annotations

import pytest
import torch

from reage import home
from reage.errors import SettingsError
from reage_training.actor.fitting.adapter import Adapted
from reage_training.checkpoint import weights_of
from reage_training.network import ReAgeNet


def given() -> ReAgeNet:
    net = ReAgeNet()
    net.load_state_dict(weights_of(home.default_model(), net.state_dict()))
    return net.eval()


@pytest.fixture(scope="module")
def base() -> ReAgeNet:
    return given()


@pytest.fixture(scope="module")
def adapted(base: ReAgeNet) -> Adapted:
    """With an adapter that says something."""
    torch.manual_seed(1)
    net = Adapted(base).eval()
    for name, value in net.named_parameters():
        if name.startswith(("wide.", "shift.")):
            value.data.normal_(0, 0.01)
    return net


@pytest.fixture(scope="module")
def seen() -> torch.Tensor:
    return torch.rand(1, 8, 64, 96, generator=torch.Generator().manual_seed(2))


def test_one_that_has_learned_nothing_is_the_default_to_the_bit(
    base: ReAgeNet, seen: torch.Tensor
) -> None:
    with torch.no_grad():
        for own, new in zip(base(seen), Adapted(base)(seen), strict=True):
            assert torch.equal(own, new)


def test_strength_zero_is_the_default_to_the_bit_and_the_rest_lies_on_a_line(
    base: ReAgeNet, adapted: Adapted
) -> None:
    own = base.state_dict()
    none, half, all_of_it = (adapted.merged(s).state_dict() for s in (0.0, 0.5, 1.0))
    assert own.keys() == none.keys()
    for name, weight in own.items():
        assert torch.equal(weight, none[name])
        middle = (weight + all_of_it[name]) / 2
        torch.testing.assert_close(half[name], middle, rtol=0, atol=1e-6)
    assert any(not torch.equal(own[name], weight) for name, weight in all_of_it.items())


def test_merged_is_unmerged(adapted: Adapted, seen: torch.Tensor) -> None:
    with torch.no_grad():
        for one, other in zip(adapted(seen), adapted.merged()(seen), strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-6)


def test_only_the_adapter_learns(adapted: Adapted, seen: torch.Tensor) -> None:
    parts, logits = adapted(seen)
    (parts.sum() + logits.sum()).backward()
    for name, value in adapted.named_parameters():
        assert (value.grad is None) == name.startswith("base.")
    adapted.zero_grad()


def test_what_is_no_rank_is_said(base: ReAgeNet) -> None:
    with pytest.raises(SettingsError, match="rank must be one"):
        Adapted(base, 0)
