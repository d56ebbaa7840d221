"""Skin that looks at the camera is believed, skin that looks away or is hidden is not."""


import numpy as np
import pytest

from helpers.cylinder import mesh
from reage.faces.skin import HIDDEN, facing, places


def test_places_are_symmetric_and_where_a_face_has_them():
    table = places()
    assert table.shape == (468, 2) and not table.flags.writeable
    assert (np.abs(table - 0.5) < 0.5).all()
    mirror = table * [-1, 1] + [1, 0]
    assert np.abs(mirror[:, None] - table[None]).sum(2).min(1).max() < 2e-4
    nose_tip, right_outer_eye, forehead, chin = table[[4, 33, 10, 152]]
    assert nose_tip == pytest.approx((0.5, 0.605), abs=0.01)
    assert right_outer_eye == pytest.approx((0.3, 0.726), abs=0.01)
    assert forehead[1] - chin[1] == pytest.approx(0.62, abs=0.03)


def test_a_face_seen_straight_on_is_believed():
    assert facing(mesh()[0]).min() > 0.3 and np.median(facing(mesh()[0])) == pytest.approx(1.0)


@pytest.mark.parametrize("yaw", [-80, -45, 45, 80])
def test_what_looks_away_is_not(yaw):
    points, slant = mesh(yaw)
    believed = facing(points)
    assert believed[slant < -0.1].max(initial=0) < 0.05
    assert np.median(believed[slant > 0.6]) > 0.95
    assert believed.min() >= HIDDEN


def test_the_same_face_turned_over_is_nowhere_believed():
    points = mesh()[0] * [-1, 1]
    assert np.percentile(facing(points), 95) < 0.1


def test_skin_behind_other_skin_is_not_believed():
    """The cheek of the right moved behind that of the left, and squeezed as if far around."""
    points, _ = mesh()
    right = np.flatnonzero(places()[:, 0] < 0.35)
    left = np.flatnonzero(places()[:, 0] > 0.65)
    shifted = points.copy()
    shifted[right, 0] = 0.3 + 0.6 * (points[right, 0] + 0.4)
    before, after = facing(points)[right], facing(shifted)[right]
    assert np.median(before) > 0.9 and np.median(after) < 0.5
    assert np.median(facing(shifted)[left]) > 0.8
