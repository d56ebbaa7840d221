"""The networks that were compared, by name."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from reage.errors import SettingsError
from reage_training.coarse_to_fine import CoarseToFine
from reage_training.network import ReAgeNet

DESIGNS: dict[str, Callable[[], nn.Module]] = {
    "small": ReAgeNet,
    "large": lambda: ReAgeNet((128, 256, 512, 1024)),
    "coarse-to-fine": CoarseToFine,
}
"""Each takes and gives what ReAgeNet does. large: of FRAN's size."""


def build(name: str) -> nn.Module:
    """A new network. Raises SettingsError for an unknown name."""
    if name not in DESIGNS:
        raise SettingsError(f"There is no network {name!r}; there are {', '.join(DESIGNS)}.")
    return DESIGNS[name]()


def parameters(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())
