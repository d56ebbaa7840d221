"""An adapter: what one actor's model adds to the default model's weights.

Each convolution's weights W (cout, cin, h, w) become W + s · B A, with A (rank, cin h w) and
B (cout, rank), and its bias b becomes b + s · β (Hu et al. 2021, LoRA, arXiv 2106.09685, laid on
convolutions as matrices). s is the person strength. W and b stay as they are, and B and β begin at
zero: an adapter that has learned nothing is the default model.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn
from torch.func import functional_call

from reage.errors import SettingsError

RANK = 8
"""A few hundred kB for the default model's 1.7 million weights."""


class Adapted(nn.Module):
    """A network of convolutions with an adapter. It takes and gives what the network does.

    base        the network, frozen
    narrow, wide, shift   A, B and β of each convolution, under its name with : for the dots
    """

    def __init__(self, base: nn.Module, rank: int = RANK) -> None:
        super().__init__()
        if rank < 1:
            raise SettingsError(f"An adapter's rank must be one or more, not {rank}.")
        self.base = copy.deepcopy(base).requires_grad_(False)
        self.narrow, self.wide, self.shift = (nn.ParameterDict() for _ in range(3))
        for name, conv in self.base.named_modules():
            if not isinstance(conv, nn.Conv2d):
                continue
            out, width = conv.out_channels, conv.weight[0].numel()
            inner, key = min(rank, out, width), name.replace(".", ":")
            self.narrow[key] = nn.Parameter(torch.randn(inner, width) / math.sqrt(width))
            self.wide[key] = nn.Parameter(torch.zeros(out, inner))
            if conv.bias is not None:
                self.shift[key] = nn.Parameter(torch.zeros(out))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        out: tuple[Tensor, Tensor] = functional_call(self.base, self.weights(), (x,))
        return out

    def weights(self, strength: float = 1.0) -> dict[str, Tensor]:
        """Name in the network → weights at a person strength: 0 is the default, to the bit."""
        own = dict(self.base.named_parameters())
        out = {}
        for key in self.narrow:
            name = key.replace(":", ".")
            weight = own[f"{name}.weight"]
            added = (self.wide[key] @ self.narrow[key]).reshape(weight.shape)
            out[f"{name}.weight"] = weight + strength * added
            if key in self.shift:
                out[f"{name}.bias"] = own[f"{name}.bias"] + strength * self.shift[key]
        return out

    @torch.no_grad()
    def merged(self, strength: float = 1.0) -> nn.Module:
        """A network of the base's own kind, with the adapter in its weights."""
        net = copy.deepcopy(self.base)
        net.load_state_dict({**net.state_dict(), **self.weights(strength)})
        return net.eval()

    @property
    def learned(self) -> bool:
        """Whether it makes any network but the base."""
        return any(bool(v.any()) for v in (*self.wide.values(), *self.shift.values()))
