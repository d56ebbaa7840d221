"""Smoothing takes jitter and leaves motion; only short misses are bridged."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.faces import FaceFrame
from reage.faces.smooth import Bridge, Known, Smoother, smoothed

SQUARE = ((-0.4, -0.5), (0.4, -0.5), (0.4, 0.5), (-0.4, 0.5))


def at(frame, x=0.0, y=0.0, size=100.0, degrees=0.0, confidence=0.9):
    return FaceFrame(frame, (x, y), size, degrees, confidence, SQUARE)


def bridged(frames, seen, max_gap, cuts=(), doubts=()):
    bridge = Bridge(max_gap)
    for n in frames:
        bridge.tell(n, seen.get(n), n in doubts)
    return list(bridge.given(Known(cuts, ended=True)))


def values(frames):
    return np.array([[*f.center, f.size, f.degrees] for f in frames])


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=20),
    st.floats(0.1, 8),
    st.floats(-50, 50),
    st.floats(-30, 30),
)
def test_steady_motion_stays_as_it_is_even_at_the_ends(steps, sigma, dx, turn):
    numbers = np.cumsum(steps).tolist()
    run = [
        at(n, dx * n, -n, 100 * 1.01**n, (turn * n + 180) % 360 - 180, 0.3 + 0.7 * (n % 2))
        for n in numbers
    ]
    if max(steps) * abs(turn) >= 180:
        run = [at(n, dx * n, -n, 100 * 1.01**n) for n in numbers]
    off = values(smoothed(run, sigma)) - values(run)
    off[:, 3] = (off[:, 3] + 180) % 360 - 180
    np.testing.assert_allclose(off, 0, atol=1e-4)


def test_jitter_is_taken_size_and_roll_more_than_place():
    noise = np.random.default_rng(0).normal(0, 1, (200, 4))
    run = [at(i, x, y, 100 * np.exp(s / 100), d) for i, (x, y, s, d) in enumerate(noise)]
    before, after = (values(r)[10:-10].std(0) for r in (run, smoothed(run, 2.0)))
    assert (after[:2] < 0.7 * before[:2]).all()
    assert (after[2:] < 0.45 * before[2:]).all()


def test_the_mesh_is_steadied_as_the_outline_and_held_over_misses():
    noise = np.random.default_rng(0).normal(0, 0.01, (200, 468, 2))
    run = [replace(at(i), mesh=tuple(map(tuple, points))) for i, points in enumerate(noise)]
    after = np.array([f.mesh for f in smoothed(run, 2.0)])[10:-10]
    assert after.std(0).max() < 0.6 * 0.01 and after.std() < 0.45 * 0.01
    held = bridged(range(3), {0: run[0], 2: run[2]}, 12)[1]
    np.testing.assert_allclose(held.mesh, (noise[0] + noise[2]) / 2)


def test_there_is_no_delay():
    numbers = range(30)
    run = [at(n, 5 * np.sin(n / 3), size=100 + n % 7) for n in numbers]
    back = [at(29 - n, 5 * np.sin(n / 3), size=100 + n % 7) for n in reversed(numbers)]
    forward, backward = smoothed(run, 2.0), smoothed(back, 2.0)
    np.testing.assert_allclose(values(forward), values(backward[::-1]), atol=1e-9)


def test_roll_survives_the_half_turn():
    wrap = [at(i, degrees=179.0 if i % 2 else -179.0) for i in range(20)]
    assert all(abs(abs(f.degrees) - 180) < 1.01 for f in smoothed(wrap, 3.0))
    ends = {0: at(0, degrees=170), 4: at(4, degrees=-170)}
    assert [round(abs(f.degrees)) for f in bridged(range(5), ends, 12)] == [170, 175, 180, 175, 170]


def test_doubtful_sightings_give_way():
    run = [at(i, size=100, confidence=0.9) for i in range(9)]
    run[4] = at(4, size=130, confidence=0.1)
    assert smoothed(run, 2.0)[4].size < 101


def test_zero_is_off_and_faceless_frames_part_the_runs():
    run = [at(0, 0), at(1, 100), FaceFrame.none(2), at(3, 900), at(4, 0)]
    assert smoothed(run, 0) == run
    got = smoothed(run, 5.0)
    assert got[2] == run[2]
    np.testing.assert_allclose(values(got)[:2], values(run)[:2], atol=1e-9)


@pytest.mark.parametrize("gap, state", [(1, "held"), (12, "held"), (13, "none")])
def test_only_short_misses_are_held(gap, state):
    ends = {0: at(0, 10, size=100), gap + 1: at(gap + 1, 10 + 2 * (gap + 1), size=100)}
    got = bridged(range(-1, gap + 3), ends, 12)
    assert [f.state for f in got] == ["none", "seen", *[state] * gap, "seen", "none"]
    assert [f.frame for f in got] == list(range(-1, gap + 3))
    for f in got[2:-2]:
        assert f.state == "none" or f.center[0] == pytest.approx(10 + 2 * f.frame)
        assert 0 <= f.confidence < 0.9
        assert (f.confidence > 0) == (f.state == "held")


def test_the_longer_a_miss_the_less_it_is_trusted():
    ends = ({0: at(0), n: at(n)} for n in range(2, 14))
    sure = [bridged(range(max(seen) + 1), seen, 12)[1].confidence for seen in ends]
    assert sure == sorted(sure, reverse=True) and len(set(sure)) == len(sure)


def test_nothing_is_held_over_a_cut_or_over_another_face():
    seen = {n: at(n) for n in (0, 1, 4, 5)}

    def states(**apart):
        return "".join(f.state[0] for f in bridged(range(6), seen, 12, **apart))

    assert states() == "sshhss"
    assert states(cuts=(3,)) == states(cuts=(4,)) == states(cuts=(2,)) == "ssnnss"
    assert states(cuts=(1,)) == states(cuts=(5,)) == "sshhss"
    assert states(doubts=(3,)) == "ssnnss"


def test_nothing_is_smoothed_over_a_cut():
    one, other = [at(n, 100.0) for n in range(6)], [at(n, 300.0, size=200) for n in range(6, 12)]
    assert smoothed([*one, *other], 2.0) != [*one, *other]
    parts = [*smoothed(one, 2.0), *smoothed(other, 2.0)]
    assert smoothed([*one, *other], 2.0, cuts=(6,)) == parts
    np.testing.assert_allclose(values(parts), values([*one, *other]))


@given(st.lists(st.sampled_from(["seen", "none", "doubt", "cut"]), max_size=40), st.integers(1, 5))
def test_frames_are_given_on_as_they_become_known_and_are_the_same(words, late):
    """However late a cut is known, nothing that was given changes."""
    there = [n for n, word in enumerate(words) if word in ("seen", "cut")]
    seen = {n: at(n, x=n * n, size=100 + n % 3) for n in there}
    cuts = [n for n, w in enumerate(words) if w == "cut"]
    doubts = {n for n, w in enumerate(words) if w == "doubt"}
    whole = smoothed(bridged(range(len(words)), seen, 3, cuts, doubts), 1.0, cuts)
    bridge, smoother, given, behind = Bridge(3), Smoother(1.0), [], []

    def more(known):
        for face in bridge.given(known):
            given.extend(smoother.smoothed(face, face.frame in known.cuts))

    for n in range(len(words)):
        bridge.tell(n, seen.get(n), n in doubts)
        more(Known([c for c in cuts if c <= n - late], n - late))
        behind.append(n + 1 - len(given))
    more(Known(cuts, ended=True))
    assert [*given, *smoother.end()] == whole
    assert max(behind, default=0) <= late + 3 + 1 + 6 + 1  # cut, gap and its end, reach
