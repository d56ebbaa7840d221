"""A design that was compared: the whole face once at a fixed size, then a refiner at any size.

The context network sees the face in few pixels and knows where it is; the refiner sees a few
pixels around each of its own and the context's features. So a picture of any size costs what
its pixels cost, and its tiles need a halo of only REFINER_HALO.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reage_training.network import (
    AGES,
    INPUT,
    LAST,
    MID_GRAY,
    PATTERN,
    PER_UNIT,
    PICTURE,
    SLOPE,
    ReAgeNet,
    apart,
    whole,
)

CONTEXT = 2
"""How many times smaller the context sees the picture while training."""
FEATURES, WIDTH = 16, 48
REFINER_HALO = 12
"""Pixels around a tile that the refiner looks at: five convolutions at half size, and the
context's upsampling."""


class CoarseToFine(nn.Module):
    """Takes and gives what ReAgeNet does."""

    def __init__(self) -> None:
        super().__init__()
        self.context = ReAgeNet()
        self.context.out = nn.Conv2d(32, LAST + FEATURES, 3, padding=1)
        seen = 4 * (INPUT.count + LAST + FEATURES)
        self.into = nn.Conv2d(seen, WIDTH, 1)
        self.layers = nn.ModuleList([nn.Conv2d(WIDTH, WIDTH, 3, padding=1) for _ in range(4)])
        self.out = nn.Conv2d(WIDTH, LAST, 3, padding=1)
        for layer in (self.into, *self.layers):
            nn.init.kaiming_normal_(layer.weight, SLOPE)
            nn.init.zeros_(layer.bias)
        self.out.weight.data.mul_(0.05)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        small = F.avg_pool2d(x, CONTEXT)
        side = [max(16, n // 16 * 16) for n in small.shape[-2:]]
        small = F.interpolate(small, side, mode="bilinear", align_corners=False)
        coarse = self.context.head(small)[0]
        coarse = F.interpolate(coarse, x.shape[-2:], mode="bilinear", align_corners=False)
        rgb = (x[:, PICTURE] - MID_GRAY) / PER_UNIT
        fine = torch.cat([rgb, x[:, AGES] * 2 - 1, x[:, PATTERN], coarse], 1)
        h = F.leaky_relu(self.into(F.pixel_unshuffle(fine, 2)), SLOPE)
        for layer in self.layers:
            h = h + F.leaky_relu(layer(h), SLOPE)
        y = self.out(h) + F.avg_pool2d(coarse[:, :LAST], 2)
        return whole(*apart(y, F.avg_pool2d(x[:, PICTURE], 2)))
