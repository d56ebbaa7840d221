"""Faces are found large and small, however turned, and not where there are none."""

import cv2
import numpy as np
import pytest

from reage.faces import detect_faces, landmarks_of, viewable
from reage.faces.search import faces_at


def offset(detection, want):
    return np.hypot(*np.subtract(detection.center, want)) / detection.side


def test_the_box_holds_the_face(portrait, mesh):
    (found,) = detect_faces(portrait)
    x, y, w, h = found.box
    eyes_to_mouth = mesh[[33, 263, 1, 13], :2]
    assert ((eyes_to_mouth > (x, y)) & (eyes_to_mouth < (x + w, y + h))).all()
    assert np.abs(found.keypoints[2] - mesh[1, :2]).max() < 0.1 * found.side  # nose tip


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_faces_are_found_and_their_keypoints_turn_along(place, put, turn):
    (found,) = detect_faces(viewable(place([put(320, 240, 1.2, turn)])))
    assert offset(found, (320, 240)) < 0.2
    eyes = found.keypoints[1] - found.keypoints[0]
    angle = np.degrees(np.arctan2(eyes[1], eyes[0]))
    assert abs((angle - turn - 3 + 180) % 360 - 180) < 10


@pytest.mark.parametrize("height, at", [(60, (1500, 760)), (40, (333, 222))])
def test_a_small_face_in_a_wide_frame_is_found(place, put, face, height, at):
    plate = place([put(*at, height / face.size)] * 2, (1920, 1080))
    (found,) = detect_faces(viewable(plate))
    assert offset(found, at) < 0.2
    assert 0.6 < found.side / height < 1.1


@pytest.mark.parametrize("smooth", [0, 3, 9])
def test_noise_has_no_face(smooth):
    noise = np.random.default_rng(smooth).normal(128, 60, (270, 480, 3))
    if smooth:
        noise = (cv2.GaussianBlur(noise, (0, 0), smooth) - 128) * 3 * smooth + 128
    assert detect_faces(noise.clip(0, 255).astype(np.uint8)) == []


def test_two_faces_are_two_and_best_comes_first(place, put):
    found = detect_faces(viewable(place([put(180, 240, 1.4), put(480, 240, 0.9)])), at_least=2)
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert sorted(round(d.center[0] / 300) for d in found) == [1, 2]


def test_a_point_finds_the_face_beneath_it_however_small(place, put):
    plate = place([put(500, 540, 4), put(1500, 300, 0.5)], (1920, 1080))
    (found,) = faces_at(viewable(plate), (1505, 310))
    assert offset(found, (1500, 300)) < 0.2


def test_pictures_of_any_shape_are_searched(portrait):
    for shape in [(1, 1, 3), (3, 900, 3), (900, 3, 3)]:
        assert detect_faces(np.zeros(shape, np.uint8)) == []
    before = portrait.copy()
    detect_faces(portrait)
    np.testing.assert_array_equal(portrait, before)


def test_landmarks_move_with_the_picture(place, put, mesh, face):
    sim = put(300, 260, 1.7, 25)
    picture = viewable(place([sim]))
    found = landmarks_of(picture, detect_faces(picture)[0])
    off = np.linalg.norm(found.points[:, :2] - sim.apply(mesh[:, :2]), axis=1)
    assert found.presence > 0.99
    assert off.mean() < 0.01 * face.size * 1.7


def test_where_there_is_no_face_presence_is_low(portrait):
    (found,) = detect_faces(portrait)
    noise = np.random.default_rng(0).integers(0, 255, portrait.shape).astype(np.uint8)
    assert landmarks_of(noise, found).presence < 0.5


def test_none_is_looked_for_that_is_much_smaller_than_what_is_asked_for(place, put, face):
    large, small = 400 / face.size, 50 / face.size
    picture = viewable(place([put(500, 540, large), put(1500, 300, small)], (1920, 1080)))
    assert len(detect_faces(picture, at_least=2)) == 2
    (only,) = detect_faces(picture, at_least=2, smallest=200)
    assert offset(only, (500, 540)) < 0.2
