"""What is measured is what happened."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from reage_live.figures import WINDOW, Meter


def test_rate_drops_and_delays():
    meter = Meter()
    meter.rate = Fraction(25)
    for n in range(100):
        meter.show(100 + n / 10, 0.2 if n % 50 else 0.9)
        if n % 2:
            meter.drop(100 + n / 10, 1)
    recent, whole = meter.recent(110.0), meter.whole(110.0)
    for figures in (recent, whole):
        assert figures.shown == 100
        assert figures.dropped == 50
        assert figures.share == pytest.approx(1 / 3)
        assert figures.fps == pytest.approx(10, rel=0.02)
        assert figures.median == pytest.approx(0.2)
        assert figures.p99 == pytest.approx(0.9, abs=0.3)
    assert "200 ms (5.0 fr)" in whole.line


def test_the_recent_past_is_forgotten_and_the_whole_is_not():
    meter = Meter()
    meter.show(0.0, 0.1)
    meter.drop(0.0, 7)
    later = WINDOW + 1
    assert meter.recent(later).shown == 0
    assert math.isnan(meter.recent(later).median)
    assert "–" in meter.recent(later).line
    assert (meter.whole(later).shown, meter.whole(later).dropped) == (1, 7)


def test_a_long_run_needs_no_more_memory_than_a_short_one():
    meter = Meter()
    for n in range(50_000):
        meter.show(n / 100, 0.1)
    assert len(meter._shown) <= WINDOW * 100 + 1
    assert meter.whole(500.0).shown == 50_000
