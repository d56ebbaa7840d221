"""An adapter in a file of its own: numpy's `.npz`, arrays by name and a JSON sentence on them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from reage import strict_json
from reage.errors import ModelError, OutputError
from reage.media.replacing import replacing
from reage_training.actor.fitting.adapter import Adapted

_SAID = "said"


@dataclass(frozen=True)
class AdapterFile:
    """arrays  see `Adapted.adapter`
    said    rank, person_strength, and how it was made
    """

    arrays: Mapping[str, torch.Tensor]
    said: Mapping[str, Any]

    @property
    def strength(self) -> float:
        """The person strength that the held-out photographs chose, 0 … 1."""
        return float(self.said.get("person_strength", 1.0))

    def on(self, base: nn.Module) -> Adapted:
        """The network that it was made for, with it. Raises SettingsError."""
        net = Adapted(base, int(self.said["rank"]))
        net.take(self.arrays)
        return net.eval()


def write_adapter(path: Path, net: Adapted, said: Mapping[str, Any]) -> None:
    """The file is whole or not there. Raises OutputError."""
    arrays: dict[str, Any] = {name: value.numpy() for name, value in net.adapter().items()}
    rank = max(value.shape[0] for name, value in arrays.items() if name.startswith("narrow."))
    arrays[_SAID] = np.array(json.dumps({**said, "rank": rank}))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez(file, **arrays)
    except OSError as e:
        raise OutputError(f"The adapter {path} cannot be written: {e.strerror}.") from e


def read_adapter(path: Path) -> AdapterFile:
    """Raises ModelError where the file holds none."""
    try:
        with np.load(path) as file:
            said = strict_json.loads(str(file[_SAID]), f"the adapter {path}", ModelError)
            arrays = {n: torch.from_numpy(file[n]) for n in file.files if n != _SAID}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as e:
        raise ModelError(f"{path} is no adapter of `reage-train actor fit` ({e!r}).") from e
    if not isinstance(said, dict) or not isinstance(said.get("rank"), int):
        raise ModelError(f"{path} is no adapter of `reage-train actor fit`: it says no rank.")
    return AdapterFile(arrays, said)
