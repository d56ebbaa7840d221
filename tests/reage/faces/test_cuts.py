"""A cut is told from a flash, a pan, grain, a change of exposure and a hand."""

import cv2
import numpy as np
import pytest

from reage.faces.cuts import Cuts
from reage.faces.view import FaceView
from reage.pixels.geometry import Similarity

FRAMES = 20


def wall(seed, grain=0):
    """(180, 320, 3) uint8: a set of its own, a little different in each frame."""
    coarse = np.random.default_rng(seed).integers(30, 220, (6, 10, 3)).astype(np.float32)
    picture = cv2.resize(coarse, (320, 180), interpolation=cv2.INTER_CUBIC)
    picture += np.random.default_rng(1000 + grain).normal(0, 6, picture.shape)
    return picture.clip(0, 255).astype(np.uint8)


def told(pictures, where=lambda n: (0, 0), step=1):
    """The cuts that are suspected, and those that are found."""
    cuts = Cuts()
    views = (
        (n * step, FaceView(p, Similarity.of(1.0, to=where(n)))) for n, p in enumerate(pictures)
    )
    suspected = tuple(n for n, seen in views if cuts.tell(n, seen))
    cuts.end()
    return suspected, tuple(cuts.found)


@pytest.mark.parametrize("cut", [1, 2, 7, FRAMES - 1])
def test_a_cut_is_suspected_at_once_and_found(cut):
    pictures = [wall(1 if n < cut else 2, n) for n in range(FRAMES)]
    assert told(pictures) == ((cut,), (cut,))


def test_a_cut_back_is_one_too():
    pictures = [wall(2 if 6 <= n < 12 else 1, n) for n in range(FRAMES)]
    assert told(pictures)[1] == (6, 12)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_what_gives_back_what_was_before_is_no_cut(length):
    pictures = [wall(1, n) for n in range(FRAMES)]
    for n in range(8, 8 + length):
        pictures[n] = np.clip(pictures[n] * 0.1 + 225, 0, 255).astype(np.uint8)
    assert told(pictures)[1] == ()


def a_pan(n):
    return np.roll(wall(3), 12 * n, axis=1)


def a_ramp(n):
    return (wall(3, n) * (0.2 + 0.8 * n / FRAMES)).astype(np.uint8)


def much_grain(n):
    noise = np.random.default_rng(n).normal(0, 25, (180, 320, 3))
    return (wall(3) + noise).clip(0, 255).astype(np.uint8)


def a_hand(n):
    return cv2.circle(wall(3, n), (20 + 25 * n, 100), 45, (200, 150, 120), -1)


@pytest.mark.parametrize("change", [a_pan, a_ramp, much_grain, a_hand])
def test_changes_within_a_shot_are_none(change):
    assert told([change(n) for n in range(FRAMES)])[1] == ()


def test_regions_that_move_are_compared_where_both_look():
    whole = [wall(1 if n < 9 else 2, n) for n in range(FRAMES)]
    corner = [(5 * n, 3 * n) for n in range(FRAMES)]
    parts = [p[y : y + 90, x : x + 160] for p, (x, y) in zip(whole, corner, strict=True)]
    assert told(parts, corner.__getitem__)[1] == (9,)


def test_regions_that_share_nothing_tell_nothing():
    parts = [wall(n)[:90, :90] for n in range(4)]
    assert told(parts, lambda n: (200 * n, 0)) == ((), ())


def test_frames_far_apart_tell_nothing():
    pictures = [wall(n) for n in range(4)]
    assert told(pictures, step=10) == ((), ())
    assert told([wall(1), wall(1), wall(1), wall(2), wall(2)], step=2)[1] == (6,)
