"""The network is local, and as far-seeing as its analysis says."""

from __future__ import annotations

import pytest
import torch

from reage_training.network import HALO, STRIDE, MaskedDelta, ReAgeNet, reach


def net(seed: int = 0) -> MaskedDelta:
    torch.manual_seed(seed)
    model = MaskedDelta(ReAgeNet((8, 8, 16, 16))).double().eval()  # same graph, fewer channels
    model.requires_grad_(False)
    return model


def picture(height: int, width: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, 5, height, width, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("axis", [2, 3])
def test_no_output_depends_on_more_than_the_reach_and_some_depend_on_all_of_it(axis: int) -> None:
    length, model, furthest = 2 * HALO + STRIDE, net(), 0
    for k in range(STRIDE):
        sides = (length, STRIDE) if axis == 2 else (STRIDE, length)
        x = picture(*sides).requires_grad_()
        model(x).select(axis, HALO + k).sum().backward()
        assert x.grad is not None
        felt = x.grad.abs().sum(dim=[d for d in range(4) if d != axis]).nonzero().flatten()
        distance = (felt - (HALO + k)).abs().max()
        furthest = max(furthest, int(distance))
    assert furthest == reach() <= HALO


def core_of_a_tile(model: MaskedDelta, x: torch.Tensor, halo: int) -> torch.Tensor:
    """The 16 px at (HALO + 16, HALO + 32) of x, made from a tile with so much around them."""
    top, left = HALO + STRIDE - halo, HALO + 2 * STRIDE - halo
    side = 2 * halo + STRIDE
    return model(x[:, :, top : top + side, left : left + side])[..., halo:-halo, halo:-halo]


def test_a_tile_with_its_halo_gives_the_pixels_of_the_whole() -> None:
    model, x = net(), picture(2 * HALO + 3 * STRIDE, 2 * HALO + 4 * STRIDE)
    y0, x0 = HALO + STRIDE, HALO + 2 * STRIDE
    whole = model(x)[..., y0 : y0 + STRIDE, x0 : x0 + STRIDE]
    assert (core_of_a_tile(model, x, HALO) - whole).abs().max() < 1e-12
    assert (core_of_a_tile(model, x, STRIDE) - whole).abs().max() > 1e-6


def test_the_mask_holds_the_delta_back() -> None:
    model, x = net(), picture(32, 48)
    delta, logits = model.net(x)
    assert delta.shape == (1, 3, 32, 48) and logits.shape == (1, 1, 32, 48)
    assert torch.equal(model(x), delta * torch.sigmoid(logits))


def test_ages_are_read_where_they_stand() -> None:
    model, x = net(), picture(STRIDE, 2 * HALO + 4 * STRIDE)
    other = x.clone()
    other[:, 4, :, :STRIDE] += 0.3  # the target age, at the left end only
    change = (model(x) - model(other)).abs()
    assert change[..., :STRIDE].max() > 0
    assert change[..., STRIDE + HALO :].max() == 0


def test_it_is_small() -> None:
    assert 1_500_000 <= sum(p.numel() for p in ReAgeNet().parameters()) <= 2_000_000
