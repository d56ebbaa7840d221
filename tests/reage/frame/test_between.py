"""Layers between two rungs of a ladder."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.frame.between import at_age, between
from reage.frame.layers import HairLayers, Layers
from reage.models.parts import Parts
from reage.pixels.geometry import Region

AT = Region(3, 2, 9, 7)


def rung(seed, matte, region=AT):
    r = np.random.default_rng(seed)
    size = (region.height, region.width)

    def color():
        return r.normal(0, 0.3, (*size, 3)).astype(np.float32)

    made = Layers.of_parts(region, Parts(color(), color(), color()), matte)
    made = made.with_hair(region, HairLayers(color(), matte, matte))
    return replace(made, shape=r.normal(0, 2, (*size, 2)).astype(np.float32))


MATTE = np.random.default_rng(9).uniform(0, 1, (AT.height, AT.width)).astype(np.float32)
RUNGS = {20: rung(1, MATTE), 60: rung(2, MATTE), 70: rung(3, MATTE)}
PLATE = np.random.default_rng(4).normal(0.4, 0.1, (AT.height, AT.width, 3)).astype(np.float32)


@pytest.mark.parametrize("age", RUNGS)
def test_at_a_rung_it_is_that_rung(age):
    assert at_age(RUNGS, 45.0, age) is RUNGS[age]


def test_beyond_the_ends_it_holds_them_and_at_the_source_age_nothing_changes():
    assert at_age(RUNGS, 45.0, 3.0) is RUNGS[20]
    assert at_age(RUNGS, 45.0, 99.0) is RUNGS[70]
    assert at_age(RUNGS, 45.0, 45.0) is None
    assert at_age({50: RUNGS[60]}, 45.0, 30.0) is None


@given(st.floats(60, 70))
def test_the_picture_is_mixed_as_far_as_the_age_is_on_its_way(age):
    share = np.float32((age - 60) / 10)
    mixed = at_age(RUNGS, 45.0, age)
    low, high = (RUNGS[end].over(PLATE) for end in (60, 70))
    assert np.allclose(mixed.over(PLATE), low + (high - low) * share, atol=1e-5)
    ends = (RUNGS[end].shape for end in (60, 70))
    assert np.allclose(mixed.shape, (1 - share) * next(ends) + share * next(ends), atol=1e-5)


@given(st.floats(45, 60))
def test_from_the_source_age_on_the_next_rung_grows(age):
    share = np.float32((age - 45) / 15)
    mixed = at_age(RUNGS, 45.0, age)
    shown = PLATE if mixed is None else mixed.over(PLATE)
    assert np.allclose(shown, PLATE + (RUNGS[60].over(PLATE) - PLATE) * share, atol=1e-5)


def test_rungs_that_lie_elsewhere_are_mixed_over_both():
    wide = RUNGS[60].spread(Region(0, 0, 20, 12))
    mixed = between(RUNGS[70], wide, 0.25)
    alike = between(RUNGS[70], RUNGS[60], 0.25).spread(wide.region)
    assert mixed.region == wide.region
    assert np.array_equal(mixed.delta, alike.delta)
    assert np.array_equal(mixed.shape, alike.shape)
