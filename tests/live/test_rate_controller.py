"""The crop's size follows the machine, and does not swing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.steered import card
from reage_live.rate_controller import SIZES, RateController, sizes_for

RATE = 24.0


def run(controller, seconds_at, until, now=0.0):
    """Frames of a source at 24 a second through a machine that needs `seconds_at(size, now)` for
    one; returns (time, size) at each change, and the time."""
    changes, done = [], now
    while now < until:
        before, busy = controller.size, seconds_at(controller.size, now)
        took = max(busy, 1 / RATE)
        dropped = round(took * RATE) - 1
        done += took
        now = done
        controller.saw(now, busy + 0.5 / RATE, busy, dropped)
        if controller.size != before:
            changes.append((now, controller.size))
    return changes, now


def test_a_slow_machine_ends_at_the_smallest_size_and_says_so():
    controller = RateController(SIZES, 1 / RATE)
    changes, _ = run(controller, lambda size, now: 0.4 * (size / 512) ** 2 + 0.2, 60)
    assert [size for _, size in changes] == [384, 256, 192]
    assert "too slow" in controller.line


def test_a_fast_machine_changes_nothing():
    controller = RateController(SIZES, 1 / RATE)
    changes, _ = run(controller, lambda size, now: 0.01, 300)
    assert changes == []
    assert controller.line == ""


def test_after_a_bad_minute_it_comes_back_one_step_at_a_time():
    controller = RateController(SIZES, 1 / RATE)
    changes, _ = run(controller, lambda size, now: 0.3 if now < 20 else 0.004, 200)
    assert [size for _, size in changes] == [384, 256, 192, 256, 384, 512]
    gaps = [b - a for (a, _), (b, _) in pairwise(changes[3:])]
    assert min(gaps) >= 10


@settings(max_examples=12)
@given(st.floats(0.005, 0.5), st.floats(0.0, 0.05))
def test_a_steady_machine_ends_in_a_steady_size(whole, fixed):
    controller = RateController(SIZES, 1 / RATE)
    changes, now = run(controller, lambda size, _: fixed + whole * (size / 512) ** 2, 400)
    late, _ = run(controller, lambda size, _: fixed + whole * (size / 512) ** 2, now + 1600, now)
    assert len(changes) <= 3 + 2 * 6
    assert len(late) <= 2 * 3


def test_a_machine_on_the_edge_tries_ever_more_rarely():
    """A larger crop seems to fit by its area, and then does not."""
    controller = RateController((256, 192), 1 / RATE)
    changes, _ = run(controller, lambda size, now: 0.2 if size == 256 else 0.012, 700)
    tries = [now for now, size in changes if size == 256]
    waits = [b - a for a, b in pairwise(tries)]
    assert len(tries) >= 3
    assert all(b > 1.5 * a for a, b in pairwise(waits))


@settings(max_examples=30)
@given(st.floats(0.6, 60.0), st.integers(12, 400), st.booleans())
def test_a_freeze_is_never_counted_as_a_slow_machine(freeze, after, dropped_late):
    """What was dropped meanwhile is told with the frame that froze, or with the one behind it."""
    controller, now = RateController(SIZES, 1 / RATE), 0.0
    missed = round(freeze * RATE)
    for again in range(3):
        for count in range(after):
            now += 1 / RATE
            late = dropped_late and again and not count
            controller.saw(now, 0.05, 0.01, missed if late else 0)
        now += freeze
        controller.saw(now, freeze, freeze, 0 if dropped_late else missed)
    assert controller.size == SIZES[0] and controller.line == ""


def test_a_machine_that_stays_slow_is_no_freeze():
    controller = RateController(SIZES, 1 / RATE)
    changes, _ = run(controller, lambda size, now: 0.02 if now < 5 else 0.9, 40)
    assert [size for _, size in changes] == [384, 256, 192]


@pytest.mark.parametrize(
    ("more", "largest", "sizes"),
    [
        ({}, 512, (512, 384, 256, 192)),
        ({"stride": 64}, 320, (320, 256, 192)),
        ({"stride": 128}, 512, (512, 384, 256)),
        ({"fixed_size": 512}, 512, (512,)),
    ],
)
def test_only_sizes_that_the_model_takes(more, largest, sizes):
    assert sizes_for(card(**more), largest) == sizes
