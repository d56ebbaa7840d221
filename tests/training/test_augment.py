"""A draw is done alike to both pictures of a pair, and to nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reage_training.augment import draw
from reage_training.delivery import draw_delivery, srgb
from reage_training.textures import occluder_matte, texture

SIZE = 48
seeds = st.integers(0, 2**32)


def picture(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.02, 0.8, (SIZE, SIZE, 3)).astype(np.float32)


@given(seeds)
def test_the_same_picture_comes_out_the_same_and_unharmed(seed: int) -> None:
    change, before = draw(np.random.default_rng(seed), SIZE), picture(1)
    kept = before.copy()
    first, second = change.picture(before), change.picture(before.copy())
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(before, kept)
    assert first.dtype == np.float32 and np.isfinite(first).all()


@given(seeds)
def test_what_stands_in_front_hides_skin_and_change_alike(seed: int) -> None:
    change = draw(np.random.default_rng(seed), SIZE)
    skin = change.mask(np.ones((SIZE, SIZE), np.float32))
    assert skin.min() >= 0 and skin.max() <= 1
    bare = type(change)(change.in_front, ())
    hidden = skin < 1e-6
    np.testing.assert_allclose(
        bare.picture(picture(1))[hidden], bare.picture(picture(2))[hidden], atol=1e-5
    )


def test_nothing_stands_in_front_of_most_pictures() -> None:
    rng = np.random.default_rng(0)
    covered = [bool(draw(rng, 16).in_front) for _ in range(300)]
    assert 0.2 < np.mean(covered) < 0.4


@given(seeds)
def test_occluders_are_reflectances_behind_a_matte(seed: int) -> None:
    rng = np.random.default_rng(seed)
    look, matte = texture(rng, SIZE), occluder_matte(rng, SIZE)
    assert look.shape == (SIZE, SIZE, 3) and look.min() >= 0.01 and look.max() <= np.float32(0.9)
    assert matte.shape == (SIZE, SIZE) and matte.min() >= 0 and matte.max() <= 1


@given(seeds)
def test_a_delivered_picture_is_one_that_eight_bits_can_hold(seed: int) -> None:
    out = draw_delivery(np.random.default_rng(seed), SIZE)(picture(seed))
    codes = srgb().encode(out) * 255
    np.testing.assert_allclose(codes, np.rint(codes), atol=0.02)
    assert codes.min() > -0.02 and codes.max() < 255.02
