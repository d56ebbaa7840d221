"""What chooses the person strength: read off photographs, one of them in the public domain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import skimage.data
import torch
from torch import nn

from reage.faces.skin import places
from reage.pattern.maps import SIZE
from reage.pattern.photo.photograph import photograph
from reage_training.actor.fitting.photographs_held import (
    Aged,
    apart,
    chosen,
    from_held,
    laid,
    reaged,
)
from reage_training.actor.statistics import skin_statistics
from reage_training.output import write_picture


class Nothing(nn.Module):
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return x.new_zeros(1, 12, *x.shape[2:]), x.new_zeros(1, 2, *x.shape[2:])


class Rougher(Nothing):
    """Makes all that is fine twice as strong."""

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        parts, logits = super().forward(x)
        parts[:, :3] = x[:, :3] - nn.functional.avg_pool2d(x[:, :3], 9, 1, 4)
        return parts, logits


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Aged:
    path = tmp_path_factory.mktemp("photo") / "38.png"
    write_picture(path, skimage.data.astronaut().repeat(2, 0).repeat(2, 1))
    return Aged(photograph(path), 38.0)


FLAT = np.zeros((SIZE, SIZE, 3), np.float32)


def test_a_network_that_changes_nothing_changes_no_photograph(taken: Aged) -> None:
    again = reaged(Nothing(), taken, 60.0, FLAT)
    np.testing.assert_allclose(again.rgb, taken.photograph.rgb, atol=1e-4)
    same, rougher = from_held([Nothing(), Rougher()], [taken], [taken], [FLAT])
    assert same < 0.01 and rougher > 0.1


def test_a_plate_that_cannot_be_read_after_one_network_counts_for_none(taken: Aged) -> None:
    class Black(Nothing):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            parts, logits = super().forward(x)
            parts[:, :3] = torch.nan
            return parts, logits

    assert np.isnan(from_held([Nothing(), Black()], [taken], [taken], [FLAT])).all()


def test_the_pattern_lies_where_the_landmarks_say(taken: Aged) -> None:
    at = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE
    u, v = np.meshgrid(at, at[::-1])
    found = laid(taken.photograph, np.stack([u, v, np.ones_like(u)], -1))
    x, y = np.floor(taken.photograph.mesh[:, :2]).astype(int).T
    sure = (taken.photograph.facing > 0.9) & (found[y, x, 2] > 0.98)
    assert sure.sum() > 100
    np.testing.assert_allclose(found[y, x, :2][sure], places()[sure], atol=0.03)
    assert not found[0, 0].any()


def test_the_strength_of_the_least_distance_is_chosen() -> None:
    assert chosen({0.0: 0.5, 0.5: 0.3, 1.0: 0.4}) == 0.5
    assert chosen({0.0: 0.3, 1.0: 0.3}) == 1.0 and chosen({0.0: float("nan")}) == 1.0


def test_a_skin_is_like_itself(taken: Aged) -> None:
    own = skin_statistics(taken.photograph)
    assert apart(own, own) == 0
    rougher = replace(own, relief=own.relief * 2)
    assert 0.3 < apart(own, rougher) < 0.7
    unknown = replace(own, relief=own.relief * np.nan, tone=own.tone * np.nan)
    assert np.isnan(apart(own, unknown))
