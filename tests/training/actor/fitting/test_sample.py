"""Sample pictures are small, however large the views are."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from reage_training.actor.fitting.sample import show
from reage_training.events import Events
from reage_training.network import INPUT, ReAgeNet
from reage_training.output import Shown
from reage_training.pairs.batches import Batch


class Kept(Events):
    """Events that remember the sides of their pictures."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sides: list[tuple[int, ...]] = []

    def picture(self, step: int, name: str, shown: Shown) -> None:
        super().picture(step, name, shown)
        self.sides.append(shown.shape)


@pytest.mark.parametrize(("side", "made"), [(64, 64), (512, 256)])
def test_a_picture_has_two_rows_of_three_of_256_px_at_most(
    side: int, made: int, tmp_path: Path
) -> None:
    batch = Batch(torch.zeros(2, INPUT.count, side, side), torch.zeros(2, 12, side, side),
                  torch.ones(2, 2, side, side))  # fmt: skip
    events = Kept(tmp_path)
    show((batch,), ReAgeNet().eval(), events, 1)
    assert events.sides == [(2 * made, 3 * made, 3)]
