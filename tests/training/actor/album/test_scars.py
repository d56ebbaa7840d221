"""Scars are told from wrinkles, and from what all faces have."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from reage.pattern.staying import bends
from reage_training.actor.album.scars import Lines, drawn_scars, scars
from reage_training.actor.album.stays import Stays
from reage_training.actor.album.sums import HERE, AgeSums

AGES = tuple(np.arange(24.0, 67.0, 6.0))
SHAPE = (HERE.height, HERE.width)
WHOLE = [np.ones(SHAPE, np.float32)] * len(AGES)
SCAR = ((300, 70), (310, 110))
"""Its ends in texels of HERE, on the forehead beside the middle."""

Strength = Callable[[float], float]


def line(ends: tuple[tuple[int, int], tuple[int, int]], sigma: float = 3.0) -> np.ndarray:
    drawn = cv2.line(np.zeros(SHAPE, np.float32), *ends, 1.0, 1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(drawn, (0, 0), sigma)
    return np.asarray(soft / soft.max(), np.float32)


def photographed(*marks: tuple[np.ndarray, Strength]) -> list[Lines]:
    """Of each age: log2 of light of mottled skin with marks, each as strong as it says then."""
    rng = np.random.default_rng(3)
    out = []
    for age in AGES:
        light = cv2.GaussianBlur(rng.normal(0, 0.25, SHAPE).astype(np.float32), (0, 0), 3)
        for mark, strength in marks:
            light = light + np.float32(strength(age)) * mark
        low, high = bends(light)
        out.append(Lines(np.maximum(-low, 0), np.maximum(high, 0)))
    return out


def always(_: float) -> float:
    return 0.4


def suddenly(age: float) -> float:
    return 0.4 if age > 40 else 0.0


def slowly(age: float) -> float:
    return -max(0.0, (age - 30) / 30)


@pytest.mark.parametrize(("strength", "since"), [(always, 0.0), (suddenly, 39.0)])
def test_a_scar_is_found_where_it_is_and_from_when_on(strength: Strength, since: float) -> None:
    (found,) = scars(AGES, photographed((line(SCAR), strength)), WHOLE)
    assert 295 < found.x < 315 and 65 < found.y < 115
    assert found.since == pytest.approx(since, abs=2) and found.tone < -0.05


def test_few_pages_tell_a_scar_that_has_always_been_there_and_none_that_comes() -> None:
    few = slice(0, None, 2)
    for strength, count in ((always, 1), (suddenly, 0)):
        lines = photographed((line(SCAR), strength))[few]
        assert len(scars(AGES[few], lines, WHOLE[few])) == count


def test_wrinkles_features_of_both_sides_and_mottled_skin_are_none() -> None:
    wrinkle = (line(((520, 560), (540, 620))), slowly)
    both = line(SCAR)
    both = np.maximum(both, both[:, ::-1])
    assert scars(AGES, photographed(wrinkle, (both, always)), WHOLE) == []


def test_a_scar_is_drawn_as_the_line_it_is() -> None:
    lines = photographed((line(SCAR), suddenly))
    tone = drawn_scars(scars(AGES, lines, WHOLE), AGES, lines, WHOLE)
    own = line(SCAR)
    assert tone.max() <= 0 and tone[own > 0.9].mean() < -0.05
    assert np.abs(tone[own < 0.01]).max() < 1e-3


def test_pages_have_the_marks_of_their_age() -> None:
    """A page of an age before a scar lacks it; what is no relief is that of any age."""
    lines = photographed((line(SCAR), suddenly))
    mole = 0.3 * np.exp(-0.5 * sum(
        (axis - at) ** 2 for axis, at in zip(np.indices(SHAPE), (330, 500), strict=True)
    ) / 9).astype(np.float32)  # fmt: skip
    empty = np.zeros(SHAPE, np.float32)
    sums = [
        AgeSums(age, 1, WHOLE[0], WHOLE[0], WHOLE[0], empty, empty, mole, np.zeros((8, 8, 4)))
        for age in AGES
    ]
    stays = Stays.of(sums, lines)
    young, old = stays.at(30.0), stays.at(60.0)
    assert young.max() > 0.2 and young.min() == 0
    assert old.max() == young.max() and old.min() < -0.05
    assert np.array_equal(stays.marked, np.abs(old))
