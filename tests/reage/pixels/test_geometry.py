"""Laws of regions and similarities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.pixels.geometry import Region, Similarity

regions = st.builds(
    Region, st.integers(-99, 99), st.integers(-99, 99), st.integers(0, 99), st.integers(0, 99)
)
numbers = st.floats(-500, 500, allow_subnormal=False)
similarities = st.builds(
    Similarity.of,
    st.floats(0.05, 20),
    st.floats(-180, 180),
    st.tuples(numbers, numbers),
    st.tuples(numbers, numbers),
)
points = st.tuples(numbers, numbers)


@given(regions, regions)
def test_intersection_and_union(a, b):
    assert a.intersect(b) == b.intersect(a)
    assert a.union(b).contains(a) and a.union(b).contains(b)
    assert a.intersect(b).empty or (a.contains(a.intersect(b)) and b.contains(a.intersect(b)))


@given(regions, st.integers(0, 50))
def test_expanding_and_shrinking(a, n):
    assert a.expand(n).expand(-n) == a


@given(regions, regions)
def test_slices_cut_what_the_region_says(a, b):
    inside = a.intersect(b)
    rows, columns = np.mgrid[b.y : b.bottom, b.x : b.right]
    if inside.empty:
        return
    cut = np.stack([columns, rows])[(slice(None), *inside.slices(b))]
    assert cut.shape[1:] == (inside.height, inside.width)
    assert tuple(cut[:, 0, 0]) == (inside.x, inside.y)


def test_slices_outside_are_an_error():
    with pytest.raises(ValueError, match="not inside"):
        Region(0, 0, 5, 5).slices(Region(1, 0, 5, 5))


@given(similarities, points)
def test_there_and_back(s, p):
    assert np.allclose(s.inverse().apply(s.apply(p)), p, atol=1e-6)


@given(similarities, similarities, points)
def test_one_after_the_other(s, t, p):
    assert np.allclose(s.then(t).apply(p), t.apply(s.apply(p)), rtol=1e-9, atol=1e-5)


def test_a_positive_turn_is_clockwise_on_screen():
    assert np.allclose(Similarity.of(degrees=90).apply((1, 0)), (0, 1))
    assert Similarity.of(2, 30).degrees == pytest.approx(30)
