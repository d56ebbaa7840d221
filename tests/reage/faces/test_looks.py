"""One person looks like that person however bright, moved or large; another does not."""

import cv2
import numpy as np
import pytest

from reage.faces import detect_faces, landmarks_of, viewable
from reage.faces.looks import OTHER, SAME, Looks, is_other, is_same, look_of, unlikeness
from reage.home import demo_plate
from reage.media.imagefile import read_plate
from reage.pixels.geometry import Similarity


def seen(picture):
    face = max(detect_faces(picture), key=lambda d: d.side)
    return look_of(picture, landmarks_of(picture, face).points)


@pytest.fixture(scope="module")
def person(portrait):
    return seen(portrait)


@pytest.fixture(scope="module")
def another():
    return seen(viewable(read_plate(demo_plate()[0]).rgb))


def test_a_look_is_like_itself_and_likeness_has_no_direction(person, another):
    assert unlikeness(person, person) < 1e-6
    assert unlikeness(person, another) == pytest.approx(unlikeness(another, person))


def test_two_people_are_told_apart(person, another):
    assert unlikeness(person, another) > OTHER


@pytest.mark.parametrize(
    "change",
    [
        lambda p: (p * 0.6).astype(np.uint8),
        lambda p: cv2.GaussianBlur(p, (0, 0), 1.5),
        lambda p: cv2.resize(p, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA),
        lambda p: cv2.warpAffine(
            p, Similarity.of(0.9, 15, (220, 130), (260, 200)).matrix, (512, 512)
        ),
    ],
    ids=["darker", "blurred", "smaller", "turned"],
)
def test_one_person_is_known_again(portrait, person, change):
    assert unlikeness(person, seen(change(portrait))) < SAME


def test_who_nobody_is_known_to_be_is_nobody(person, another):
    nobody, known, others = Looks(), Looks(), Looks()
    known.learn(person)
    assert nobody.unlike(person) == np.inf
    assert is_same(person, known, nobody) and not is_other(person, known, nobody)
    assert is_other(another, known, nobody) and not is_same(another, known, nobody)
    others.learn(person)  # as twins in one picture: looks do not decide
    assert not is_other(person, known, others)
    others.learn(another)
    assert is_other(another, known, others)
