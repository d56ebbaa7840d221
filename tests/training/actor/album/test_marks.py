"""Marks that stay are told from spots that come with age."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reage_training.actor.album.marks import drawn, staying

AGES = tuple(range(24, 70, 3))
SIDE = 160


def _blot(x: int, y: int, radius: float = 2.6) -> np.ndarray:
    rows, columns = np.indices((SIDE, SIDE), np.float32)
    return np.exp(-0.5 * ((columns - x) ** 2 + (rows - y) ** 2) / radius**2)


def _marks(strength: dict[tuple[int, int], list[float]], shake: float = 0.0) -> list[np.ndarray]:
    """Per age (SIDE, SIDE): mottled skin, and blots with a strength at each age, that lie off by a
    little in each."""
    rng = np.random.default_rng(5)
    out = []
    for k in range(len(AGES)):
        skin = cv2.GaussianBlur(rng.normal(0, 0.02, (SIDE, SIDE)).astype(np.float32), (0, 0), 2)
        for (x, y), tones in strength.items():
            dx, dy = rng.normal(0, shake, 2)
            skin = skin + np.float32(tones[k]) * _blot(x + dx, y + dy)
        out.append(np.maximum(skin, 0).astype(np.float32))
    return out


def _found(marks: list[np.ndarray]) -> list[tuple[int, int, float]]:
    weights = [np.ones((SIDE, SIDE), np.float32)] * len(AGES)
    return [(m.x, m.y, m.since) for m in staying(marks, weights)]


def test_a_mole_is_found_where_it_is_and_a_spot_of_age_is_not() -> None:
    slowly = [max(0.0, (a - 45) / 25) * 0.2 for a in AGES]
    always = [0.2] * len(AGES)
    found = _found(_marks({(50, 60): always, (110, 90): slowly}, shake=1.0))
    assert len(found) == 1
    x, y, since = found[0]
    assert np.hypot(x - 50, y - 60) < 4 and since == 0


def test_a_mole_that_seems_to_come_at_once_was_hidden_and_counts_as_always_there() -> None:
    sudden = [0.0 if a < 40 else 0.2 for a in AGES]
    ((x, y, since),) = _found(_marks({(80, 80): sudden}))
    assert np.hypot(x - 80, y - 80) < 3 and since == 0


def test_mottled_skin_has_no_marks() -> None:
    assert not _found(_marks({}))


def test_a_mark_is_drawn_and_nothing_beside_it() -> None:
    marks = _marks({(50, 60): [0.2] * len(AGES), (110, 90): [0.1] * len(AGES)})
    weights = [np.ones((SIDE, SIDE), np.float32)] * len(AGES)
    found = [m for m in staying(marks, weights) if m.x < 80]
    mean = np.mean(marks, axis=0)
    shown = drawn(found, mean)
    assert shown[60, 50] == pytest.approx(mean[60, 50]) and shown[90, 110] == 0
    assert np.count_nonzero(shown) < 150
