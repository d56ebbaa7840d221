"""The network: a U-Net that says what to add to a picture to change its subject's age.

Everything in it is local and the same at every place: convolutions, fixed blurs, bilinear
upsampling, age maps. No normalisation over the picture, no pooling over the picture. So a
tile whose core lies on multiples of `STRIDE`, with a halo of `HALO` around it, gives the
pixels that one pass over the whole picture gives.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reage.models.channels import COVERAGE, ChannelLayout
from reage_training.reach import Reach

STRIDE = 16
"""Sides of the input must be multiples of this."""

WIDTHS = (32, 64, 128, 256)
"""Channels at 1/2, 1/4, 1/8 and 1/16 of the picture's side."""

INPUT = ChannelLayout(("picture", "source_age", "target_age", "pattern"))
"""What it takes: ACEScct RGB, the ages, and the pattern's lines, folds and marks."""

PARTS = ChannelLayout(("detail", "form", "tone", "hair"))
"""What the residual is made of; the first three lie on skin."""

RELEASED = ChannelLayout((*PARTS.names, "hair_matte"))
"""What the exported model gives."""

LAYERS = ChannelLayout((*PARTS.names, *COVERAGE))
"""What its last layer gives: parts, and logits of the coverage."""

PICTURE, AGES = INPUT.at("picture"), INPUT.at("source_age", "target_age")
PATTERN = INPUT.at("pattern")
DETAIL, FORM, TONE, HAIR = (PARTS.at(name) for name in PARTS.names)
ON_SKIN = PARTS.at("detail", "tone")
SKIN_COVERAGE, HAIR_COVERAGE = (ChannelLayout(tuple(COVERAGE)).at(name) for name in COVERAGE)
"""Where each lies among the channels of INPUT, of PARTS and of the coverage."""

MID_GRAY = 0.4135884
"""ACEScct code value of scene-linear 0.18 (S-2016-001: (log2(0.18) + 9.72) / 17.52)."""

PER_UNIT = 2 / 17.52
"""ACEScct code values in two stops: the unit that the layers calculate in."""

GRAYED = 0.7
"""Share of its color that hair loses when it goes gray; the rest is the light's. A rule, since
colors that the network chose came out as patches on hair unlike any it had seen (ADR 8)."""

CALM = 0.6
"""Share that the released model keeps of the tone's color, of what its channels differ by. Made as
the network makes it, it was too strong on four held-out people, made older: with six tenths of it
the tone's error was no larger, and patches of yellow and teal on photographs were fainter."""

SLOPE = 0.2
"""Of the leaky rectifiers."""


class Blur(nn.Module):
    """Halves the picture without aliasing: [1 3 3 1]/8 both ways, every second sample."""

    kernel: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        row = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        kernel = torch.outer(row, row).expand(channels, 1, 4, 4).clone()
        self.register_buffer("kernel", kernel, persistent=False)
        self.channels = channels

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.kernel, stride=2, padding=1, groups=self.channels)


