"""The contract of the layers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.frame.layers import DELTA_CHANNELS, MATTE_CHANNEL, HairLayers, Layers
from reage.models.parts import Parts, Strengths
from reage.pixels.geometry import Region


def some(seed=0, side=6):
    r = np.random.default_rng(seed)
    plate = r.normal(0.5, 2.0, (side, side, 3)).astype(np.float32)
    delta = r.normal(0, 0.1, (side, side, 3)).astype(np.float32)
    matte = np.clip(r.normal(0.5, 0.6, (side, side)), 0, 1).astype(np.float32)
    return plate, Layers(Region(3, -2, side, side), delta, matte)


def in_parts(seed=0, side=6):
    """Layers of parts, with hair two pixels higher and further to the right."""
    plate, layers = some(seed, side)
    r = np.random.default_rng(seed + 1000)
    parts = Parts(*(r.normal(0, 0.1, (side, side, 3)).astype(np.float32) for _ in range(3)))
    hair = HairLayers(
        r.normal(0, 0.1, (side, side, 3)).astype(np.float32),
        *(np.clip(r.normal(0.5, 0.6, (side, side)), 0, 1).astype(np.float32) for _ in range(2)),
    )
    plain = Layers.of_parts(layers.region, parts, layers.matte)
    beyond = Region(layers.region.x + 2, layers.region.y - 2, side, side)
    return plate, plain, plain.with_hair(beyond, hair), hair


strengths = st.builds(
    Strengths, *(st.floats(0, 2, width=32) for _ in range(3)), st.floats(0, 1, width=32)
)


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


# ---------------------------------------------------------------- parts


@given(st.integers(0, 99), st.floats(0, 1, width=32))
def test_parts_at_full_strength_are_the_delta_to_the_bit(seed, blend):
    plate, layers, _, _ = in_parts(seed)
    alone = Layers(layers.region, layers.delta, layers.matte)
    got, want = layers.over(plate, blend), alone.over(plate, blend)
    assert np.array_equal(got.view(np.uint32), want.view(np.uint32))


@given(st.integers(0, 99), st.floats(0, 1, width=32), strengths)
def test_each_part_has_its_strength_and_hair_its_gray(seed, blend, by):
    _, _, layers, _ = in_parts(seed)
    plate = np.random.default_rng(seed).normal(0.5, 2.0, layers.delta.shape).astype(np.float32)
    d, f, t, h = (
        p.astype(np.float64)
        for p in (layers.parts.detail, layers.parts.form, layers.parts.tone, layers.hair.delta)
    )
    change = (d * by.detail + f * by.form + t * by.tone) * layers.matte[..., None] * blend
    gray = h * layers.hair.matte[..., None] * by.gray * blend
    assert np.allclose(layers.over(plate, blend, by), plate + change + gray, atol=2e-6)


def test_strengths_of_zero_keep_the_plates_own_bits_even_odd_ones():
    _, _, layers, _ = in_parts()
    plate = np.zeros_like(layers.delta)
    plate[0, 0] = (-0.0, np.nan, np.inf)
    for by, blend in ((Strengths(0, 0, 0, 0), 1.0), (Strengths(2, 2, 2, 1), 0.0)):
        got = layers.over(plate, blend, by)
        assert np.array_equal(got.view(np.uint32), plate.view(np.uint32))


def test_layers_without_parts_refuse_to_be_mixed_from_them():
    plate, layers = some()
    with pytest.raises(ValueError, match="no parts"):
        layers.over(plate, 1.0, Strengths(detail=0.5))
    assert np.array_equal(layers.over(plate, 1.0, Strengths(gray=1.0)), layers.over(plate))


def test_the_guess_at_hair_is_no_part_of_the_sum():
    _, _, layers, _ = in_parts()
    plate = np.random.default_rng(9).normal(0.5, 2.0, layers.delta.shape).astype(np.float32)
    other = replace(layers, hair=replace(layers.hair, guess=1 - layers.hair.guess))
    by = Strengths(1, 1, 1, 1)
    assert np.array_equal(layers.over(plate, 1.0, by), other.over(plate, 1.0, by))


def test_hair_lies_where_it_was_and_widens_the_region():
    _, plain, layers, hair = in_parts()
    assert layers.region == Region(3, -4, 8, 8)
    assert np.array_equal(layers.hair.delta[:6, 2:], hair.delta)
    assert np.array_equal(layers.hair.matte[:6, 2:], hair.matte)
    assert np.count_nonzero(layers.hair.matte) == np.count_nonzero(hair.matte)
    assert np.array_equal(layers.parts.form[2:, :6], plain.parts.form)
    wide = layers.spread(layers.region.expand(1))
    inner = np.s_[1:-1, 1:-1]
    for name in ("delta", "matte"):
        assert np.array_equal(getattr(wide, name)[inner], getattr(layers, name))
    for name in ("delta", "matte", "guess"):
        assert np.array_equal(getattr(wide.hair, name)[inner], getattr(layers.hair, name))
    assert np.array_equal(wide.parts.detail[inner], layers.parts.detail)


def test_parts_have_channels_of_their_own_in_every_frame():
    _, plain, layers, _ = in_parts()
    colors = ("red", "green", "blue")
    three = [f"reage_delta_{part}.{c}" for part in ("detail", "form", "tone") for c in colors]
    hair = [f"reage_delta_hair.{c}" for c in colors]
    hair += ["reage_matte_hair.alpha", "reage_guess_hair.alpha"]
    # A host may count on hair's channels: they are zero where there is none.
    assert list(plain.channels(("parts",))) == three + hair
    assert not any(plain.channels(("parts",))[name].any() for name in hair)
    assert list(layers.channels(("parts",))) == three + hair
    assert any(layers.channels(("parts",))[name].any() for name in hair)
    assert tuple(layers.channels(("delta", "matte"))) == (*DELTA_CHANNELS, MATTE_CHANNEL)
    at = Region(0, 0, 9, 9)
    every = ("delta", "matte", "parts")
    for some_layers, wanted in ((plain, (True, False)), (layers, (True, True))):
        none = Layers.none(at, *wanted).channels(every)
        assert list(none) == list(some_layers.channels(every))
        assert not any(pixels.any() for pixels in none.values())
