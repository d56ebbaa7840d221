"""A small plate shows the model what the plate shows it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.shots import face
from reage.frame.small import SmallPlate, enough, resized, shrunk
from reage.models.model import NullModel
from reage.pixels.crop import crop_for
from reage.pixels.geometry import Region
from reage.pixels.plate import Plate, PlateInfo

CARD = NullModel().card
WHOLE = Region(0, 0, 640, 480)
INFO = PlateInfo(WHOLE, WHOLE, ("R", "G", "B"))


def soft(region=WHOLE, seed=0):
    """A plate of soft noise, and where its brightest is clipped."""
    noise = np.random.default_rng(seed).random((480, 640, 3)).astype(np.float32)
    rgb = cv2.GaussianBlur(noise, (0, 0), 6.0) * 4
    return Plate(rgb, WHOLE, INFO, rgb.min(-1) > 2.05).cut(region)


@pytest.mark.parametrize(("side", "degrees"), [(96, 0.0), (128, 20.0), (192, -35.0)])
def test_its_crop_is_the_plates_crop(side, degrees):
    at = face(size=250.0, center=(320.0, 240.0), degrees=degrees)
    plate, crop = soft(), crop_for(at, CARD, side)
    small = SmallPlate.of(plate.cut(crop.region), at, enough(crop))
    assert small.plate.rgb.shape[0] < 0.8 * small.region.height
    seen = crop_for(small.face, CARD, side).sample(small.plate.rgb, small.plate.region)
    want = crop.sample(plate.rgb, WHOLE)
    inner = np.s_[6:-6, 6:-6]
    assert np.abs(seen - want)[inner].mean() < 0.03 * want[inner].std()  # a px off is 0.1
    assert small.plate.clipped.shape == small.plate.rgb.shape[:2] and small.plate.clipped.any()


def test_a_face_that_is_small_already_keeps_the_plates_own_pixels():
    at, part = face(size=60.0, center=(320.0, 240.0)), Region(200, 100, 300, 300)
    plate = soft(part)
    small = SmallPlate.of(plate, at, enough(crop_for(at, CARD, 512)))
    assert small.plate.rgb is plate.rgb and small.region == part
    assert small.face == replace(at, center=(120.0, 140.0))


def test_without_a_face_there_is_none_in_it():
    assert SmallPlate.of(soft(), None, 0.5).face is None


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.01, 1.0))
def test_what_is_shrunk_has_whole_px_of_about_the_scale(width, height, scale):
    tall, wide = shrunk(Region(0, 0, width, height), scale)
    assert tall >= 1 and wide >= 1
    assert abs(tall - height * scale) <= 1 and abs(wide - width * scale) <= 1


@given(st.integers(1, 40), st.integers(1, 40), st.floats(-2, 2))
def test_a_flat_picture_stays_flat_at_any_size(height, width, value):
    flat = np.full((16, 24, 3), value, np.float32)
    got = resized(flat, (height, width))
    assert got.shape == (height, width, 3) and np.allclose(got, value, atol=1e-6)
