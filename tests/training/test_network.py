"""The network is local, and as far-seeing as its analysis says."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from reage.errors import SettingsError
from reage_training.coarse_to_fine import CoarseToFine
from reage_training.designs import DESIGNS, build, parameters
from reage_training.network import (
    CALM,
    COARSE,
    GRAYED,
    HALO,
    INPUT,
    LAST,
    PARTS,
    PER_UNIT,
    STRIDE,
    ReAgeNet,
    Released,
    apart,
    calmed,
    reach,
)


def net(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    model = Whole(ReAgeNet((8, 8, 16, 16))).double().eval()  # same graph, fewer channels
    model.requires_grad_(False)
    return model


class Whole(nn.Module):
    """What is released, all of it at the picture's side."""

    def __init__(self, net: ReAgeNet) -> None:
        super().__init__()
        self.net = net
        self.released = Released(net)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        detail, broad = self.released(x)
        return torch.cat([detail, functional.interpolate(
            broad, scale_factor=2.0, mode="bilinear", align_corners=False)], 1)  # fmt: skip


def picture(height: int, width: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, INPUT.count, height, width, generator=generator, dtype=torch.float64)


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


def core_of_a_tile(model: nn.Module, x: torch.Tensor, halo: int) -> torch.Tensor:
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


def test_coverage_holds_the_skins_parts_back_and_hair_goes_out_with_its_matte() -> None:
    torch.manual_seed(0)
    y, rgb = torch.randn(1, LAST, 16, 24), torch.rand(1, 3, 16, 24)
    bare = y.clone()
    bare[:, -2] = -1e3  # no skin anywhere
    detail, coarse, logits = apart(y, rgb)
    assert detail.shape == (1, 3, 32, 48) and coarse.shape == (1, 9, 16, 24)
    assert torch.equal(logits, y[:, -2:])
    skin = torch.sigmoid(logits[:, :1]) * PER_UNIT
    assert torch.equal(coarse[:, :6], y[:, 12:18] * skin)
    there = functional.pixel_unshuffle(detail, 2)
    assert torch.equal(there, y[:, :12] * skin)
    nothing, without, _ = apart(bare, rgb)
    assert not nothing.any() and not without[:, :6].any()
    assert torch.equal(without[:, 6:], coarse[:, 6:])


def test_what_is_released_is_calmed_and_ends_with_the_hairs_matte() -> None:
    model, x = net(), picture(32, 48)
    detail, coarse, logits = apart(*model.net.head(x))
    fine, broad = model.released(x)
    assert torch.equal(fine, detail) and torch.equal(broad[:, :9], calmed(coarse))
    assert torch.equal(broad[:, 9:], torch.sigmoid(logits[:, 1:]))
    parts, more = model.net(x)
    assert parts.shape == (1, PARTS.count, 32, 48) and more.shape == (1, 2, 32, 48)


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_gray_hair_keeps_a_set_share_of_its_color_whatever_the_network_says(name: str) -> None:
    torch.manual_seed(2)
    x = picture(32, 32).float()
    with torch.no_grad():
        hair = build(name)(x)[0][:, 9:]
    seen = functional.avg_pool2d(x[:, :3], 2)  # color, of less than a pixel's sharpness
    seen = functional.interpolate(seen, scale_factor=2.0, mode="bilinear", align_corners=False)
    before, after = (p - p.mean(1, keepdim=True) for p in (seen, seen + hair))
    torch.testing.assert_close(after, (1 - GRAYED) * before, atol=1e-5, rtol=0)
    assert hair.mean(1).std() > 1e-4


def test_ages_are_read_where_they_stand() -> None:
    model, x = net(), picture(STRIDE, 2 * HALO + 4 * STRIDE)
    other = x.clone()
    other[:, 4, :, :STRIDE] += 0.3  # the target age, at the left end only
    change = (model(x) - model(other)).abs()
    assert change[..., :STRIDE].max() > 0
    assert change[..., STRIDE + HALO :].max() == 0


@pytest.mark.parametrize("channel", range(5, INPUT.count))
def test_the_pattern_is_seen(channel: int) -> None:
    model, x = net(), picture(32, 32)
    other = x.clone()
    other[:, channel] += 0.5
    assert (model(x) - model(other)).abs().max() > 1e-6


def test_it_is_small() -> None:
    assert 1_500_000 <= parameters(ReAgeNet()) <= 2_000_000


def test_the_designs_are_named_and_take_and_give_the_same() -> None:
    assert set(DESIGNS) == {"small", "large", "coarse-to-fine"}
    assert isinstance(build("small"), ReAgeNet)
    with pytest.raises(SettingsError, match="coarse-to-fine"):
        build("huge")
    with torch.no_grad():
        parts, logits = CoarseToFine()(picture(48, 64).float())
    assert parts.shape == (1, PARTS.count, 48, 64) and logits.shape == (1, 2, 48, 64)


def test_only_the_tones_color_is_calmed() -> None:
    coarse = torch.randn(2, COARSE.count, 8, 8)
    calm, tone = calmed(coarse), COARSE.at("tone")
    others = [c for c in range(COARSE.count) if not tone.start <= c < tone.stop]
    assert torch.equal(calm[:, others], coarse[:, others])
    before, after = (p[:, tone] - p[:, tone].mean(1, keepdim=True) for p in (coarse, calm))
    assert torch.allclose(after, CALM * before, atol=1e-6)
    assert torch.allclose(calm[:, tone].mean(1), coarse[:, tone].mean(1), atol=1e-6)
