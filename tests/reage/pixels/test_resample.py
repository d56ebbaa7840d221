"""Square px and a squeezed plate's: one way there, and one back."""

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reage.pixels.geometry import Region, squeezed, unsqueezed
from reage.pixels.resample import narrowed, widened

PLATE = Region(-7, 3, 120, 60)


def ramp(region, aspect=1.0):
    """Square px of each pixel's center: red = x, green = y."""
    y, x = np.mgrid[region.y : region.bottom, region.x : region.right] + 0.5
    return np.dstack([x * aspect, y, x * 0]).astype(np.float32)


@given(st.floats(0.3, 4.0), st.floats(-9999, 9999), st.floats(-9999, 9999))
def test_points_come_back_and_y_stays(aspect, x, y):
    there = unsqueezed((x, y), aspect)
    assert there[1] == y and np.allclose(squeezed(there, aspect), (x, y), rtol=1e-12)


@given(st.floats(0.5, 2.5))
def test_each_pixel_lands_where_it_says(aspect):
    wide, square = widened(ramp(PLATE, aspect), PLATE, aspect)
    inside = np.s_[2:-2, 6:-6]
    assert np.abs(wide - ramp(square))[inside][..., :2].max() < 0.08 * max(1, aspect)  # 1/32 px

    small = narrowed(ramp, PLATE, aspect)
    assert np.abs(small - ramp(PLATE, aspect))[inside][..., :2].max() < 0.08 * max(1, aspect)


def test_a_soft_picture_comes_back_from_square_px():
    soft = cv2.GaussianBlur(np.random.default_rng(1).random((60, 120, 3), np.float32), (0, 0), 3)
    wide, square = widened(soft, PLATE, 2.0)

    def read(region):
        out = np.zeros((region.height, region.width, 3), np.float32)
        here = region.intersect(square)
        out[here.slices(region)] = wide[here.slices(square)]
        return out

    back = narrowed(read, PLATE, 2.0)
    assert np.abs(back - soft)[4:-4, 8:-8].max() < 0.02 * np.ptp(soft)


def test_narrowing_does_not_alias():
    def stripes(region):
        columns = (np.arange(region.x, region.right) % 2).astype(np.float32)
        return np.repeat(columns[None], region.height, 0)

    assert np.abs(narrowed(stripes, PLATE, 2.0) - 0.5).max() < 0.1
