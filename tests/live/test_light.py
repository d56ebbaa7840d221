"""From a camera's values to light and back, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from reage.errors import ColorspaceError
from reage.pixels.ocio import convert
from reage_live.light import Light

SPACES = (
    "srgb_rec709_scene", "g24_rec709_scene", "g22_rec709_scene", "srgb_p3d65_scene",
    "pq_rec2020_display",
)  # fmt: skip


@pytest.mark.parametrize("space", SPACES)
def test_every_8_bit_value_comes_back(space):
    light = Light(space)
    values = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    back = light.to_picture(light.to_linear(values), values.dtype)
    assert (back == values).all()


def test_every_16_bit_value_comes_back_to_a_unit():
    light = Light("srgb_rec709_scene")
    values = np.repeat(np.arange(0, 65536, 7, dtype=np.uint16)[None, :, None], 3, axis=2)
    back = light.to_picture(light.to_linear(values), values.dtype)
    assert back.dtype == np.uint16
    assert np.abs(back.astype(int) - values).max() <= 1


@pytest.mark.parametrize("space", SPACES)
def test_light_is_what_opencolorio_says(space):
    light = Light(space)
    picture = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    exact = convert(picture.astype(np.float32) / 255, space, light.linear)
    assert np.allclose(light.to_linear(picture), exact, rtol=1e-3, atol=2e-5)


def test_between_two_values_the_nearer_one_is_shown():
    light = Light("srgb_rec709_scene")
    linear = np.random.default_rng(1).uniform(-0.1, 1.3, (50, 50, 3)).astype(np.float32)
    exact = np.clip(convert(linear, light.linear, light.space), 0, 1) * 255
    shown = light.to_picture(linear, np.dtype(np.uint8))
    assert np.abs(shown - exact).max() < 0.57


@pytest.mark.parametrize("space", ["arri_logc4", "no such space", "ACEScct"])
def test_what_is_no_display_s_curve_is_refused(space):
    with pytest.raises(ColorspaceError):
        Light(space)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("space", ["srgb_rec709_scene", "g24_rec709_scene"])
def test_adding_light_changes_the_picture_there_and_no_bit_elsewhere(space, deep):
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 256, (50, 70, 3), dtype=np.uint8)
    if deep:
        picture = picture.astype(np.uint16) * 251
    change = rng.normal(0, 0.1, picture.shape).astype(np.float32)
    change[:, 30:] = 0
    shown = Light(space)
    wide = np.zeros((50, 90, 3), picture.dtype)
    wide[:, 10:80] = picture
    shown.add(wide[:, 10:80], change)  # a view: the picture is changed in its place
    expected = shown.to_picture(shown.to_linear(picture) + change, picture.dtype)
    assert (wide[:, 10:40] == expected[:, :30]).all()
    assert (wide[:, 40:80] == picture[:, 30:]).all()
    assert not wide[:, :10].any() and not wide[:, 80:].any()
    assert (wide[:, 10:40] != picture[:, :30]).mean() > 0.5
