"""Interval arithmetic against the layers themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.network import Blur
from reage_training.reach import Reach

Layer = Callable[[Tensor], Tensor]
CASES: dict[str, tuple[Layer, Callable[[Reach], Reach]]] = {
    "conv": (lambda x: F.conv2d(x, torch.ones(1, 1, 3, 3), padding=1), lambda r: r.conv(3)),
    "blur": (Blur(1), lambda r: r.strided(4, 2, 1)),
    "bilinear": (
        lambda x: F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False),
        lambda r: r.bilinear(2),
    ),
    "unshuffle": (lambda x: F.pixel_unshuffle(x, 2).sum(1), lambda r: r.unshuffle(2)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_layer_reaches_as_far_as_said(name: str) -> None:
    layer, back = CASES[name]
    said = back(Reach.of_outputs(20)).spans
    for k in range(8, 12):
        x = torch.rand(1, 1, 48, 48, requires_grad=True)
        layer(x)[..., k].sum().backward()
        assert x.grad is not None
        felt = x.grad.abs().sum((0, 1, 2)).nonzero().flatten()
        assert (int(felt.min()), int(felt.max())) == said[k]
