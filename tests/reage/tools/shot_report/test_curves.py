"""Curves as SVG: their points lie where values and frames ask, and what has none is a gap."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.tools.shot_report.curves import HEIGHT, WIDTH, Axis, Series, curve, strip

SVG = "{http://www.w3.org/2000/svg}"


def lines(svg: str) -> list[list[tuple[float, float]]]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}polyline")
    return [
        [tuple(map(float, p.split(","))) for p in line.attrib["points"].split()] for line in found
    ]


values = st.floats(-1e4, 1e4, allow_nan=False)


@given(st.dictionaries(st.integers(-500, 500), values, min_size=1, max_size=40))
def test_every_value_is_drawn_inside_and_higher_ones_higher(points) -> None:
    points = dict(sorted(points.items()))
    axis = Axis.of(list(points))
    svg = str(curve(axis, [Series("x", "#123", points)]))
    drawn = [point for line in lines(svg) for point in line]
    assert len(drawn) == len(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)
    for (x, y), (n, value) in zip(drawn, points.items(), strict=True):
        assert x == pytest.approx(axis.x(n), abs=0.06)
        for (_, other), them in zip(drawn, points.values(), strict=True):
            assert (y <= other + 0.11) if value >= them else (y >= other - 0.11)


def test_a_frame_without_a_value_is_a_gap() -> None:
    points = {1: 0.5, 2: 0.6, 5: 0.7, 6: 0.2, 9: 0.1}
    svg = str(curve(Axis.of(range(1, 10)), [Series("x", "#123", points)], 0, 1))
    assert [len(line) for line in lines(svg)] == [2, 2, 1]
    assert svg.count("<circle") == 1
    by_twos = curve(Axis.of((1, 3, 5)), [Series("x", "#123", {1: 0.0, 3: 1.0})])
    assert [len(line) for line in lines(str(by_twos))] == [2]


def test_ticks_are_round_and_numbers_of_frames_are_frames() -> None:
    svg = str(curve(Axis.of(range(1001, 1201)), [Series("x", "#1", {1001: 0.0, 1200: 63.0})]))
    texts = [t.text for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert {"0", "20", "40", "60"} <= set(texts)
    frames = [int(t) for t in texts if t and int(t) > 1000]
    assert frames and all(n % 50 == 0 and 1001 <= n <= 1200 for n in frames)


def test_no_frames_and_no_values_are_a_curve_too() -> None:
    assert lines(str(curve(Axis.of(()), [Series("x", "#1", {})]))) == []


def test_a_strip_covers_each_frame_once() -> None:
    words = {1: "done", 2: "done", 3: "failed", 5: "done", 6: "done"}
    svg = str(strip(Axis.of(range(1, 7)), words, {"done": "#00f", "failed": "#f00"}))
    boxes = list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    titles = [b.find(f"{SVG}title").text for b in boxes]
    assert titles == ["1-2: done", "3: failed", "5-6: done"]
    widths = [float(b.attrib["width"]) for b in boxes]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.05)
    assert re.search(r'fill="#f00"', svg)
