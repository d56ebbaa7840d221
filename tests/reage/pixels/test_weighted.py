import numpy as np
import pytest

from reage.pixels.weighted import weighted


@pytest.mark.parametrize("channels", [1, 2, 3, 7])
def test_it_is_numpys_product_to_the_bit(channels):
    draw = np.random.default_rng(channels)
    pixels = draw.normal(0, 3, (33, 47, channels)).astype(np.float32)
    weight = draw.normal(0, 1, (40, 60)).astype(np.float32)[3:36, 5:52]  # rows apart in memory
    expected = pixels * weight[..., None]
    assert weighted(pixels, weight).tobytes() == expected.tobytes()


def test_of_nothing_it_is_nothing():
    for shape in ((0, 0, 3), (0, 5, 3), (4, 0, 1)):
        assert weighted(np.zeros(shape, np.float32), np.zeros(shape[:2], np.float32)).shape == shape


def test_what_is_no_number_stays_none():
    pixels = np.full((2, 2, 3), np.inf, np.float32)
    with np.errstate(invalid="ignore"):
        assert np.isnan(weighted(pixels, np.zeros((2, 2), np.float32))).all()
