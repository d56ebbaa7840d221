"""ST maps: there and back, and what they are outside of the face."""

from dataclasses import replace

import numpy as np
import pytest

from reage.faces.typical import typical_face
from reage.pixels.geometry import Region, squeezed
from reage.stabilized.maps import fetched
from reage.stabilized.pose import Pose
from reage.tools.bench.still import there_and_back

REGION = Region(0, 0, 320, 240)
FRONT = replace(typical_face(1), center=(160.0, 120.0), size=130.0)


def posed(yaw=0.0, pitch=0.0, aspect=1.0, **more):
    place = {"center": (150.0, 126.0), "size": 121.0, "degrees": 8.0} | more
    return Pose.of(replace(typical_face(2, yaw, pitch), **place), aspect)


@pytest.mark.parametrize("aspect", [1.0, 2.0, 0.5])
@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (12, 0), (-20, 6), (35, -8)])
def test_there_and_back_is_where_it_was(yaw, pitch, aspect):
    one, other = Pose.of(FRONT, aspect), posed(yaw, pitch, aspect)
    wide = Region(0, 0, round(320 / aspect), 240)
    there, back = fetched(one, other, wide), fetched(other, one, wide)
    off = there_and_back(there, back)[back.matte > 0.5]
    assert len(off) > 3000 / aspect
    assert np.sqrt((off**2).mean()) < 0.1 and np.percentile(off, 99) < 0.25


def test_each_landmark_goes_to_itself():
    one, other = Pose.of(FRONT, 1.0), posed(15, 5)
    here = np.argwhere(fetched(one, other, REGION).matte > 0.9)
    there = fetched(one, other, REGION)
    for row, column in here[::97]:
        from_ = there.xy[row, column]
        near = np.linalg.norm(one.points - (column + 0.5, row + 0.5), axis=1).argmin()
        moved = other.points[near] - one.points[near]
        assert np.linalg.norm(from_ - (column + 0.5, row + 0.5) - moved) < 6


def test_beyond_the_ring_all_moves_as_the_head_does():
    one, other = Pose.of(FRONT, 1.0), posed(25, 0)
    there = fetched(one, other, REGION)
    linear, shift = one.to(other)
    for x, y in ((0.5, 0.5), (319.5, 239.5), (10.5, 200.5)):
        assert there.xy[int(y), int(x)] == pytest.approx(linear @ (x, y) + shift)
        assert there.matte[int(y), int(x)] == 0


def test_a_face_that_only_moves_is_a_similarity_everywhere():
    one = Pose.of(FRONT, 1.0)
    other = Pose.of(replace(FRONT, center=(170.0, 100.0), size=110.0, degrees=-12.0), 1.0)
    there = fetched(one, other, REGION)
    linear, shift = one.to(other)
    y, x = np.mgrid[:240, :320] + 0.5
    assert np.abs(there.xy - (np.stack([x, y], -1) @ linear.T + shift)).max() < 1e-6


def test_anamorphic_maps_are_those_of_the_unsqueezed_picture():
    square, narrow = (fetched(Pose.of(FRONT, a), posed(10, 0, a), REGION) for a in (1.0, 2.0))
    at = np.array([(150.0, 110.0), (170.0, 130.0), (140.5, 140.0)])
    for x, y in at:
        px, _ = squeezed((x, y), 2.0)
        column, row = int(px), int(y)
        same = square.xy[row, int(2 * (column + 0.5))] / (2, 1)
        assert np.abs(narrow.xy[row, column] - same).max() < 0.6


def test_a_cheek_that_turns_away_has_no_matte():
    one, other = Pose.of(FRONT, 1.0), posed(70, 0)
    there = fetched(one, other, REGION).matte
    left, right = there[:, :160].sum(), there[:, 160:].sum()
    assert min(left, right) < 0.35 * max(left, right)
    assert fetched(one, one, REGION).matte.max() == 1


def test_st_counts_from_the_bottom_left_corner():
    one = Pose.of(FRONT, 1.0)
    st = fetched(one, one, REGION).st(REGION, REGION)
    assert list(st) == ["R", "G", "B", "A"]
    assert st["R"][0, 0] == pytest.approx(0.5 / 320) and st["G"][0, 0] == pytest.approx(239.5 / 240)
    assert st["R"].dtype == st["A"].dtype == np.float32
