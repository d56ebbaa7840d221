"""Reliefs laid over each other."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pattern.maps import maps
from reage.pattern.photo.align import agreement, moved, shift_to

N = 512


def _relief(seed: int) -> np.ndarray:
    both = 5 * maps(seed)[..., 0] + 12 * maps(seed)[..., 1]
    return cv2.resize(both, (N, N), interpolation=cv2.INTER_AREA)


def test_a_mesh_that_was_off_is_put_right() -> None:
    one, skin = _relief(3), np.ones((N, N), np.float32)
    y, x = np.indices((N, N), np.float32)
    off = np.stack([4 * np.sin(y / 90), 3 * np.cos(x / 80)], -1)
    other = moved(one, off)
    back = moved(other, shift_to(one, skin, other, skin))
    inner = (slice(40, -40), slice(40, -40))
    before = np.corrcoef(one[inner].ravel(), other[inner].ravel())[0, 1]
    after = np.corrcoef(one[inner].ravel(), back[inner].ravel())[0, 1]
    assert after > before + 0.15 and after > 0.7


def test_two_faces_agree_less_than_one_with_itself() -> None:
    skin = np.ones((N, N), np.float32)
    one, other = _relief(3), _relief(4)
    noise = np.random.default_rng(1).normal(0, 2, (N, N)).astype(np.float32)
    itself = agreement(one, skin, one + noise, skin)
    assert itself > 0.8 and agreement(one, skin, other, skin) < itself - 0.4
    assert agreement(one, skin, other, 0 * skin) == 2  # nothing to compare
