"""Curves over the frames of a shot, as SVG that stands in a page by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup, escape

WIDTH, HEIGHT = 1000, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 10, 8, 22

_TICKS = 4
"""About so many lines across a curve."""


@dataclass(frozen=True)
class Series:
    """A line. name: shown where a pointer rests on it; points: value by frame, ascending."""

    name: str
    color: str
    points: Mapping[int, float]
    dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """The frames of a shot along x: first, last, and the smallest step between two."""

    first: int
    last: int
    step: int = 1

    @classmethod
    def of(cls, frames: Sequence[int]) -> Axis:
        numbers = sorted(set(frames)) or [1]
        step = min((after - before for before, after in pairwise(numbers)), default=1)
        return cls(numbers[0], numbers[-1], step)

    def x(self, frame: float) -> float:
        """Of a frame's middle, in px."""
        count = (self.last - self.first) / self.step + 1
        at = (frame - self.first) / self.step + 0.5
        return _LEFT + at / count * (WIDTH - _LEFT - _RIGHT)


def curve(
    axis: Axis,
    lines: Sequence[Series],
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
) -> Markup:
    """Lines over the frames; low and high: of the values' axis, else by the values. A line breaks
    where a frame has no value."""
    values = [value for line in lines for value in line.points.values()]
    start, end = _range(values, low, high)

    def y(value: float) -> float:
        share = (min(max(value, start), end) - start) / (end - start)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP)

    parts = [*_across(start, end, y, unit), *_along(axis)]
    for line in lines:
        for run in _runs(axis, line.points):
            at = " ".join(f"{axis.x(n):.1f},{y(line.points[n]):.1f}" for n in run)
            dash = ' stroke-dasharray="5 4"' if line.dashed else ""
            parts.append(
                f'<polyline points="{at}" fill="none" stroke="{line.color}"{dash} '
                f'stroke-width="1.6" stroke-linejoin="round"><title>{escape(line.name)}</title>'
                "</polyline>"
            )
            if len(run) == 1:
                x, *_ = at.split(",")
                parts.append(f'<circle cx="{x}" cy="{y(line.points[run[0]]):.1f}" r="2" '
                             f'fill="{line.color}"/>')  # fmt: skip
    return _svg(HEIGHT, parts)


def strip(axis: Axis, words: Mapping[int, str], colors: Mapping[str, str]) -> Markup:
    """A bar of colored stretches: for each frame what its word is."""
    parts = []
    half = (axis.x(axis.first) - _LEFT) if axis.last > axis.first else (WIDTH - _LEFT - _RIGHT) / 2
    for word, run in groupby(words.items(), key=lambda item: item[1]):
        numbers = [number for number, _ in run]
        for stretch in _runs(axis, dict.fromkeys(numbers, 0.0)):
            x = axis.x(stretch[0]) - half
            width = axis.x(stretch[-1]) + half - x
            where = f"{stretch[0]}" + (f"-{stretch[-1]}" if len(stretch) > 1 else "")
            parts.append(
                f'<rect x="{x:.2f}" y="3" width="{width:.2f}" height="16" '
                f'fill="{colors[word]}"><title>{where}: {word}</title></rect>'
            )
    return _svg(22, parts)


def _svg(height: int, parts: Sequence[str]) -> Markup:
    head = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
    return Markup(head + "".join(parts) + "</svg>")


def _range(values: Sequence[float], low: float | None, high: float | None) -> tuple[float, float]:
    start = min(values, default=0.0) if low is None else low
    end = max(values, default=1.0) if high is None else high
    if end - start < 1e-9:
        end = start + (abs(start) * 0.1 or 1.0)
    step = _step(end - start)
    if low is None:
        start = math.floor(start / step) * step
    if high is None:
        end = math.ceil(end / step - 1e-9) * step
    return start, end


def _step(span: float) -> float:
    """1, 2 or 5 times a power of ten: about _TICKS of it are in a span."""
    power = 10.0 ** math.floor(math.log10(span / _TICKS))
    return next(power * n for n in (1, 2, 5, 10) if span / (power * n) <= _TICKS + 0.5)


def _across(start: float, end: float, y, unit: str) -> Iterator[str]:  # type: ignore[no-untyped-def]
    step = _step(end - start)
    for n in range(math.ceil(start / step - 1e-9), math.floor(end / step + 1e-9) + 1):
        at = y(n * step)
        yield (
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text x="{_LEFT - 7}" y="{at + 4:.1f}" text-anchor="end">{n * step:g}{unit}</text>'
        )


def _along(axis: Axis) -> Iterator[str]:
    """Frame numbers below."""
    span = axis.last - axis.first
    step = max(axis.step, int(_step(span / 2)) if span >= 2 else 1)
    first = math.ceil(axis.first / step) * step
    numbers = [n for n in range(first, axis.last + 1, step) if (n - axis.first) % axis.step == 0]
    for number in numbers or [axis.first]:
        x = axis.x(number)
        yield (
            f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{HEIGHT - _BOTTOM}" '
            f'y2="{HEIGHT - _BOTTOM + 4}"/>'
            f'<text x="{x:.1f}" y="{HEIGHT - 5}" text-anchor="middle">{number}</text>'
        )


def _runs(axis: Axis, points: Mapping[int, float]) -> Iterator[list[int]]:
    """Frames in a row, with none left out."""
    run: list[int] = []
    for number in points:
        if run and number - run[-1] > axis.step:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
