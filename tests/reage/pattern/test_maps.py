"""The maps that a model is shown of a pattern."""

import time

import numpy as np
import pytest

from reage.pattern import SIZE, maps
from reage.pattern.layout import KINDS
from reage.pattern.maps import FOLDS, FULL_AGE, shown
from reage.pattern.relief import SPOT_ONSETS, relief

SMALL = 192
LINES, FOLD, MARKS = range(3)


@pytest.fixture(scope="module")
def pattern():
    return shown(relief(3, SMALL))


def box(picture, u, v):
    """The part of a map between two places, both sides of the face."""
    n = len(picture)
    rows = slice(int((1 - v[1]) * n), int((1 - v[0]) * n))
    left, right = (int(x * n) for x in u)
    return np.concatenate([picture[rows, left:right], picture[rows, n - right : n - left]], 1)


def test_maps_are_made_in_seconds_kept_and_not_to_be_written_to():
    start = time.process_time()
    made = maps(3)
    assert time.process_time() - start < 20
    assert made.shape == (SIZE, SIZE, 3) and made.dtype == np.float32
    assert maps(3) is made
    with pytest.raises(ValueError):
        made[0, 0, 0] = 1


def test_equal_seeds_are_equal_to_the_bit_and_others_are_others(pattern):
    assert np.array_equal(pattern, shown(relief(3, SMALL)))
    other = shown(relief(4, SMALL))
    for channel in range(3):
        assert np.abs(pattern[..., channel] - other[..., channel]).mean() > 1e-3


@pytest.mark.parametrize("seed", [0, 3, 2**31])
def test_they_are_about_minus_one_to_one(seed):
    made = shown(relief(seed, SMALL))
    assert np.isfinite(made).all()
    for channel in range(3):
        assert 0.25 < np.abs(made[..., channel]).max() < 9
        assert np.percentile(np.abs(made[..., channel]), 98) < 1.6
    assert made[..., MARKS].min() >= 0


def test_grooves_are_below_zero_where_faces_fold(pattern):
    nasolabial = box(pattern[..., FOLD], (0.34, 0.43), (0.43, 0.58))
    assert nasolabial.min() < -1 and nasolabial.max() < 0.8 * -nasolabial.min()
    forehead = box(pattern[..., LINES], (0.30, 0.50), (0.84, 0.93))
    assert forehead.min() < -0.4


def test_nothing_is_where_nothing_ages(pattern):
    """No fold on the crown, the ears or the tip of the nose; no line's relief on the lips."""
    for u, v in (((0.0, 1.0), (0.97, 1.0)), ((0.0, 0.08), (0.5, 0.8)), ((0.48, 0.5), (0.6, 0.65))):
        assert not box(pattern[..., FOLD], u, v).any()
    lips = np.abs(box(pattern[..., LINES], (0.44, 0.5), (0.42, 0.47))).mean()
    assert lips < 0.4 * np.abs(box(pattern[..., LINES], (0.25, 0.30), (0.69, 0.74))).mean()


def test_both_sides_of_a_face_are_alike_but_no_twins(pattern):
    folds = np.abs(pattern[..., FOLD])
    likeness = np.corrcoef(folds.ravel(), folds[:, ::-1].ravel())[0, 1]
    assert 0.5 < likeness < 0.98


def test_a_size_is_a_sampling_of_the_same_creases():
    small, large = (shown(relief(5, n))[..., FOLD] for n in (96, 192))
    halved = large.reshape(96, 2, 96, 2).mean((1, 3))
    assert np.corrcoef(small.ravel(), halved.ravel())[0, 1] > 0.9


def test_folds_and_lines_are_the_kinds_at_full_age():
    drawn = relief(3, SMALL)
    folds = sum(kind.aged_depth(FULL_AGE) * drawn.kinds[KINDS.index(kind)] for kind in FOLDS)
    np.testing.assert_allclose(shown(drawn)[..., FOLD] * 12.0, folds, atol=1e-3)
    assert drawn.spots.shape == (len(SPOT_ONSETS) - 1, SMALL, SMALL)
