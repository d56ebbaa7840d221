"""A run's judgements: when they end it, and what stands on the disk after each."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

from reage.errors import OutputError
from reage_training.checkpoint import Training, read
from reage_training.loop import Curriculum, Run, Session
from reage_training.network import INPUT, ReAgeNet
from reage_training.pairs.batches import Batch
from reage_training.schedule import FitSettings

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Said:
    value: float

    def text(self) -> str:
        return f"{self.value}"

    def entry(self) -> dict[str, object]:
        return {"score": self.value}


def row(first: int) -> Generator[Batch, None, None]:
    while True:
        yield Batch(torch.rand(1, INPUT.count, 16, 16), torch.zeros(1, 12, 16, 16),
                    torch.ones(1, 2, 16, 16))  # fmt: skip


def run_of(
    out: Path, steps: int, judge: Callable[[nn.Module], Said], patience: int | None = None
) -> Run:
    settings = FitSettings(steps=steps, batch=1, window=16, warmup=1)
    course = Curriculum(row, lambda: 1, judge, 1, patience)
    return Run(Training.of(ReAgeNet(), settings, CPU), course, out, Session(), CPU)


def test_patience_counts_from_half_of_the_schedule_on(tmp_path: Path) -> None:
    """The first judgement is the best: the run ends two after half, not two after that."""
    scores = iter([0.5] + [0.9] * 20)
    result = run_of(tmp_path, 12, lambda net: Said(next(scores)), 2).go(lambda: False)
    assert result.step == 8 and result.best == 0.5


def test_the_best_weights_stand_before_it_is_said_that_there_are_such(tmp_path: Path) -> None:
    """A run whose last.pt cannot be written, as one that is killed there, has them."""
    (tmp_path / "last.pt").mkdir()
    with pytest.raises(OutputError, match="last.pt"):
        run_of(tmp_path, 3, lambda net: Said(0.5)).go(lambda: False)
    assert read(tmp_path / "best.pt")["score"] == 0.5
