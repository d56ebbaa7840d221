"""How finely a face is shown does not depend on how many pixels its file spends on it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reage.pixels.plate import Pixels
from reage_training.actor.ingest.sharpness import SHARPEST, blur, detail_px

SIDE = 384


@pytest.fixture(scope="module")
def drawn() -> Pixels:
    """Dark shapes with edges in all directions on light ground, as lashes and lips are, and
    grain."""
    rng = np.random.default_rng(3)
    out = np.full((4 * SIDE, 4 * SIDE), 0.5, np.float32)
    for _ in range(90):
        at, size = rng.uniform(0, 4 * SIDE, 2), rng.uniform(20, 160, 2)
        ends = (at - size / 2).astype(int), (at + size / 2).astype(int)
        value = float(rng.uniform(0.05, 0.9))
        turn = float(rng.uniform(0, 180))
        if rng.uniform() < 0.5:
            cv2.ellipse(out, tuple(map(int, at)), tuple(map(int, size)), turn, 0, 360, value, -1)
        else:
            cv2.rectangle(out, tuple(map(int, ends[0])), tuple(map(int, ends[1])), value, -1)
    small = cv2.resize(out, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.repeat(small[..., None], 3, -1)


def _measured(rgb: Pixels, noise: float = 0.004) -> float:
    grain = np.random.default_rng(0).normal(0, noise, rgb.shape).astype(np.float32)
    return blur(np.maximum(rgb + grain, 0), np.ones(rgb.shape[:2], bool))


@pytest.mark.parametrize("sigma", [1.0, 2.0, 4.0, 8.0])
def test_a_blur_is_measured_at_its_width(drawn: Pixels, sigma: float) -> None:
    found = _measured(cv2.GaussianBlur(drawn, (0, 0), sigma))
    assert 0.75 * sigma < found < 1.8 * np.hypot(sigma, SHARPEST)


def test_grain_is_no_sharpness(drawn: Pixels) -> None:
    soft = cv2.GaussianBlur(drawn, (0, 0), 4.0)
    assert _measured(soft, 0.012) > 2.5


def test_shaking_in_one_direction_is_blur(drawn: Pixels) -> None:
    assert _measured(drawn) < 1.0
    for kernel in (np.ones((1, 25)), np.ones((25, 1)), np.eye(25)):
        shaken = cv2.filter2D(drawn, -1, (kernel / kernel.sum()).astype(np.float32))
        assert _measured(np.asarray(shaken)) > 2.5


def test_a_larger_file_has_no_more_detail(drawn: Pixels) -> None:
    small = cv2.resize(drawn, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    one = detail_px(SIDE / 2, _measured(small))
    other = detail_px(2 * SIDE, _measured(np.asarray(large), 0.001))
    assert other == pytest.approx(one, rel=0.35)
    assert detail_px(300, 0.1) == 300


def test_nothing_to_look_at_has_no_edge(drawn: Pixels) -> None:
    assert blur(drawn, np.zeros(drawn.shape[:2], bool)) == float("inf")
    assert detail_px(400, float("inf")) == 0
