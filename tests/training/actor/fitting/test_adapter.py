"""An adapter adds to the default model's weights, and at strength zero it adds nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from reage import home
from reage.errors import ModelError, SettingsError
from reage_training.actor.fitting.adapter import RANK, Adapted
from reage_training.actor.fitting.adapter_file import read_adapter, write_adapter
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


def test_a_file_gives_back_what_was_written_and_weighs_little(
    base: ReAgeNet, adapted: Adapted, tmp_path: Path
) -> None:
    path = tmp_path / "adapter.npz"
    write_adapter(path, adapted, {"person_strength": 0.75, "actor": "nobody"})
    assert path.stat().st_size < 700_000
    read = read_adapter(path)
    assert read.strength == 0.75 and read.said["rank"] == RANK and read.said["actor"] == "nobody"
    again = read.on(base).merged(0.75).state_dict()
    assert all(torch.equal(w, again[n]) for n, w in adapted.merged(0.75).state_dict().items())


def test_what_is_no_adapter_is_said(base: ReAgeNet, adapted: Adapted, tmp_path: Path) -> None:
    path = tmp_path / "adapter.npz"
    write_adapter(path, adapted, {})
    whole = path.read_bytes()
    for broken in (b"", b"nothing", whole[: len(whole) // 2]):
        path.write_bytes(broken)
        with pytest.raises(ModelError, match=r"adapter\.npz"):
            read_adapter(path)
    np.savez(path, other=np.zeros(3))
    with pytest.raises(ModelError, match="no adapter"):
        read_adapter(path)
    path.write_bytes(whole)
    with pytest.raises(SettingsError, match="another network"):
        read_adapter(path).on(ReAgeNet((16, 16, 16, 16)))
    with pytest.raises(SettingsError, match="rank must be one"):
        Adapted(base, 0)
