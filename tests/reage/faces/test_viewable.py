"""Any exposure and any bad pixel still gives a picture to look at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.faces import detect_faces, viewable
from reage.faces.viewable import shrunk


@given(st.floats(1e-6, 1e6))
def test_exposure_does_not_matter(gain):
    light = np.random.default_rng(1).lognormal(0, 1.5, (40, 60, 3)).astype(np.float32)
    difference = viewable(light * np.float32(gain)).astype(int) - viewable(light)
    assert np.abs(difference).max() <= 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -1e30, 6e4])
def test_a_bad_pixel_stays_one(bad):
    light = np.random.default_rng(2).random((200, 200, 3), np.float32)
    spoilt = light.copy()
    spoilt[60, 70] = bad
    difference = np.abs(viewable(spoilt).astype(int) - viewable(light)).max(2)
    difference[60, 70] = 0
    assert difference.max() <= 2
    assert viewable(spoilt)[60, 70, 0] == (255 if bad > 0 else 0)


@pytest.mark.parametrize("value", [0, np.nan, np.inf, -1])
def test_a_plate_of_nothing_else_is_a_picture(value):
    picture = viewable(np.full((8, 9, 3), value, np.float32))
    assert picture.shape == (8, 9, 3) and picture.dtype == np.uint8


def test_the_plate_is_not_touched():
    light = np.array([[[np.nan, -1, 2]] * 4] * 4, np.float32)
    before = light.copy()
    viewable(light)
    shrunk(light, 2)
    np.testing.assert_array_equal(light, before)


@pytest.mark.parametrize("stops", [-10, 10])
def test_a_face_is_found_at_any_exposure_with_lamps_and_holes(portrait, stops):
    light = (portrait / np.float32(255)) ** np.float32(2.2) * np.float32(2.0**stops)
    light[:20, :20] = np.inf
    light[100:102] = np.nan
    light[:, 500:] = 60000
    found = detect_faces(viewable(light))
    assert len(found) == 1
    assert np.hypot(*np.subtract(found[0].center, detect_faces(portrait)[0].center)) < 4


def test_shrinking_takes_means_and_drops_what_fills_no_block():
    light = np.arange(5 * 7 * 3, dtype=np.float32).reshape(5, 7, 3)
    small = shrunk(light, 2)
    assert small.shape == (2, 3, 3)
    np.testing.assert_allclose(small[1, 2], light[2:4, 4:6].mean((0, 1)))
