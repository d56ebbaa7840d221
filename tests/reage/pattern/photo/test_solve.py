"""Laws of the least squares, of light, and of what becomes of a relief."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reage.pattern.photo.light import CAVITY, Slopes
from reage.pattern.photo.solve import Evidence

N = 128


def _relief(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((N, N)).astype(np.float32)
    return 10 * (cv2.GaussianBlur(noise, (0, 0), 2) - cv2.GaussianBlur(noise, (0, 0), 6))


def _lit(relief: np.ndarray, right: float, down: float) -> Evidence:
    y, x = np.gradient(relief)
    light = right * x + down * y + CAVITY * relief
    slopes = Slopes(np.full_like(relief, right), np.full_like(relief, down))
    return Evidence.of(light.astype(np.float32), slopes, np.ones_like(relief))


def _like(one: np.ndarray, other: np.ndarray) -> float:
    inner = (slice(8, -8), slice(8, -8))
    return float(np.corrcoef(one[inner].ravel(), other[inner].ravel())[0, 1])


@pytest.mark.parametrize("seed", range(3))
def test_light_from_two_sides_gives_the_relief_back(seed: int) -> None:
    relief = _relief(seed)
    both = _lit(relief, 0.4, 0.0) + _lit(relief, 0.0, 0.4)
    found = both.relief()
    assert _like(found, relief) > 0.98
    assert found.std() == pytest.approx(relief.std(), rel=0.1)


def test_light_from_one_side_gives_less_and_the_picture_itself_least() -> None:
    relief = _relief(5)
    one = _lit(relief, 0.4, 0.0)
    both = one + _lit(relief, 0.0, 0.4)
    picture = one.light[2] / CAVITY
    assert _like(picture, relief) < _like(one.relief(), relief) < _like(both.relief(), relief)


def test_what_nothing_is_known_of_is_flat() -> None:
    nothing = Evidence(np.zeros((6, N, N), np.float32), np.zeros((3, N, N), np.float32))
    assert not nothing.relief().any()
