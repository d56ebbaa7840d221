"""A change that is averaged over time stays where the skin is, and loses what flickers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cylinder import crop_of, head
from helpers.shots import HEIGHT, WIDTH, face
from reage.faces import FaceFrame, FaceTrack
from reage.faces.skin import coverage
from reage.pattern.conditioning import halved, laid
from reage.shot.steady import TimedResidual, averaged, carried, neighbours

SIDE = 256


def track(numbers, lost=()):
    faces = {n: FaceFrame.none(n) if n in lost else face(n) for n in numbers}
    return FaceTrack(WIDTH, HEIGHT, faces)


def waves():
    """A texture of soft waves in four channels, none of them of long range."""
    v, u = np.mgrid[:512, :512] / np.float32(512)
    return halved(np.stack([np.sin(30 * u), np.cos(25 * v), np.sin(20 * (u + v)), u], -1))


def painted(frame, texture):
    crop = crop_of(frame, SIDE)
    return TimedResidual(frame, crop, laid(frame, crop, texture))


def inner(change):
    """Crop pixels well inside the face."""
    small = replace(change.face, size=change.face.size * 0.75)
    return coverage(small, change.crop) == 1


def test_what_lies_still_on_the_skin_stays_though_the_head_turns_and_moves():
    texture = waves()
    now = painted(head(4.0), texture)
    near = [
        (painted(head(yaw, center=(170.0 + yaw, 120), size=140.0, degrees=yaw), texture), 0.7)
        for yaw in (-8.0, -2.0, 10.0)
    ]
    there = inner(now)
    off = (averaged(now, near) - now.values)[there]
    in_place = now.values + sum(np.float32(w) * c.values for c, w in near)
    left = (in_place / np.float32(1 + 3 * 0.7) - now.values)[there]
    assert np.abs(off).max() < 0.1 and off.std() < 0.1 * left.std()


def test_what_flickers_is_taken():
    texture = waves()
    frames = [head(yaw) for yaw in np.linspace(-6, 6, 9)]
    gains = np.random.default_rng(0).normal(1, 0.2, 9).astype(np.float32)
    clean = [painted(frame, texture) for frame in frames]
    shaky = [replace(c, values=c.values * g) for c, g in zip(clean, gains, strict=True)]
    got = averaged(shaky[4], [(c, 1.0) for i, c in enumerate(shaky) if i != 4])
    there = inner(clean[4])
    want = clean[4].values * gains.mean()
    assert np.abs((got - want)[there]).max() < 0.12


def test_without_neighbours_it_is_the_change_itself():
    now = painted(head(), waves())
    assert averaged(now, []) is now.values


@given(st.integers(1, 14), st.floats(0, 1))
def test_a_constant_stays_a_constant(channels, weight):
    values = np.full((64, 64, channels), 0.25, np.float32)
    faces = (head(3.0), head(-9.0, degrees=50.0))
    now, other = (TimedResidual(f, crop_of(f, 64), values) for f in faces)
    got = averaged(now, [(other, weight)])
    assert got.shape == values.shape and np.allclose(got, values, atol=1e-6)


def test_beside_the_face_and_without_a_mesh_neighbours_stay_in_place():
    values = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)
    now, other = (TimedResidual(f, crop_of(f, SIDE), values) for f in (head(0.0), head(12.0)))
    shown = coverage(now.face, now.crop)
    moved = carried(other, now, shown)
    assert np.allclose(moved[shown == 0], values[shown == 0], atol=1e-6)
    assert np.abs(moved - values)[shown == 1].max() > 0.3
    bare = replace(now, face=replace(now.face, mesh=()))
    assert np.array_equal(carried(other, bare, shown), values)


def test_no_change_beside_a_change_halves_it():
    now = painted(head(), waves())
    none = replace(now, values=np.zeros((SIDE, SIDE, 1), np.float32))
    assert np.array_equal(averaged(now, [(none, 1.0)]), now.values / np.float32(2))


def test_neighbours_are_those_within_reach_by_a_gaussian():
    weights = neighbours(10, 2.0, track(range(30)), range(30))
    assert list(weights) == list(range(5, 16)) and weights[10] == 1
    assert weights[8] == weights[12] == pytest.approx(np.exp(-0.5))
    assert sum(weights.values()) == pytest.approx(2 * np.sqrt(2 * np.pi), rel=0.02)


def test_a_lost_face_ends_the_run_and_gaps_are_passed_over():
    assert list(neighbours(10, 2.0, track(range(30), lost=(8, 14)), range(30))) == [
        9, 10, 11, 12, 13,
    ]  # fmt: skip
    stepped = track(range(0, 30, 2))
    assert list(neighbours(10, 2.0, stepped, range(30))) == [6, 8, 10, 12, 14]
    assert list(neighbours(10, 2.0, track(range(30)), {9, 10, 12, 30})) == [9, 10, 12]
    assert list(neighbours(10, 2.0, track(range(30)), {9, 12})) == [9, 10, 12]
