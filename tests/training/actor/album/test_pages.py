"""Pages: from shading of a relief that grows with the years, that relief at its full age."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.album import page_path
from reage.pattern.photo.light import Slopes
from reage.pattern.photo.solve import Evidence
from reage_training.actor.album.growth import READ_AT, Growth
from reage_training.actor.album.pages import Full, draft, relief_of
from reage_training.actor.album.still import without_still
from reage_training.actor.album.sums import HERE, AgeSums, grouped, packed

SHAPE = (HERE.height, HERE.width)


def _relief(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, SHAPE).astype(np.float32)
    narrow, wide = (cv2.GaussianBlur(noise, (0, 0), s) for s in (2, 6))
    return np.asarray(20 * (narrow - wide))


def _sums(age: float, relief: np.ndarray) -> AgeSums:
    """Of a photograph at an age whose skin has this relief, lit from two sides."""
    weight = np.ones(SHAPE, np.float32)
    total = None
    for turn in (0.3, 1.7):
        way = [np.full(SHAPE, 0.2 * f(turn), np.float32) for f in (np.cos, np.sin)]
        one = Evidence.of(np.zeros(SHAPE, np.float32), Slopes(*way), weight)
        one = Evidence(one.gains, one.of_relief(relief))
        total = one if total is None else total + one
    assert total is not None
    plain = np.zeros(SHAPE, np.float32)
    return AgeSums(
        age, 2, weight, weight, weight, weight, plain, plain, np.ones((128, 128, 4), np.float32),
        packed(total.gains), packed(total.light),
    )  # fmt: skip


def _lines(age: float, sums: list[AgeSums]) -> np.ndarray:
    none = np.zeros((1024, 1024), np.float32)
    made = draft(age, sums, Full.of(sums), none, none, {})
    return relief_of(made.lines)


def _slope(found: np.ndarray, true: np.ndarray) -> float:
    return float((found * true).sum() / (true * true).sum())


@pytest.fixture(scope="module")
def grown() -> tuple[np.ndarray, list[AgeSums]]:
    own = _relief(1)
    return own, [_sums(a, own * np.float32(Growth.at(a).lines)) for a in (30.0, 50.0, 70.0)]


def test_growth_is_one_where_photographs_are_read_and_rises_with_the_years() -> None:
    assert (Growth.at(READ_AT).lines, Growth.at(READ_AT).folds) == (1.0, 1.0)
    rows = [Growth.at(a) for a in range(20, 90, 5)]
    assert all(b.lines >= a.lines and b.folds >= a.folds for a, b in pairwise(rows))


@pytest.mark.parametrize("age", [30.0, 70.0])
def test_who_ages_by_the_default_curves_has_one_pattern_on_all_pages(
    grown: tuple[np.ndarray, list[AgeSums]], age: float
) -> None:
    own, sums = grown
    found = _lines(age, sums)
    assert np.corrcoef(found.ravel(), own.ravel())[0, 1] > 0.95
    assert 0.75 < _slope(found, own) < 1.05


def test_who_ages_earlier_has_deeper_early_pages() -> None:
    own = _relief(2)
    early = [_sums(50.0, own * np.float32(2 * Growth.at(50.0).lines)), _sums(76.0, own)]
    assert _slope(_lines(50.0, early), own) > 1.1 * _slope(_lines(76.0, early), own)


def test_what_was_there_at_all_ages_is_no_pattern() -> None:
    own, features = _relief(3), _relief(4)
    sums = [_sums(a, features + own * np.float32(Growth.at(a).lines)) for a in (25.0, 40.0, 70.0)]
    before, after = (_lines(70.0, s) for s in (sums, without_still(sums)))
    assert abs(_slope(after, features)) < 0.35 * abs(_slope(before, features))
    assert _slope(after, own) > 0.7


def test_without_young_photographs_nothing_is_taken_away() -> None:
    own = _relief(5)
    sums = [_sums(76.0, own), _sums(80.0, own)]
    assert np.array_equal(_lines(78.0, sums), _lines(78.0, without_still(sums)))


def test_a_page_is_surer_where_more_was_seen(grown: tuple[np.ndarray, list[AgeSums]]) -> None:
    _, sums = grown
    zero = np.zeros((1024, 1024), np.float32)
    old, young = (
        draft(a, sums, Full.of(sums), zero, zero, {}).uncertainty.mean() for a in (70.0, 25.0)
    )
    assert 0 < old < young <= 1


def test_photographs_of_two_years_make_one_page() -> None:
    ages = [40.0, 30.0, 31.5, 41.9, 42.5]
    assert grouped(ages) == [[1, 2], [0, 3], [4]]


@given(st.lists(st.floats(1, 99), min_size=1, max_size=30))
def test_no_two_pages_have_one_file(ages: list[float]) -> None:
    groups = grouped(ages)
    assert sorted(k for group in groups for k in group) == list(range(len(ages)))
    names = [page_path(Path(), float(np.mean([ages[k] for k in group]))) for group in groups]
    assert len({*names}) == len(names)
