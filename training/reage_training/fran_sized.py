"""Write a network of FRAN's size, with random weights, to be measured beside: it ages nobody.

FRAN (Zoss et al., Production-Ready Face Re-Aging for Visual Effects, 2022) is a U-Net of 31 million
parameters: five channels in (RGB, the ages as maps), three out (what to add), blurred pooling. Its
weights were not published; time and memory do not depend on them.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY
from reage_training.export import exported
from reage_training.network import Blur
from reage_training.saved import save_whole
from reage_training.terminal import say

_WIDTHS = (64, 128, 256, 512, 1024)
"""Channels at 1/1, 1/2 … 1/16 of the picture's side."""

_STRIDE, _SIDE = 16, 1024

_FAINT = 0.01
"""Of the last layer's random weights, so that what is added is no noise beyond white."""

CARD = ModelCard(
    name="FRAN-sized",
    license="Apache-2.0",
    trained_on="nothing: its weights are random",
    rights_holder="ReAge contributors",
    encoding="sRGB",
    crop_size=_SIDE,
    stride=_STRIDE,
    halo=144,
)


class FranSized(nn.Module):
    """(B, 5, H, W) → (B, 3, H, W); H and W multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        self.first = _twice(5, _WIDTHS[0])
        steps = list(pairwise(_WIDTHS))
        self.down = nn.ModuleList(nn.Sequential(Blur(a), _twice(a, b)) for a, b in steps)
        self.wider = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, 2) for a, b in reversed(steps))
        self.up = nn.ModuleList(_twice(2 * a, a) for a, _ in reversed(steps))
        self.last = nn.Conv2d(_WIDTHS[0], 3, 1)
        with torch.no_grad():
            self.last.weight.mul_(_FAINT)

    def forward(self, x: Tensor) -> Tensor:
        levels = [self.first(x)]
        for down in self.down:
            levels.append(down(levels[-1]))
        x = levels.pop()
        for wider, up in zip(self.wider, self.up, strict=True):
            x = up(torch.cat([levels.pop(), wider(x)], 1))
        made: Tensor = self.last(x)
        return made


class _Convolved(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(self.conv(x), 0.01)


def _twice(cin: int, cout: int) -> nn.Module:
    return nn.Sequential(_Convolved(cin, cout), _Convolved(cout, cout))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--out", type=Path, required=True, help="the ONNX file")


def run(args: argparse.Namespace) -> int:
    count = write(args.out)
    say(f"Wrote {args.out}, {count / 1e6:.1f} million parameters, all of them random.")
    return 0


def write(path: Path) -> int:
    """Write it, with its card inside; gives the number of its parameters. Raises OutputError."""
    torch.manual_seed(0)
    network = FranSized().eval()
    model = exported(network, 5, _STRIDE, ["delta"])
    onnx.helper.set_model_props(model, {CARD_KEY: CARD.to_json()})
    save_whole(model, path)
    return sum(p.numel() for p in network.parameters())
