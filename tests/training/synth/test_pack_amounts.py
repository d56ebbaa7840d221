"""Amounts fitted to displacements of landmarks; no target is needed for that."""

from __future__ import annotations

import numpy as np
import pytest

from reage.pixels.geometry import Similarity
from reage.shape.fields import FIELDS, displaced
from reage.shape.head import head
from reage_training.synth.pack_amounts import displacement, explained, fitted


@pytest.mark.parametrize("strength", [0.8, 1.3])
def test_what_the_fields_themselves_move_is_found_again(strength: float) -> None:
    amounts = np.full(len(FIELDS), strength)
    found = fitted(displaced(head().landmarks, amounts))
    moving = found[found != 1.0]
    assert len(moving) > 15
    assert moving.mean() == pytest.approx((1 + strength) / 2, abs=0.06)  # half drawn towards 1
    assert (np.sign(moving - 1) == np.sign(strength - 1)).mean() > 0.9


def test_the_fields_explain_what_they_moved_and_nothing_of_what_moved_against_them() -> None:
    one = np.ones(len(FIELDS))
    moved = displaced(head().landmarks, one)
    assert explained(moved, one) == pytest.approx(1)
    assert explained(moved, 0 * one) == 0
    assert explained(-moved, one) == pytest.approx(-3)


def test_no_displacement_draws_amounts_down_and_each_stays_within_bounds() -> None:
    none, much = (fitted(k * displaced(head().landmarks, np.ones(len(FIELDS)))) for k in (0, 9))
    free = none != 1.0
    assert (none[free] < 0.75).all() and none.min() >= 0.4
    assert (much[free] > 1.5).all() and much.max() <= 1.8


def test_one_sided_displacements_count_half_on_either_side() -> None:
    points = head().landmarks
    whole = displaced(points, np.ones(len(FIELDS)))
    left = whole * (np.sign(np.round(points[:, :1], 2)) + 1)
    np.testing.assert_allclose(fitted(left), fitted(whole), atol=0.05)


def test_where_the_head_stands_and_how_large_it_is_is_no_ageing() -> None:
    young = head().landmarks
    assert np.abs(displacement(young, young)).max() < 1e-9
    turn = Similarity.of(2.5, 20)
    moved = np.column_stack([turn.apply(young[:, :2]), young[:, 2] * 2.5]) + 40
    assert np.abs(displacement(young, moved)).max() < 1e-9
    old = young + displaced(young, np.ones(len(FIELDS)))
    found = displacement(young, old)
    jaw = young[:, 1] < -2
    want = displaced(young, np.ones(len(FIELDS)))
    off, most = np.linalg.norm(found - want, axis=1)[jaw], np.linalg.norm(want, axis=1).max()
    assert off.mean() < 0.25 * most
