"""What networks cost and what they reach: a line for each run, on the same held-out people."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from reage.tools.machine import peak_memory
from reage_training.checkpoint import BEST, averaged_network
from reage_training.coarse_to_fine import REFINER_HALO
from reage_training.designs import build, parameters
from reage_training.device import wait_for
from reage_training.network import HALO, INPUT
from reage_training.pairs.batches import Batch
from reage_training.schedule import FitSettings
from reage_training.validation import Score, validate

SIDE, TILE = 512, 1024
"""Of the picture that is timed, and of the tiles whose overhead is told; px."""


@dataclass(frozen=True)
class ComparedRun:
    """name: of the network, and how it was asked for strength; score: on held-out skin; seconds
    and megabytes are those of one pass over a picture of SIDE px; overhead: pixels computed to
    pixels wanted, with tiles of TILE px."""

    name: str
    steps: int
    parameters: int
    score: Score
    seconds_per_megapixel: float
    megabytes: float
    overhead: float

    def text(self) -> str:
        up, down = self.score.ageing, self.score.deageing
        return (
            f"| {self.name} | {self.parameters / 1e6:.1f} M | {self.steps} "
            f"| {1 - up.error:.1%} | {up.strengths()} "
            f"| {1 - down.error:.1%} | {down.strengths()} | {self.score.value:.3f} "
            f"| {self.seconds_per_megapixel:.2f} s | {self.megabytes:.0f} MB "
            f"| {self.overhead:.2f} |"
        )


HEAD = (
    "| network | parameters | steps | 30→65 | strength | 65→30 | strength | score "
    "| per megapixel | memory | pixels by tiles |\n"
    f"{'|---' * 11}|"
)
"""error taken away, and strength of detail, form and tone, of the truth's, both ways."""


def compared(
    checkpoint: Path, validation_set: tuple[Batch, ...], device: torch.device
) -> ComparedRun:
    """Measure the averaged weights of a checkpoint, or of a run's best one where it is a folder.
    Raises ModelError where it is neither."""
    checkpoint = checkpoint / BEST if checkpoint.is_dir() else checkpoint
    net, settings, step = averaged_network(checkpoint)
    net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    halo = REFINER_HALO if settings.net == "coarse-to-fine" else HALO
    return ComparedRun(
        name=_name(settings),
        steps=step,
        parameters=parameters(net),
        score=validate(net, validation_set),
        seconds_per_megapixel=_seconds(net, device) / (SIDE / 1000) ** 2,
        megabytes=_megabytes(settings.net, device),
        overhead=(TILE / (TILE - 2 * halo)) ** 2,
    )


def _name(settings: FitSettings) -> str:
    return f"{settings.net}, {settings.strength}"


@torch.no_grad()
def _seconds(net: nn.Module, device: torch.device, repeats: int = 5) -> float:
    """The quickest of some passes."""
    picture = torch.rand(1, INPUT.count, SIDE, SIDE, device=device)
    picture = picture.to(memory_format=torch.channels_last)
    taken = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        net(picture)
        wait_for(device)
        taken.append(time.perf_counter() - start)
    return min(taken[1:])


def _megabytes(name: str, device: torch.device) -> float:
    """Most memory that a pass adds: on a GPU as torch counts it, on a CPU in a process of its
    own."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        run_once(name, device)
        return (torch.cuda.max_memory_allocated() - before) / 2**20
    code = f"from reage_training.compare import added; print(added({name!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def added(name: str) -> float:
    """MB that a pass of an untrained network adds to this process's peak."""
    before = peak_memory()
    run_once(name, torch.device("cpu"))
    return (peak_memory() - before) / 2**20


@torch.no_grad()
def run_once(name: str, device: torch.device) -> None:
    build(name).to(device)(torch.zeros(1, INPUT.count, SIDE, SIDE, device=device))
