"""Laws of the matte: the face's, whatever crop it is drawn in; soft; and it ends."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from helpers.shots import face, oval
from reage.frame.matte import crop_reach, face_matte, hair_guess
from reage.models.model import NullModel
from reage.pixels.crop import crop_for
from reage.pixels.geometry import Region

RADIUS = 0.4
"""Of the round face below, in face sizes; no result of a matte on it depends on its size."""

CARD = NullModel().card


def round_face(middle=(0.0, 0.0), **place):
    outline = tuple((middle[0] + u, middle[1] + v) for u, v in oval(RADIUS, RADIUS, 180))
    return replace(face(**place), outline=outline)


def profile(face, crop, middle=(0.0, 0.0)):
    """(N, 2) places from the outline's middle in face sizes, (N,) how far, (N,) the matte."""
    matte = face_matte(face, crop)
    side = len(matte)
    y, x = np.mgrid[:side, :side] + 0.5
    places = np.stack([x, y], -1) * (crop.size / side)
    to_face = crop.to_plate.then(face.to_plate.inverse())
    offset = (to_face.apply(places) - middle).reshape(-1, 2)
    return offset, np.hypot(*offset.T), matte.ravel()


@pytest.mark.parametrize("middle", [(0.0, 0.0), (0.05, -0.08)])
@pytest.mark.parametrize("side", [256, 512])
def test_it_reaches_a_tenth_beyond_the_outline_and_ends_there(middle, side):
    """Half at 1.1 outlines from the outline's middle, with an edge of .045 face sizes."""
    subject = round_face(middle)
    offset, distance, matte = profile(subject, crop_for(subject, CARD, side), middle)
    edge = 1.1 * RADIUS
    near = np.abs(distance - edge) < 0.004
    assert matte[near].mean() == pytest.approx(0.5, abs=0.02)
    at_the_outline = np.abs(distance - RADIUS) < 0.004
    assert matte[at_the_outline].mean() == pytest.approx(0.82, abs=0.02)
    assert (matte[distance < edge - 0.1] == 1).all()
    assert (matte[distance < edge + 0.075] > 0).all()
    assert not matte[distance > edge + 0.1].any()
    assert np.abs(matte @ offset / matte.sum()).max() < 0.0005  # a tenth of a matte's pixel


@given(
    width=st.floats(0.25, 0.5),
    height=st.floats(0.3, 0.55),
    degrees=st.floats(-180, 180),
    size=st.floats(40, 900),
)
def test_it_only_falls_from_the_middle_outwards(width, height, degrees, size):
    """Along every row and column it rises, stays and falls, once, from zero to zero."""
    subject = replace(face(degrees=degrees, size=size), outline=oval(width, height))
    matte = face_matte(subject, crop_for(subject, CARD, 256))
    for lines in (matte, matte.T):
        steps = np.diff(lines, axis=1)
        falling = np.maximum.accumulate(steps < -1e-6, axis=1)
        assert not (falling & (steps > 1e-6)).any()
        assert not lines[:, [0, -1]].any()


def area_and_edge(size, degrees, side, scale):
    """How much the matte covers, and how much of that is soft, in face sizes squared."""
    subject = round_face(center=(3000.3, 2000.6), size=size, degrees=degrees)
    crop = crop_for(subject, replace(CARD, crop_scale=scale), side)
    matte = crop.paste(face_matte(subject, crop), crop.region)
    return matte.sum() / size**2, (matte * (1 - matte)).sum() / size**2


@given(
    size=st.floats(60, 250),
    degrees=st.floats(-180, 180),
    side=st.sampled_from([256, 384, 1024]),
    scale=st.floats(1.4, 2.2),
)
@hypothesis_settings(max_examples=25)
def test_it_grows_with_the_face_whatever_the_crop(size, degrees, side, scale):
    area, edge = area_and_edge(size, degrees, side, scale)
    want_area, want_edge = area_and_edge(150, 0, 256, 1.5)
    assert area == pytest.approx(want_area, rel=0.01)
    assert edge == pytest.approx(want_edge, rel=0.06)


@pytest.mark.parametrize("side", [128, 384, 1024])
def test_the_crops_size_does_not_move_it(side):
    subject = face()
    one, other = (face_matte(subject, crop_for(subject, CARD, s)) for s in (256, side))
    assert np.abs(one - other).max() < 0.01


def test_a_face_larger_than_the_crop_ends_softly_before_it():
    """Over the last six hundredths of the crop's side, as all that the crop can change."""
    subject = replace(face(degrees=0), outline=oval(3.0, 3.0))
    matte = face_matte(subject, crop_for(subject, CARD, 256))
    row = matte[128]
    assert (row[17:-17] == 1).all() and row[0] == row[-1] == 0
    assert row[8] == pytest.approx(0.53, abs=0.02) and np.all(np.diff(row[:17]) > 0)


def test_the_crops_reach_is_one_inside_and_zero_outside():
    crop = crop_for(face(degrees=0, size=160), CARD, 240)
    assert crop.region == Region(40, 0, 240, 240)
    reach = crop_reach(crop, Region(0, -40, 320, 320))
    assert (reach[58:-58, 58:-58] > 0.999).all()
    assert not reach[:39].any() and not reach[:, :39].any() and not reach[:, 281:].any()
    assert reach[160, 40 + 7] == pytest.approx(0.53, abs=0.05)  # half of 6 % of 240 px


def test_a_hair_guess_ends_in_zero_and_one_and_before_the_crop():
    ramp = np.linspace(0, 1, 101, dtype=np.float32)
    raw = np.tile(ramp, (101, 1))
    guess = hair_guess(raw)
    middle = guess[50]
    assert not middle[ramp <= 0.02].any() and not middle[-1] and middle[3] > 0
    assert middle[50] == pytest.approx(0.5, abs=1e-6)
    assert not hair_guess(np.full((101, 101), 0.02, np.float32)).any()
    full = hair_guess(np.full((101, 101), 0.981, np.float32))
    assert (full[7:-7, 7:-7] == 1).all()
    assert not any(edge.any() for edge in (full[0], full[-1], full[:, 0], full[:, -1]))
