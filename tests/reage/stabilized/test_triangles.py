"""The triangles between landmarks and the ring around them."""

from collections import Counter

import numpy as np

from reage.faces.frame import MESH_POINTS
from reage.faces.skin import places
from reage.stabilized.triangles import RING, edge, ring, skin_triangles, triangles


def sides(corners):
    return Counter(
        tuple(sorted((int(one[i]), int(one[i - 1])))) for one in corners for i in range(3)
    )


def test_they_lie_side_by_side_and_every_point_is_a_corner():
    every = triangles()
    assert set(np.unique(every)) == set(range(MESH_POINTS + RING))
    shared = sides(every)
    assert set(shared.values()) == {1, 2}
    rim = [pair for pair, count in shared.items() if count == 1]
    assert len(rim) == RING and min(min(pair) for pair in rim) >= MESH_POINTS
    points, faces = MESH_POINTS + RING, len(every)
    assert points - len(shared) + faces == 1  # Euler's, of a disc: no hole, no gap


def test_those_of_the_skin_lie_alike_and_end_where_the_ring_begins():
    a, b, c = places()[skin_triangles()].transpose(1, 0, 2)
    assert (np.linalg.det(np.stack([b - a, c - a], -1)) > 0).all()
    rim = {n for pair, count in sides(skin_triangles()).items() if count == 1 for n in pair}
    assert rim == set(np.flatnonzero(edge()))


def test_the_ring_goes_around_any_face():
    assert np.linalg.norm(ring(), axis=1).min() > 0.75
