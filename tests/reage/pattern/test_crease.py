"""How creases run, deepen and are drawn."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reage.pattern.crease import branch, crease
from reage.pattern.groove import groove
from reage.pattern.layout import CROW, FOREHEAD, KINDS, NECK, creases
from reage.pixels.ramps import smoothstep

seeds = st.integers(0, 2**32)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_deepens_with_the_years_and_is_full_at_ninety(kind):
    depths = [kind.aged_depth(age) for age in np.linspace(10, 95, 60)]
    assert all(a <= b for a, b in itertools.pairwise(depths))
    assert depths[0] == 0 and kind.aged_depth(90) == pytest.approx(kind.depth)
    assert kind.aged_depth(60, delay=5) == pytest.approx(kind.aged_depth(55))


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_equal_seeds_run_alike_on_the_face(seed):
    first, second = (creases(np.random.default_rng(seed)) for _ in range(2))
    assert len(first) == len(second) > 60
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.points, b.points) and a.gain == b.gain > 0
        assert (a.points > -0.05).all() and (a.points < 1.05).all()
        assert a.depths.min() >= 0 and a.depths.max() < 2 and a.widths.min() > 0
    assert {c.kind.name for c in first} == {kind.name for kind in KINDS}


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_the_other_side_is_the_mirror_and_twice_mirrored_is_itself(seed):
    one = creases(np.random.default_rng(seed))[0]
    other = one.other_side()
    np.testing.assert_allclose(other.points[:, 0], 1 - one.points[:, 0])
    np.testing.assert_allclose(other.other_side().points, one.points)
    assert other.kind.lean == -one.kind.lean


def test_only_forehead_crows_feet_and_neck_fork():
    parent = crease(np.random.default_rng(0), FOREHEAD, [(0.3, 0.88), (0.5, 0.89), (0.7, 0.88)])
    child = branch(np.random.default_rng(1), parent)
    assert child.gain < parent.gain and child.widths.max() < parent.widths.max()
    lengths = [np.linalg.norm(c.points[-1] - c.points[0]) for c in (child, parent)]
    assert lengths[0] < 0.5 * lengths[1]
    assert {FOREHEAD, CROW, NECK} <= set(KINDS)


def straight(depth=1.0, lean=0.0, size=128):
    t = np.linspace(0.3, 0.7, 40)
    points = np.stack([t, np.full(40, 0.5)], 1)
    return groove(points, np.full(40, 0.02), np.full(40, depth), size, 0.4, lean)


def test_a_groove_is_deep_in_its_middle_with_raised_shoulders():
    patch = straight()
    profile = patch.height[:, patch.height.shape[1] // 2]
    middle = len(profile) // 2
    assert profile[middle - 1 : middle + 1].min() == profile.min() < -0.85
    assert 0.1 < profile[: middle - 2].max() < 0.45
    np.testing.assert_allclose(profile, profile[::-1], atol=1e-3)
    assert abs(profile[0]) < 0.02
    np.testing.assert_allclose(straight(2.0).height, 2 * patch.height, atol=1e-5)


def test_a_leaning_groove_is_higher_on_one_side():
    profile = straight(lean=0.8).height[:, 40]
    middle = len(profile) // 2
    sides = profile[: middle - 2].max(), profile[middle + 2 :].max()
    assert max(sides) > 3 * min(sides)


def test_a_crease_off_the_texture_is_none():
    points = np.stack([np.linspace(2, 3, 10), np.full(10, 2.0)], 1)
    assert groove(points, np.full(10, 0.01), np.ones(10), 64, 0.4, 0.0) is None


@given(st.floats(-50, 50), st.floats(0.1, 30))
def test_a_smooth_step_is_flat_outside_and_rises_within(low, span):
    high = low + span
    assert smoothstep(low - 1, low, high) == 0 and smoothstep(high + 1, low, high) == 1
    assert smoothstep((low + high) / 2, low, high) == pytest.approx(0.5, abs=1e-6)
