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

COARSE = ChannelLayout(("form", "tone", "hair"))
"""What is broad, and made at half the side."""

LAST = 4 * ChannelLayout(("detail",)).count + ChannelLayout((*COARSE.names, *COVERAGE)).count
"""Channels of the last layer, at half the side: four pixels' detail, what is broad, of hair only
how much brighter it gets, and logits of the coverage."""

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


class SaidByAges(nn.Module):
    """What the ages say to each of some channels: a shift, and with `gain` a factor as well."""

    def __init__(self, channels: int, gain: bool = False) -> None:
        super().__init__()
        self.hidden = nn.Conv2d(2, 16, 1)
        self.shift = nn.Conv2d(16, channels, 1)
        self.gain = nn.Conv2d(16, channels, 1) if gain else None

    def forward(self, x: Tensor, ages: Tensor) -> Tensor:
        """x (B, channels, h, w), ages (B, 2, h, w) from −1 to 1; returns what x is."""
        told = F.leaky_relu(self.hidden(ages), SLOPE)
        if self.gain is not None:
            x = x * self.gain(told)  # about 1: its bias begins there
        shifted: Tensor = x + self.shift(told)
        return shifted


class Block(nn.Module):
    """A convolution, bent by the ages where they are given a say, and a second one beside it.

    `side` is the second convolution's kernel side: 3 looks one pixel further around, 1 does not.
    """

    def __init__(self, first: nn.Conv2d, side: int = 3, ages: SaidByAges | None = None) -> None:
        super().__init__()
        width = first.out_channels
        self.first, self.ages = first, ages
        self.second = nn.Conv2d(width, width, side, padding=side // 2)

    def forward(self, x: Tensor, ages: Tensor) -> Tensor:
        """x (B, cin, h, w), ages (B, 2, h, w) from −1 to 1; returns (B, cout, h, w)."""
        x = self.first(x)
        x = F.leaky_relu(x if self.ages is None else self.ages(x, ages), SLOPE)
        return x + F.leaky_relu(self.second(x), SLOPE)


class Wider(nn.Module):
    """From a level to the finer one: few channels, that the ages shift, at twice the side. The
    ages have their say here, in a quarter of the pixels, so that the block that follows is two
    plain convolutions."""

    def __init__(self, cin: int, cout: int, ages: bool = True) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(cin, cout, 1)
        self.ages = SaidByAges(cout) if ages else None

    def forward(self, x: Tensor, ages: Tensor) -> Tensor:
        """x (B, cin, h, w), ages (B, 2, h, w) from −1 to 1; returns (B, cout, 2 h, 2 w)."""
        x = self.narrow(x)
        x = x if self.ages is None else self.ages(x, ages)
        return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


class ReAgeNet(nn.Module):
    """INPUT (B, 8, H, W) → PARTS (B, 12, H, W) and logits (B, 2, H, W); H, W multiples of 16.

    In:     ACEScct RGB (0 … ~1.5, any finite value), source age / 100, target age / 100,
            the conditioning map (about −1 … 1).
    Parts:  what to add in ACEScct; detail, form and tone as the coverage lets them show on skin,
            hair as it is, since its coverage is the matte that it goes out with.
    Logits: their sigmoids are the coverage by the face's skin and by its hair; trained against
            the renders'.

    Nothing is calculated at the picture's own side: the first convolution takes two of its pixels
    a step, and only detail is unfolded to it. Channel counts are multiples of 16, the width that
    ONNX Runtime's kernels take at a time (ADR 21).
    """

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS) -> None:
        super().__init__()
        a, b, c, d = widths
        into = nn.Conv2d(INPUT.count, a, 6, stride=2, padding=2)
        self.down = nn.ModuleList(
            [
                Block(into),
                Block(_conv3(a, b), ages=SaidByAges(b)),
                Block(_conv3(b, c), ages=SaidByAges(c, gain=True)),
                Block(_conv3(c, d), side=1, ages=SaidByAges(d, gain=True)),
            ]
        )
        self.blur = nn.ModuleList([Blur(a), Blur(b), Blur(c)])
        self.middle = Block(_conv3(d, d), side=1, ages=SaidByAges(d, gain=True))
        self.wider = nn.ModuleList(
            [Wider(d, c // 2, ages=False), Wider(c, b // 2), Wider(b, a // 2)]
        )
        self.up = nn.ModuleList(
            [
                Block(_conv3(c + c // 2, c), side=1, ages=SaidByAges(c, gain=True)),
                Block(_conv3(b + b // 2, b)),
                Block(_conv3(a + a // 2, a)),
            ]
        )
        self.out = _conv3(a, LAST)
        self._initialise()

    def _initialise(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, SLOPE)
                m.weight.data.mul_(0.7)  # keeps the residual sums near unit variance
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
        for m in self.modules():
            if isinstance(m, SaidByAges) and m.gain is not None and m.gain.bias is not None:
                m.gain.weight.data.mul_(0.3)
                nn.init.ones_(m.gain.bias)
        into: nn.Conv2d = self.down[0].first  # type: ignore[assignment]
        into.weight.data[:, PICTURE] /= PER_UNIT  # it sees stops about mid-gray
        assert into.bias is not None
        into.bias.data -= MID_GRAY * into.weight.data[:, PICTURE].sum((1, 2, 3))
        self.out.weight.data.mul_(0.05)  # starts from "change almost nothing"

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return whole(*apart(*self.head(x)))

    def head(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The last layer (B, LAST, H/2, W/2), and RGB at that side."""
        small = F.avg_pool2d(x, 2)
        ages = [small[:, AGES] * 2 - 1]  # at 1/2, 1/4 … 1/16
        for _ in range(3):
            ages.append(F.avg_pool2d(ages[-1], 2))
        h = self.down[0](x, ages[0])
        skips = []
        for k, (blur, block) in enumerate(zip(self.blur, self.down[1:], strict=True)):
            skips.append(h)
            h = block(blur(h), ages[k + 1])
        h = self.middle(h, ages[3])
        for k, (wider, block) in enumerate(zip(self.wider, self.up, strict=True)):
            h = block(torch.cat([wider(h, ages[3 - k]), skips[2 - k]], 1), ages[2 - k])
        last: Tensor = self.out(h)
        return last, small[:, PICTURE]


def _conv3(cin: int, cout: int) -> nn.Conv2d:
    return nn.Conv2d(cin, cout, 3, padding=1)


def apart(y: Tensor, rgb: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Detail (B, 3, H, W), and at half the side COARSE (B, 9, ·, ·) and logits (B, 2, ·, ·), out of
    a last layer (B, LAST, H/2, W/2) in PER_UNIT and the picture at that side (B, 3, ·, ·)."""
    fine, broad, hair, logits = torch.split(y, [4 * 3, 2 * 3, 3, 2], 1)
    shown = torch.sigmoid(logits[:, SKIN_COVERAGE]) * PER_UNIT
    coarse = torch.cat([broad * shown, grayed(hair, rgb)], 1)
    return F.pixel_shuffle(fine * shown, 2), coarse, logits


def whole(detail: Tensor, coarse: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
    """PARTS (B, 12, H, W) and logits (B, 2, H, W), all at the picture's side."""
    rest = torch.cat([coarse, logits], 1)
    rest = F.interpolate(rest, scale_factor=2.0, mode="bilinear", align_corners=False)
    return torch.cat([detail, rest[:, : COARSE.count]], 1), rest[:, COARSE.count :]


def grayed(y: Tensor, rgb: Tensor) -> Tensor:
    """(B, 3, h, w): hair's graying in ACEScct out of what a layer says of it (B, 3, h, w), which
    is only how much brighter it gets, in PER_UNIT, and the picture (B, 3, h, w)."""
    brighter = y.mean(1, keepdim=True) * PER_UNIT
    return brighter + GRAYED * (rgb.mean(1, keepdim=True) - rgb)


def residual_of(parts: Tensor) -> Tensor:
    """(B, 3, H, W): what detail, form and tone of (B, 12, H, W) make together."""
    return parts[:, DETAIL] + parts[:, FORM] + parts[:, TONE]


def calmed(coarse: Tensor) -> Tensor:
    """COARSE (B, 9, h, w) with CALM of the tone's color; how light it is stays."""
    form, tone, hair = torch.split(coarse, [3, 3, 3], 1)
    gray = tone.mean(1, keepdim=True)
    return torch.cat([form, gray + CALM * (tone - gray), hair], 1)


class Released(nn.Module):
    """What is exported: INPUT (B, 8, H, W) → RELEASED, its channels in order in two outputs:
    detail (B, 3, H, W), and calmed form and tone, hair and its matte (B, 10, H/2, W/2)."""

    def __init__(self, net: ReAgeNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        detail, coarse, logits = apart(*self.net.head(x))
        hair_matte = torch.sigmoid(logits[:, HAIR_COVERAGE])
        return detail, torch.cat([calmed(coarse), hair_matte], 1)


def reach() -> int:
    """Furthest input pixel, one side, that can change an output pixel, by analysis.

    Walks ReAgeNet's graph backwards, output to input, along its longest path.
    """
    r = Reach.of_outputs(STRIDE).bilinear(2).conv(3)  # of the broad parts, seen at full side
    for side in (3, 3, 1):
        r = r.conv(side).conv(3).bilinear(2)
    r = r.conv(1).conv(3)  # the middle
    for side in (1, 3, 3):
        r = r.conv(side).conv(3).strided(4, 2, 1)
    return r.conv(3).strided(6, 2, 2).furthest()


def multiple_above(n: int, step: int) -> int:
    """The least multiple of `step` that is not below `n`."""
    return -(-n // step) * step


HALO = multiple_above(reach(), STRIDE)
"""Pixels around a tile's core that the network needs, a multiple of the stride."""
