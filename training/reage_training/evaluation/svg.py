"""Line charts and small bars as pieces of SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

COLORS = ("#1f5fa8", "#c0392b", "#2e8b57", "#8e44ad", "#b7791f")
WIDTH, HEIGHT = 640, 300
BAR, BAR_HEIGHT, BAR_TEXT = 60, 13, 108
"""px of a bar for 100 %, of its row, and of the words beside it."""

LONGEST = 1.3
"""Share at which a bar is cut off."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 12, 12, 40


@dataclass(frozen=True)
class PlotLine:
    """points (x, y); dashed and thin lines are for what is beside the point."""

    label: str
    color: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False
    thin: bool = False


def chart(lines: Sequence[PlotLine], x_label: str, y_label: str) -> str:
    """An <svg> of lines; y starts at 0. Lines without a label stay out of the legend."""
    xs = [x for line in lines for x, _ in line.points]
    low, high = min(xs), max(xs)
    top = max([y for line in lines for _, y in line.points] + [1e-9]) * 1.05

    def at(x: float, y: float) -> str:
        px = _LEFT + (x - low) / max(high - low, 1e-9) * (WIDTH - _LEFT - _RIGHT)
        py = HEIGHT - _BOTTOM - y / top * (HEIGHT - _TOP - _BOTTOM)
        return f"{px:.1f},{py:.1f}"

    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">']
    for k in range(5):
        y = top * k / 4
        x1, y1 = at(low, y).split(",")
        x2 = at(high, y).split(",")[0]
        parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y1}" class="grid"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{float(y1) + 4}" class="end">{y:.4f}</text>')
    for x in sorted({x for line in lines if not line.dashed for x, _ in line.points}):
        px = at(x, 0).split(",")[0]
        parts.append(f'<text x="{px}" y="{HEIGHT - _BOTTOM + 16}" class="mid">{x:g}</text>')
    for line in lines:
        style = f'stroke="{line.color}" stroke-width="{1 if line.thin else 2.5}"'
        style += ' stroke-dasharray="5 4"' if line.dashed else ""
        style += ' opacity="0.45"' if line.thin else ""
        parts.append(f'<polyline points="{" ".join(at(*p) for p in line.points)}" {style}/>')
    named = [line for line in lines if line.label]
    for k, line in enumerate(named):
        y = _TOP + 14 + 16 * k
        where = f'x="{_LEFT + 12}" y="{y}" fill="{line.color}"'
        parts.append(f"<text {where}>{escape(line.label)}</text>")
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" class="mid">{escape(x_label)}</text>')
    parts.append(
        f'<text x="14" y="{HEIGHT / 2}" class="mid" transform="rotate(-90 14 {HEIGHT / 2})">'
        f"{escape(y_label)}</text>"
    )
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True)
class Bar:
    """A share of something whose whole is 1, and what is said of it."""

    share: float
    label: str
    color: str
    pale: bool = False


def bars(rows: Sequence[Bar]) -> str:
    """An <svg> with a bar below another, each from 0; a line stands at 100 %."""
    width, height = round(BAR * LONGEST) + BAR_TEXT, BAR_HEIGHT * len(rows)
    parts = [f'<svg class="bars" viewBox="0 0 {width} {height}" width="{width}" role="img">']
    for k, bar in enumerate(rows):
        top, long = BAR_HEIGHT * k, BAR * min(max(bar.share, 0.0), LONGEST)
        pale = ' class="pale"' if bar.pale else ""
        parts.append(
            f'<g{pale}><rect x="0" y="{top + 2}" width="{long:.1f}" height="{BAR_HEIGHT - 4}" '
            f'fill="{bar.color}"/><text x="{width}" y="{top + BAR_HEIGHT - 3}" class="end">'
            f"{escape(bar.label)}</text></g>"
        )
    parts.append(f'<line x1="{BAR}" y1="0" x2="{BAR}" y2="{height}" stroke="#222"/>')
    return "".join([*parts, "</svg>"])
