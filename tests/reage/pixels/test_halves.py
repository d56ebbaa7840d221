"""Every half float there is, and what lies between them."""

import numpy as np

from reage.pixels.halves import floats, halves

ALL = np.arange(1 << 16, dtype=np.uint16).view(np.float16)


def test_every_half_comes_back():
    numbers = ALL[~np.isnan(ALL)]
    assert floats(numbers).tobytes() == numbers.astype(np.float32).tobytes()
    assert halves(floats(numbers)).tobytes() == numbers.tobytes()
    assert np.isnan(floats(ALL[np.isnan(ALL)])).all()


def test_what_lies_between_is_rounded_as_numpy_does():
    bits = np.random.default_rng(0).integers(0, 1 << 32, 500_000, np.uint32)
    values = bits.view(np.float32)
    finite = np.sort(ALL[np.isfinite(ALL)].astype(np.float32))
    ties = (finite[1:] + finite[:-1]) / 2
    for each in (values[np.abs(values) < 65504], ties):
        assert halves(each).tobytes() == each.astype(np.float16).tobytes()


def test_shapes_and_strides_are_kept():
    pixels = np.random.default_rng(0).normal(0, 1, (20, 30, 4)).astype(np.float32)
    for each in (pixels, pixels[3:9, 4:8, :3], pixels[..., 1], pixels[:0]):
        assert halves(each).shape == each.shape == floats(halves(each)).shape
        assert (halves(each) == each.astype(np.float16)).all()