class Block(nn.Module):
    """A convolution to `cout` channels, bent by the ages, and a second one beside it.

    `side` is the second convolution's kernel side: 3 looks one pixel further around, 1 does
    not. The ages shift each channel and, with `gain`, also scale it (worth its time at the
    coarse levels only).
    """

    def __init__(self, cin: int, cout: int, side: int = 3, gain: bool = False) -> None:
        super().__init__()
        self.first = nn.Conv2d(cin, cout, 3, padding=1)
        self.second = nn.Conv2d(cout, cout, side, padding=side // 2)
        self.age_hidden = nn.Conv2d(2, 16, 1)
        self.age_shift = nn.Conv2d(16, cout, 1)
        self.age_gain = nn.Conv2d(16, cout, 1) if gain else None

    def forward(self, x: Tensor, ages: Tensor) -> Tensor:
        """x (B, cin, h, w), ages (B, 2, h, w) from −1 to 1; returns (B, cout, h, w)."""
        x = self.first(x)
        age = F.leaky_relu(self.age_hidden(ages), SLOPE)
        if self.age_gain is not None:
            x = x * (1 + self.age_gain(age))
        x = F.leaky_relu(x + self.age_shift(age), SLOPE)
        return x + F.leaky_relu(self.second(x), SLOPE)


class ReAgeNet(nn.Module):
    """INPUT (B, 8, H, W) → PARTS (B, 12, H, W) and logits (B, 2, H, W); H, W multiples of 16.

    In:     ACEScct RGB (0 … ~1.5, any finite value), source age / 100, target age / 100,
            the conditioning map (about −1 … 1).
    Parts:  what to add in ACEScct, before the coverage: see `parts_of`.
    Logits: their sigmoids are the coverage by the face's skin and by its hair; trained against
            the renders'.
    """

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS) -> None:
        super().__init__()
        a, b, c, d = widths
        self.down = nn.ModuleList(
            [
                Block(4 * ChannelLayout(("picture", "pattern")).count, a),
                Block(a, b),
                Block(b, c, gain=True),
                Block(c, d, side=1, gain=True),
            ]
        )
        self.blur = nn.ModuleList([Blur(a), Blur(b), Blur(c)])
        self.middle = Block(d, d, side=1, gain=True)
        self.narrow = nn.ModuleList([nn.Conv2d(d, c, 1), nn.Conv2d(c, b, 1), nn.Conv2d(b, a, 1)])
        self.up = nn.ModuleList(
            [Block(2 * c, c, side=1, gain=True), Block(2 * b, b), Block(2 * a, a)]
        )
        self.out = nn.Conv2d(a, 4 * LAYERS.count, 3, padding=1)
        self._initialise()

    def _initialise(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, SLOPE)
                m.weight.data.mul_(0.7)  # keeps the residual sums near unit variance
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
            if isinstance(m, Block) and m.age_gain is not None:
                m.age_gain.weight.data.mul_(0.3)
        self.out.weight.data.mul_(0.05)  # starts from "change almost nothing"

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        rgb = (x[:, PICTURE] - MID_GRAY) / PER_UNIT
        ages = [x[:, AGES] * 2 - 1]  # at 1/1, 1/2 … 1/16
        for _ in range(4):
            ages.append(F.avg_pool2d(ages[-1], 2))
        seen = torch.cat([F.pixel_unshuffle(rgb, 2), F.pixel_unshuffle(x[:, PATTERN], 2)], 1)
        h = self.down[0](seen, ages[1])
        skips = []
        for k, (blur, block) in enumerate(zip(self.blur, self.down[1:], strict=True)):
            skips.append(h)
            h = block(blur(h), ages[k + 2])
        h = self.middle(h, ages[4])
        for k, (narrow, block) in enumerate(zip(self.narrow, self.up, strict=True)):
            wide = F.interpolate(narrow(h), scale_factor=2.0, mode="bilinear", align_corners=False)
            h = block(torch.cat([wide, skips[2 - k]], 1), ages[3 - k])
        y = F.pixel_shuffle(self.out(h), 2)
        return parts_of(y, x[:, PICTURE]), y[:, PARTS.count :]


def parts_of(y: Tensor, rgb: Tensor) -> Tensor:
    """(B, 12, H, W) parts in ACEScct from a last layer (B, ≥12, H, W) in PER_UNIT and the picture
    (B, 3, H, W). Of hair the layer says only how much brighter it gets."""
    brighter = y[:, HAIR].mean(1, keepdim=True) * PER_UNIT
    fade = GRAYED * (rgb.mean(1, keepdim=True) - rgb)
    return torch.cat([y[:, ON_SKIN] * PER_UNIT, brighter + fade], 1)


def covered(parts: Tensor, logits: Tensor) -> Tensor:
    """Parts (B, 12, H, W) where they show: detail, form and tone on skin; hair as it is, since
    its coverage is the matte that it goes out with."""
    return torch.cat(
        [parts[:, ON_SKIN] * torch.sigmoid(logits[:, SKIN_COVERAGE]), parts[:, HAIR]], 1
    )


def residual_of(parts: Tensor) -> Tensor:
    """(B, 3, H, W): what detail, form and tone of (B, 12, H, W) make together."""
    return parts[:, DETAIL] + parts[:, FORM] + parts[:, TONE]


def calmed(parts: Tensor) -> Tensor:
    """Parts (B, 12, H, W) with CALM of the tone's color; how light it is stays."""
    tone = parts[:, TONE]
    gray = tone.mean(1, keepdim=True)
    calm = gray + CALM * (tone - gray)
    return torch.cat([parts[:, PARTS.at("detail", "form")], calm, parts[:, HAIR]], 1)


class Released(nn.Module):
    """What is exported: INPUT (B, 8, H, W) → RELEASED (B, 13, H, W), the covered and calmed parts
    and the hair's matte."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        parts, logits = self.net(x)
        hair_matte = torch.sigmoid(logits[:, HAIR_COVERAGE])
        return torch.cat([calmed(covered(parts, logits)), hair_matte], 1)


def reach() -> int:
    """Furthest input pixel, one side, that can change an output pixel, by analysis.

    Walks ReAgeNet's graph backwards, output to input, along its longest path.
    """
    r = Reach.of_outputs(STRIDE).shuffle(2).conv(3)
    for side in (3, 3, 1):
        r = r.conv(side).conv(3).bilinear(2)
    r = r.conv(1).conv(3)  # the middle
    for side in (1, 3, 3):
        r = r.conv(side).conv(3).strided(4, 2, 1)
    return r.conv(3).conv(3).unshuffle(2).furthest()


def multiple_above(n: int, step: int) -> int:
    """The least multiple of `step` that is not below `n`."""
    return -(-n // step) * step


HALO = multiple_above(reach(), STRIDE)
"""Pixels around a tile's core that the network needs, a multiple of the stride."""
