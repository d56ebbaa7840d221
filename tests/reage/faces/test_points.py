"""Points are to be taken for the tuple of pairs that they were made of."""

import pickle
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reage.faces.points import Points

NUMBERS = st.floats(-1e9, 1e9)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=20).map(tuple), st.integers(0, 20))
def test_they_are_as_a_tuple_of_pairs_is(pairs, at):
    points = Points(pairs)
    assert points == pairs and pairs == points == Points(iter(pairs)) == Points(points)
    assert (hash(points), repr(points), len(points)) == (hash(pairs), repr(pairs), len(pairs))
    assert (*points,) == pairs and points[at:] == pairs[at:] and bool(points) == bool(pairs)
    assert pickle.loads(pickle.dumps(points)) == points
    np.testing.assert_array_equal(np.array(points), np.array(pairs).reshape(-1, 2))
    assert points != (*pairs, (0.0, 0.0)) and points != list(pairs)


def test_they_take_a_sixth_of_its_memory():
    pairs = tuple((n / 7, n / 9) for n in range(468))
    told = sys.getsizeof(pairs) + sum(sys.getsizeof(p) + 2 * sys.getsizeof(0.1) for p in pairs)
    points = Points(pairs)
    assert sys.getsizeof(points) + points._flat.__sizeof__() < told / 6
