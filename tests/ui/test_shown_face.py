"""A face in a hand: it goes where the hand goes, and nothing else of it changes."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage_ui.shown_face import ABOVE, CHIN, LOOK, MOVE, SIZE, TURN, ShownFace

faces = st.builds(
    ShownFace,
    st.floats(-500, 500), st.floats(-500, 500), st.floats(20, 900), st.floats(-180, 180),
)  # fmt: skip
steps = st.tuples(st.floats(-300, 300), st.floats(-300, 300))


def plus(point, step):
    return point[0] + step[0], point[1] + step[1]


@given(faces, steps)
def test_it_moves_as_the_hand_does(face, step):
    start = face.at((0.1, 0.2))
    now = face.dragged(MOVE, start, plus(start, step))
    assert now.at((0.1, 0.2)) == pytest.approx(plus(start, step), abs=1e-6)
    assert (now.size, now.degrees) == (face.size, face.degrees)


@given(faces, st.floats(0.5, 3))
def test_its_chin_stays_under_the_hand(face, grown):
    start = face.at(CHIN)
    to = face.at((0.0, CHIN[1] * grown))
    now = face.dragged(SIZE, start, to)
    assert now.at(CHIN) == pytest.approx(to, abs=1e-6) and (now.x, now.y) == (face.x, face.y)


@given(faces, st.floats(-170, 170))
def test_the_grip_above_turns_it(face, by):
    turned = ShownFace(face.x, face.y, face.size, face.degrees + by)
    now = face.dragged(TURN, face.at(ABOVE), turned.at(ABOVE))
    assert now.at(ABOVE) == pytest.approx(turned.at(ABOVE), abs=1e-6)
    assert -180 <= now.degrees <= 180 and now.size == face.size


@given(faces, st.floats(-85, 85), st.floats(-50, 50))
def test_a_placed_face_looks_where_its_nose_is_pulled(face, yaw, pitch):
    placed = replace(face, looks=(0.0, 0.0))
    want = replace(face, looks=(yaw, pitch))
    now = placed.dragged(LOOK, placed.at(placed.nose), want.at(want.nose))
    assert now.looks == pytest.approx((yaw, pitch), abs=0.5)
    assert (now.x, now.y, now.size) == (face.x, face.y, face.size)
    far = placed.dragged(LOOK, placed.at(placed.nose), placed.at((3.0, -3.0)))
    assert far.looks == pytest.approx((90.0, 60.0))
    reach = 0.05 * face.size
    assert placed.grip(placed.at(placed.nose), reach) == LOOK
    assert face.grip(placed.at(placed.nose), reach) == MOVE


@given(faces)
def test_each_grip_is_where_it_is_drawn_and_beside_the_face_there_is_none(face):
    reach = 0.05 * face.size
    assert face.grip(face.at(CHIN), reach) == SIZE and face.grip(face.at(ABOVE), reach) == TURN
    assert face.grip(face.at((0.1, -0.1)), reach) == MOVE
    assert face.grip(face.at((0.9, 0.0)), reach) == ""


def test_a_new_face_reaches_from_its_middle_to_its_chin():
    face = ShownFace.placed((100.0, 80.0), (100.0, 140.0))
    assert face.at(CHIN) == pytest.approx((100.0, 140.0)) and face.degrees == 0
    assert ShownFace.placed((1.0, 1.0), (1.0, 1.0)).size > 0


def test_what_the_worker_says_is_unsqueezed():
    said = {"center": [50, 60], "size": 80, "degrees": 10, "outline": [[0, 1]], "mesh": [],
            "key": True, "placed": [30, 0]}  # fmt: skip
    face = ShownFace.of(said, 2.0)
    assert (face.x, face.y, face.key, face.looks) == (100.0, 60.0, True, (30, 0))
    assert math.dist(face.at(CHIN), (100.0, 60.0)) == pytest.approx(40.0)
