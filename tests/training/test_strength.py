"""How strong a change is, and what it costs to be too weak."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from reage_training.bands import GROUPS, NARROW, bands
from reage_training.network import PER_UNIT
from reage_training.strength import CELLS, FLOOR, FORMS, TOO_WEAK, banded, local

SIDE = 128
CELL = SIDE // CELLS
SKIN = torch.ones(2, 1, SIDE, SIDE)


def noise(seed: int, strength: float, side: int = SIDE) -> Tensor:
    """As strong in every band."""
    source = torch.Generator().manual_seed(seed)
    sides = [max(1, side >> k) for k in range(NARROW + 1)]
    each = (torch.randn(2, 3, n, n, generator=source) for n in sides)
    return strength * sum(F.interpolate(n, (side, side), mode="bilinear") for n in each)


@given(st.integers(0, 99), st.floats(0, 3), st.sampled_from([32, 48, 128]))
@settings(max_examples=20, deadline=None)
def test_bands_sum_to_the_picture(seed: int, strength: float, side: int) -> None:
    picture = noise(seed, strength, side)
    made = list(bands(picture))
    assert len(made) == NARROW + 1 == sum(map(len, GROUPS.values()))
    torch.testing.assert_close(sum(made), picture, atol=1e-6 * (1 + strength), rtol=0)


def test_a_wave_lies_in_the_band_of_its_width() -> None:
    """Of waves from 3 to 200 px, wider ones have more of their energy in wider bands."""
    across = torch.arange(256.0)
    centers = []
    for width in (3.0, 8.0, 20.0, 50.0, 200.0):
        wave = torch.sin(2 * torch.pi * across / width).expand(1, 3, 256, 256)
        energies = torch.stack([band.square().mean() for band in bands(wave)])
        centers.append(float((energies * torch.arange(NARROW + 1)).sum() / energies.sum()))
    assert centers == sorted(centers)
    assert centers[0] < 1 and centers[-1] > NARROW - 0.5


def test_a_band_is_as_strong_wherever_its_line_lies() -> None:
    lines = torch.zeros(8, 3, SIDE, SIDE)
    for k in range(8):
        lines[k, ..., SIDE // 2 + k] = -1.0
    for band in bands(lines):
        energies = band.square().mean((1, 2, 3))
        torch.testing.assert_close(energies, energies[:1].expand(8), rtol=1e-4, atol=1e-9)


@given(st.integers(0, 99), st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_equal_strength_costs_nothing_however_wrong_it_is(seed: int, strength: float) -> None:
    truth = noise(seed, strength)
    assert banded(truth, truth, SKIN) == 0
    assert banded(-truth, truth, SKIN) == 0
    assert banded(truth.flip(1), truth, SKIN) < 1e-5  # in another color


@pytest.mark.parametrize("by", range(1, CELL))
def test_lines_may_lie_anywhere_in_their_cells(by: int) -> None:
    """As many lines, moved by less than a cell; looked at where no edge of the picture shows."""
    truth = torch.zeros(2, 3, SIDE, SIDE)
    truth[..., :: CELL // 2] = -0.1
    inside = torch.zeros_like(SKIN)
    inside[..., 3 * CELL : 5 * CELL, 3 * CELL : 5 * CELL] = 1
    none = float(banded(truth * 0, truth, inside))
    assert banded(truth.roll(by, -1), truth, inside) < 0.01 * none
    assert none > 1


@given(st.integers(0, 99), st.floats(0.1, 1))
@settings(max_examples=20, deadline=None)
def test_too_weak_costs_more_than_too_strong(seed: int, strength: float) -> None:
    truth = noise(seed, strength)
    half, double, none = (float(banded(truth * by, truth, SKIN)) for by in (0.5, 2, 0))
    assert half == pytest.approx(TOO_WEAK * double, rel=0.05)
    assert none > half > double > 0.4


def test_half_of_a_faint_change_costs_as_much_as_half_of_a_deep_one() -> None:
    """What is faint is still well above what nobody sees, in all bands."""
    left, right = torch.zeros_like(SKIN), torch.zeros_like(SKIN)
    left[..., : SIDE // 2], right[..., SIDE // 2 :] = 1, 1
    truth = noise(1, 2.0)
    truth[..., SIDE // 2 :] /= 8
    half = truth / 2
    deep, faint = float(banded(half, truth, left)), float(banded(half, truth, right))
    assert faint == pytest.approx(deep, rel=0.03)
    assert local(half, truth, right) < 0.3 * local(half, truth, left)  # the other form


def test_what_nobody_sees_costs_nothing_nor_does_what_is_beside_the_skin() -> None:
    truth = noise(2, 0.1)
    assert banded(noise(3, FLOOR / 20), truth * 0, SKIN) < 2e-3
    assert banded(truth * 0, truth, SKIN * 0) == 0
    half = SKIN.clone()
    half[..., SIDE // 2 :] = 0
    beside = truth.clone()
    beside[..., SIDE // 2 + 40 :] *= 3  # further off than the widest band but one reaches
    assert banded(beside, truth, half) < 0.02 * banded(truth * 3, truth, SKIN)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("skin", [0.0, 0.3, 1.0])
def test_no_change_and_no_skin_give_numbers_and_finite_gradients(form: str, skin: float) -> None:
    of, _ = FORMS[form]
    for made, truth in [(0.0, 0.0), (0.0, 0.1), (1e-12, 0.1), (0.1, 0.0), (1e4, 1e-4)]:
        asked = (noise(4, made)).requires_grad_()
        value = of(asked, noise(5, truth), SKIN * skin)
        value.backward()  # type: ignore[no-untyped-call]
        assert torch.isfinite(value) and asked.grad is not None
        assert torch.isfinite(asked.grad).all()


def test_the_gradient_of_what_is_too_weak_asks_for_more_of_it() -> None:
    truth = noise(6, 0.1)
    asked = (truth / 2).requires_grad_()
    banded(asked, truth, SKIN).backward()  # type: ignore[no-untyped-call]
    assert asked.grad is not None and float((asked.grad * truth).sum()) < 0
    stepped = truth / 2 - asked.grad * float(truth.norm() / asked.grad.norm()) * 0.1
    assert banded(stepped, truth, SKIN) < banded(truth / 2, truth, SKIN)


def test_local_a_line_beside_its_place_is_nearer_than_none_or_half_of_it() -> None:
    skin, truth = torch.ones(2, 1, 64, 64), torch.zeros(2, 3, 64, 64)
    truth[..., 10] = -1.0
    beside, half, none = truth.roll(2, -1), truth / 2, truth * 0
    costs = [float(local(made, truth, skin)) for made in (truth, beside, half, none)]
    assert costs[0] == 0 < costs[1] < 0.5 * costs[2] < 0.5 * costs[3]


def test_the_floor_is_what_is_said_of_it() -> None:
    """0.4 % of the light, in the unit that losses are taken in: PER_UNIT is two stops."""
    assert pytest.approx(2.0) == PER_UNIT * 17.52
    assert pytest.approx(0.004, abs=5e-4) == 2 ** (2 * FLOOR) - 1
