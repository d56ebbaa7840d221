"""A spline goes through what it is given, keeps what is straight straight, and calms noise."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reage.faces.skin import Spline
from reage.pixels.geometry import Region

numbers = st.floats(-3, 3)


def points(seed, count=468):
    return np.random.default_rng(seed).uniform((10, 20), (300, 380), (count, 2))


@given(st.integers(0, 99), st.lists(numbers, min_size=6, max_size=6))
def test_an_affine_map_is_met_everywhere(seed, six):
    matrix, shift = np.array(six[:4]).reshape(2, 2), np.array(six[4:])
    at = points(seed)
    weights = np.random.default_rng(seed).uniform(0.001, 1, len(at))
    spline = Spline.through(at, at @ matrix.T + shift, weights, 9.0)
    region = Region(5, 20, 300, 340)
    x, y = np.meshgrid(np.arange(5, 305) + 0.5, np.arange(20, 360) + 0.5)
    want = np.stack([x, y], -1) @ matrix.T + shift
    np.testing.assert_allclose(spline.over(region), want, atol=0.02)


def test_pixels_and_points_are_the_same_map():
    at = points(1)
    spline = Spline.through(at, np.sin(at / 90), np.ones(len(at)), 9.0)
    pixels = spline.over(Region(40, 50, 6, 4))
    np.testing.assert_allclose(pixels[3, 5], spline.at(np.array([[45.5, 53.5]]))[0], atol=1e-5)


def test_a_smooth_map_is_met_and_noise_is_calmed():
    at = points(2)
    true, noise = np.sin(at / 90), np.random.default_rng(0).normal(0, 0.1, at.shape)
    weights = np.ones(len(at))
    assert np.abs(Spline.through(at, true, weights, 9.0).at(at) - true).max() < 0.004
    calmed = Spline.through(at, true + noise, weights, 9.0).at(at) - true
    assert calmed.std() < 0.75 * noise.std()


def test_a_point_of_hardly_any_weight_pulls_at_nothing():
    at = points(3)
    values = np.sin(at / 90)
    weights = np.ones(len(at))
    clean = Spline.through(at, values, weights, 9.0).at(at)
    values[7], weights[7] = 9.0, 1e-4
    assert np.abs(Spline.through(at, values, weights, 9.0).at(at) - clean).max() < 0.02


def test_points_that_fall_together_do_no_harm():
    at = np.repeat(points(4, 30), 10, axis=0)
    values = at * 0.5
    np.testing.assert_allclose(
        Spline.through(at, values, np.ones(len(at)), 9.0).at(at), values, atol=1e-3
    )
