"""A training run's state, in memory and on disk."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from torch import nn

from reage.errors import ModelError, OutputError, SettingsError
from reage_training.designs import build
from reage_training.schedule import FitSettings

LAST, BEST = "last.pt", "best.pt"
"""In a run's folder: the newest state, and that of the best score."""

EXPORTED_AS = "net."
"""What an exported model's file puts before the names of the network's weights."""


@dataclass
class Training:
    """A run at a step. `averaged` holds the EMA of the weights: what is judged and exported.
    `best` is the lowest score of a validation so far, see `validation.Score`; `stale` counts the
    validations since then, those of the schedule's first half left out.

    Nothing random is kept: sample k follows from (seed, k), the first weights from the seed.
    """

    settings: FitSettings
    net: nn.Module
    averaged: nn.Module
    optimizer: torch.optim.Optimizer
    step: int = 0
    best: float = float("inf")
    stale: int = 0

    @classmethod
    def begin(cls, settings: FitSettings, device: torch.device) -> Training:
        """At step 0, with weights that follow from the seed."""
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            net = build(settings.net)
        return cls.of(net, settings, device)

    @classmethod
    def of(cls, net: nn.Module, settings: FitSettings, device: torch.device) -> Training:
        """At step 0, with a network's weights; those that ask for no gradient stay."""
        net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        averaged = copy.deepcopy(net).requires_grad_(False).eval()
        learned = [p for p in net.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(learned, settings.rate, betas=(0.9, 0.99), weight_decay=1e-4)
        return cls(settings, net, averaged, optimizer)

    def start_from(self, path: Path) -> None:
        """Take the averaged weights of another run, or those of an exported model; step and
        schedule stay."""
        weights = weights_of(path, self.net.state_dict())
        self.net.load_state_dict(weights)
        self.averaged.load_state_dict(weights)

    def restore(self, path: Path) -> None:
        """Go on where the file's run stopped. Raises SettingsError where it is another run."""
        data = read(path)
        saved, asked = asdict(FitSettings.stored(data["settings"])), asdict(self.settings)
        if differ := [k for k in asked if saved[k] != asked[k]]:
            raise SettingsError(
                f"{path} belongs to a run with {', '.join(f'{k} {saved[k]}' for k in differ)}; "
                "ask for the same, or write to another folder."
            )
        self.net.load_state_dict(data["net"])
        self.averaged.load_state_dict(data["averaged"])
        self.optimizer.load_state_dict(data["optimizer"])
        self.step = data["step"]
        self.best = data.get("score", self.best)  # files from before there was one held an error
        self.stale = data.get("stale", 0)

    def save(self, path: Path) -> None:
        """Write all of it. The file is whole or not there. Raises OutputError."""
        data = {
            "settings": asdict(self.settings),
            "net": self.net.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "score": self.best,
            "stale": self.stale,
        }
        part = path.with_name(path.name + ".part")
        try:
            torch.save(data, part)
            part.replace(path)
        except (OSError, RuntimeError) as e:
            part.unlink(missing_ok=True)
            raise OutputError(f"Cannot write the checkpoint {path}: {e}") from e


def read(path: Path) -> dict[str, Any]:
    """A checkpoint's content, on the CPU. Raises ModelError where the file holds none."""
    try:
        data = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as e:
        raise ModelError(f"{path} cannot be read as a checkpoint of reage-train fit: {e}") from e
    if not isinstance(data, dict) or "averaged" not in data:
        raise ModelError(f"{path} is no checkpoint of reage-train fit.")
    return data


def weights_of(path: Path, like: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The averaged weights of a run's checkpoint, or those of an exported model, for a network
    whose weights are `like` these. Raises ModelError."""
    if path.suffix == ".onnx":
        return _exported(path, like)
    averaged: dict[str, torch.Tensor] = read(path)["averaged"]
    return averaged


def _exported(path: Path, like: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights of a model that `reage-train export` wrote. Raises ModelError."""
    try:
        graph = onnx.load(path).graph
        stored = {i.name: onnx.numpy_helper.to_array(i) for i in graph.initializer}
        arrays = {}
        # Tensors that are equal are stored once, so each is found by the node that uses it.
        for node in (n for n in graph.node if n.op_type == "Conv"):
            name = node.input[1].removeprefix(EXPORTED_AS)
            for what, given in zip(("weight", "bias"), node.input[1:], strict=False):
                arrays[name.replace("weight", what)] = stored[given].astype("float32")
        return {n: torch.from_numpy(arrays[n].copy()) for n in like}
    except (OSError, DecodeError, KeyError) as e:
        raise ModelError(f"{path} is no model that `reage-train export` wrote ({e!r}).") from e


def averaged_network(path: Path) -> tuple[nn.Module, FitSettings, int]:
    """The network that a checkpoint's averaged weights make, its run's settings, its step."""
    data = read(path)
    settings = FitSettings.stored(data["settings"])
    net = build(settings.net)
    net.load_state_dict(data["averaged"])
    return net.eval(), settings, int(data["step"])
