"""The contract of the layers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reage.geometry import Region
from reage.layers import DELTA_CHANNELS, MATTE_CHANNEL, Layers


def some(seed=0, side=6):
    r = np.random.default_rng(seed)
    plate = r.normal(0.5, 2.0, (side, side, 3)).astype(np.float32)
    delta = r.normal(0, 0.1, (side, side, 3)).astype(np.float32)
    matte = np.clip(r.normal(0.5, 0.6, (side, side)), 0, 1).astype(np.float32)
    return plate, Layers(Region(3, -2, side, side), delta, matte)


@given(st.integers(0, 99), st.floats(0, 1, width=32))
def test_plate_plus_delta_times_matte_times_blend(seed, blend):
    plate, layers = some(seed)
    want = plate + layers.delta * layers.matte[..., None] * np.float32(blend)
    assert np.allclose(layers.over(plate, blend), want, atol=1e-6)


def test_no_change_keeps_the_plates_own_bits_even_odd_ones():
    plate, layers = some()
    plate[0, 0] = (-0.0, np.nan, np.inf)
    plate[0, 1] = (60000.0, -1.0, 1e-30)
    bits = plate.view(np.uint32).copy()
    assert np.array_equal(layers.over(plate, 0.0).view(np.uint32), bits)
    none = Layers(layers.region, np.zeros_like(layers.delta), layers.matte)
    assert np.array_equal(none.over(plate).view(np.uint32), bits)
    outside = layers.matte == 0
    assert outside.any()
    assert np.array_equal(layers.over(plate).view(np.uint32)[outside], bits[outside])


def test_spreading_adds_only_zeros():
    plate, layers = some()
    wide = layers.spread(layers.region.expand(2))
    inner = np.s_[2:-2, 2:-2]
    assert np.array_equal(wide.delta[inner], layers.delta)
    assert np.array_equal(wide.matte[inner], layers.matte)
    assert np.count_nonzero(wide.delta) == np.count_nonzero(layers.delta)
    assert np.count_nonzero(wide.matte) == np.count_nonzero(layers.matte)


def test_channels_are_named_as_the_gizmo_reads_them():
    _, layers = some()
    assert tuple(layers.channels(("delta", "matte"))) == (*DELTA_CHANNELS, MATTE_CHANNEL)
    assert tuple(layers.channels(("matte",))) == (MATTE_CHANNEL,)
