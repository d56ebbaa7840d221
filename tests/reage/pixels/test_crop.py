"""The crop: where pixels land, and what resampling keeps."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reage.pixels.crop import Crop
from reage.pixels.geometry import Region, Similarity

PLATE = Region(0, 0, 320, 240)


def ramp(region):
    """A picture whose value says where it is: red = x, green = y, at pixel centers."""
    y, x = np.mgrid[region.y : region.bottom, region.x : region.right] + 0.5
    return np.stack([x, y, x * 0], -1).astype(np.float32)


def crop_at(scale, degrees, x, y, size=64):
    return Crop(Similarity.of(scale, degrees, (size / 2, size / 2), (x, y)), size)


@given(st.floats(0.3, 2.0), st.floats(-180, 180), st.floats(130, 190), st.floats(100, 140))
@settings(max_examples=40)
def test_a_crop_shows_the_place_it_says(scale, degrees, x, y):
    crop = crop_at(scale, degrees, x, y)
    want = crop.to_plate.apply(ramp(Region(0, 0, 64, 64))[..., :2])
    got = crop.sample(ramp(PLATE), PLATE)[..., :2]
    inside = np.s_[4:-4, 4:-4]
    assert np.abs(got - want)[inside].max() < 0.08  # cv2 rounds places to 1/32 px


@given(st.floats(0.3, 3.0), st.floats(-180, 180), st.integers(-30, 30))
@settings(max_examples=25)
def test_reading_only_a_region_gives_the_same_crop(scale, degrees, shift):
    crop = crop_at(scale, degrees, 160 + shift, 120)
    part = crop.region.expand(12).intersect(PLATE)
    whole = np.random.default_rng(1).random((240, 320, 3), np.float32)
    whole = cv2.GaussianBlur(whole, (0, 0), 1.0)
    a = crop.sample(whole, PLATE)
    b = crop.sample(whole[part.slices(PLATE)], part)
    assert np.abs(a - b).max() < 0.02


def test_pasting_back_what_was_sampled_gives_the_picture_back():
    smooth = cv2.GaussianBlur(np.random.default_rng(2).random((240, 320, 3), np.float32), (0, 0), 4)
    crop = crop_at(1.0, 25.0, 160, 120, 128)
    inside = Region(135, 95, 50, 50)
    back = crop.paste(crop.sample(smooth, PLATE), inside)
    contrast = np.ptp(smooth)
    assert np.abs(back - smooth[inside.slices(PLATE)]).max() < 0.02 * contrast


def test_nothing_is_pasted_outside_the_crop():
    crop = crop_at(1.0, 0.0, 160, 120, 64)
    back = crop.paste(np.ones((64, 64), np.float32), PLATE)
    assert back[:80].max() == 0 and back[120, 160] == 1


def test_a_crop_past_the_edge_repeats_the_edge_and_stretches_nothing():
    crop = crop_at(1.0, 0.0, 0, 120, 64)
    got = crop.sample(ramp(PLATE), PLATE)
    assert np.allclose(got[32, :30, 0], 0.5, atol=0.05)  # left of the plate: its first column
    assert np.allclose(got[32, 34:, 0], np.arange(2.5, 32), atol=0.05)


def test_shrinking_does_not_alias():
    """A pattern finer than the crop's pixels turns to its mean, not to stripes."""
    stripes = np.repeat(np.tile([0.0, 1.0], 160)[None], 240, 0).astype(np.float32)
    got = crop_at(3.7, 0.0, 160, 120, 48).sample(stripes, PLATE)
    assert np.abs(got[4:-4, 4:-4] - 0.5).max() < 0.1


@given(st.integers(4, 13), st.floats(0.3, 3.0), st.floats(-180, 180))
@settings(max_examples=25)
def test_many_channels_are_moved_as_each_color_is_alone(channels, scale, degrees):
    """Three by three: a change of many parts lies where a change of one does, to the bit."""
    crop = crop_at(scale, degrees, 160, 120)
    many = np.random.default_rng(channels).random((64, 64, channels), np.float32)
    got = crop.paste(many, PLATE)
    assert got.shape == (240, 320, channels)
    for first in range(0, channels, 3):
        alone = crop.paste(many[..., first : first + 3], PLATE)
        part = got[..., first : first + 3]
        assert np.array_equal(part, alone.reshape(part.shape))
