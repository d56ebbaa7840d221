"""Faces are followed, and known again by their place."""

from __future__ import annotations

import numpy as np
import pytest

from reage_live.finder import sightings
from reage_live.followers import Followers
from reage_live.light import Light
from reage_live.plate import LivePlate

LIGHT = Light("srgb_rec709_scene")


def look(followers, picture, number, search=False):
    live = LivePlate(picture, LIGHT)
    found = sightings(number, picture, LIGHT, thorough=not followers.known) if search else []
    return dict(followers.look(live, number, number / 24, found))


def test_one_search_and_then_the_face_is_followed(head):
    followers = Followers(0.05)
    centers = []
    for number in range(0, 48, 4):
        faces = look(followers, head(number), number, search=number == 0)
        assert list(faces) == [0]
        centers.append(faces[0].center[0])
    assert max(centers) - min(centers) > 20


def test_two_faces_keep_their_numbers(two_heads):
    followers = Followers(0.05)
    look(followers, two_heads(0), 0, search=True)
    sides = {n: f.center[0] > 480 for n, f in look(followers, two_heads(1), 1).items()}
    assert sorted(sides.values()) == [False, True]
    for number in range(2, 20, 3):
        search = number == 8  # finding known faces again makes no new ones
        faces = look(followers, two_heads(number), number, search)
        assert {n: f.center[0] > 480 for n, f in faces.items()} == sides


def test_a_face_that_leaves_is_held_let_go_and_known_again(head, two_heads):
    followers = Followers(0.05)
    gray = np.full_like(head(0), 60)
    look(followers, head(0), 0, search=True)
    held = look(followers, gray, 2)
    assert held[0].state == "held"
    assert look(followers, gray, 12) == {}
    assert look(followers, gray, 60, search=True) == {}
    assert followers.known == 0
    assert list(look(followers, head(61), 61, search=True)) == [0]


def test_where_two_were_the_one_who_comes_back_is_the_one_of_that_place(two_heads):
    followers = Followers(0.05)
    look(followers, two_heads(0), 0, search=True)
    before = {n: f.center[0] > 480 for n, f in look(followers, two_heads(1), 1).items()}
    gray = np.full_like(two_heads(0), 60)
    for number in (2, 40):
        look(followers, gray, number)
    assert followers.known == 0
    right_only = two_heads(2).copy()
    right_only[:, :480] = 60
    back = look(followers, right_only, 60, search=True)
    assert [before[number] for number in back] == [True]


def test_another_size_begins_anew(head):
    followers = Followers(0.05)
    look(followers, head(0), 0, search=True)
    small = np.ascontiguousarray(head(1)[::2, ::2])
    assert look(followers, small, 1) == {}
    assert list(look(followers, small, 2, search=True)) == [0]


@pytest.mark.parametrize("scale", [1, 3])
def test_large_faces_are_followed_in_a_smaller_picture_to_the_same_place(head, scale):
    """A face of 690 px or of 230 px: the same place, to half a percent of its size."""
    picture = np.repeat(np.repeat(head(0), scale, axis=0), scale, axis=1)
    (found,) = sightings(0, head(0), LIGHT, True)
    followers = Followers(0.0)
    face = look(followers, picture, 0, search=True)[0]
    off = np.subtract(face.center, np.multiply(found.face.center, scale))
    assert np.hypot(*off) < 0.02 * face.size
    assert face.size / scale == pytest.approx(found.face.size, rel=0.03)
