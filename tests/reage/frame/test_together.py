"""Changes of several faces add up, in layers as in the picture."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.frame.layers import HairLayers, Layers
from reage.frame.together import together
from reage.models.parts import Parts, Strengths
from reage.pixels.geometry import Region

WHOLE = Region(0, 0, 40, 30)
boxes = st.builds(
    Region, st.integers(0, 25), st.integers(0, 15), st.integers(1, 15), st.integers(1, 15)
)


def layers(region, seed, parts=False, hair=False):
    r = np.random.default_rng(seed)
    shape = (region.height, region.width)
    matte = np.clip(r.normal(0.5, 0.5, shape), 0, 1).astype(np.float32)
    matte[0, 0] = 1.0

    def color():
        return (r.normal(0, 0.3, (*shape, 3)) * (matte > 0)[..., None]).astype(np.float32)

    made = (
        Layers.of_parts(region, Parts(color(), color(), color()), matte)
        if parts
        else Layers(region, color(), matte)
    )
    return made.with_hair(region, HairLayers(color(), matte, matte)) if hair else made


@given(st.lists(boxes, min_size=1, max_size=4), st.booleans(), st.sampled_from([0.3, 1.0]))
def test_the_result_is_the_plate_and_all_changes(regions, in_parts, blend):
    each = [layers(region, seed, in_parts, in_parts) for seed, region in enumerate(regions)]
    plate = np.random.default_rng(9).random((30, 40, 3), np.float32)
    strengths = Strengths(0.5, 1.5, 0.7, 0.4) if in_parts else Strengths()
    got = together(each).spread(WHOLE).over(plate, blend, strengths)
    changes = (one.spread(WHOLE).over(plate, blend, strengths) - plate for one in each)
    assert np.allclose(got, plate + reduce(np.add, changes), atol=2e-6)


@given(boxes, boxes)
def test_where_one_face_is_alone_its_own_bits_stay(here, there):
    one, other = (layers(region, seed, parts=True) for seed, region in enumerate((here, there)))
    both = together([one, other]).spread(WHOLE)
    one, other = one.spread(WHOLE), other.spread(WHOLE)
    alone = (one.matte > 0) & (other.matte == 0)
    assert np.array_equal(both.matte[alone], one.matte[alone])
    assert np.array_equal(both.delta[alone], one.delta[alone])
    assert np.array_equal(both.delta, both.parts.total)
    assert not both.delta[both.matte == 0].any()


def test_a_face_that_is_not_there_adds_nothing_and_no_region():
    one = layers(Region(20, 10, 8, 8), 1)
    assert together([Layers.none(WHOLE), one]) is one
    none = Layers.none(WHOLE, parts=True, hair=True)
    assert together([none, none]) is none


def test_shapes_add_up_and_one_alone_is_its_own():
    r = np.random.default_rng(4)
    one, other = (layers(Region(8 * n, 0, 10, 10), n) for n in range(2))
    one = replace(one, shape=r.normal(0, 2, (10, 10, 2)).astype(np.float32))
    both = together([one, other])
    assert both.region == Region(0, 0, 18, 10)
    assert np.array_equal(both.shape[:, :10], one.shape) and not both.shape[:, 10:].any()
    twice = together([one, replace(other, shape=one.shape)]).shape
    assert np.allclose(twice[:, 8:10], one.shape[:, 8:] + one.shape[:, :2])


def test_no_order_matters():
    each = [layers(Region(2 * n, n, 20, 20), n, parts=True) for n in range(3)]
    one, other = together(each), together(each[::-1])
    assert np.allclose(one.delta, other.delta, atol=1e-6)
    assert np.array_equal(one.matte, other.matte)
    assert one.matte.max() == pytest.approx(1.0)
