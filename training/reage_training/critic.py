"""A critic: a second network, which learns to tell the changes that are made from true ones.

What it is shown is small patches of the change together with what the change was made from:
picture, ages and pattern. So it can say not only that no skin changes like this, but also that
no line of this pattern does. It only ever trains; nothing of it is released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reage_training.network import INPUTS, MID_GRAY, PER_UNIT, SLOPE

WEIGHT = 0.002
"""Of its word in the loss. After a hundred steps, at the weights of model version 4, its gradient
is about 100 long and that of error and strength 0.8; so it pulls a quarter as hard as they do: it
may sharpen what they ask for, and moves nothing against them."""

RATE = 4e-4
"""Its own learning rate, the same all along: it follows a network that keeps changing."""

SIZES = (1, 2, 4)
"""How many times smaller each of its parts sees the picture: one for pores, one for wrinkles, one
for folds. A patch is 38 px of that."""

WIDTHS = (32, 64, 128)

SEEN = 30.0
"""What changes, which are a few hundredths of two stops, are multiplied by, to be as large as the
picture: it is the change that the critic is to look at."""


class Patches(nn.Module):
    """Seen (B, INPUTS + 3, H, W) → how true each patch is, one (B, 1, h, w) for each of SIZES.

    No normalisation of any kind: how strong a change is must stay visible.
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleList([_patches(INPUTS + 3) for _ in SIZES])

    def forward(self, seen: Tensor) -> list[Tensor]:
        sizes = zip(self.parts, SIZES, strict=True)
        return [part(F.avg_pool2d(seen, size)) for part, size in sizes]


def _patches(seen: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for width in WIDTHS:
        layers += [nn.Conv2d(seen, width, 4, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
        seen = width
        nn.init.kaiming_normal_(layers[-2].weight, SLOPE)  # type: ignore[arg-type]
    last = nn.Conv2d(seen, 1, 3, padding=1)
    last.weight.data.mul_(0.1)  # begins with no opinion
    return nn.Sequential(*layers, last)


@dataclass
class Critic:
    """The network and its optimizer. Made, truth (B, 3, H, W) are changes in two stops, picture
    (B, INPUTS, H, W) is as `Pair` has it, skin (B, 1, H, W). All in float32: in half of its bits
    the difference between a change and a fainter one is lost."""

    net: Patches
    optimizer: torch.optim.Optimizer

    @classmethod
    def begin(cls, seed: int, device: torch.device) -> Critic:
        """With weights that follow from the seed."""
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            net = Patches()
        net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return cls(net, torch.optim.Adam(net.parameters(), RATE, betas=(0.5, 0.99)))

    def learn(self, picture: Tensor, made: Tensor, truth: Tensor, skin: Tensor) -> float:
        """One step. Returns its loss before: 2 where it cannot tell, 0 where it is sure and right.

        A step without a finite gradient is passed over."""
        true, false = self._says(picture, truth), self._says(picture, made.detach())
        value = _over(skin, [F.relu(1 - patch) for patch in true])
        value = value + _over(skin, [F.relu(1 + patch) for patch in false])
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        if torch.isfinite(nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)):
            self.optimizer.step()
        return float(value.detach())

    def doubt(self, picture: Tensor, made: Tensor, skin: Tensor) -> Tensor:
        """Scalar: how false it finds what was made; its own weights get no gradient."""
        self.net.requires_grad_(False)
        doubt = -_over(skin, self._says(picture, made))
        self.net.requires_grad_(True)
        return doubt

    def _says(self, picture: Tensor, change: Tensor) -> list[Tensor]:
        rgb, ages, pattern = picture[:, :3], picture[:, 3:5], picture[:, 5:]
        seen = [(rgb - MID_GRAY) / PER_UNIT, ages * 2 - 1, pattern, change * SEEN]
        with torch.autocast(change.device.type, enabled=False):
            said: list[Tensor] = self.net(torch.cat(seen, 1))
        return said

    def state_dict(self) -> dict[str, Any]:
        return {"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])


def _over(skin: Tensor, patches: list[Tensor]) -> Tensor:
    """Mean over sizes of the mean on skin: beside it made and true are both nothing."""
    means = []
    for patch in patches:
        cover = F.adaptive_avg_pool2d(skin, (patch.shape[-2], patch.shape[-1]))
        means.append((patch * cover).sum() / cover.sum().clamp(min=1e-6))
    return torch.stack(means).mean()
