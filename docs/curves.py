"""The pictures of docs/speed.md, out of the tables that `reage bench` prints.

    reage bench growth --count 3000 > growth.txt
    reage bench plates --count 40 > plates.txt
    python docs/curves.py growth.txt plates.txt     # writes docs/growth.png and docs/plates.png

matplotlib comes with what training needs.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_HERE = Path(__file__).parent
_LOOK = {
    "font.size": 8, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": "#e4e4e4", "axes.titlesize": 8, "lines.marker": "o", "lines.markersize": 4,
}  # fmt: skip
_COLORS = {"tiled": "#2a6f97", "lines": "#bc6c25"}

_GROWTH = ("ms", "CPU ms", "file calls", "track kB", "load ms", "memory kB")
_TITLES = {
    "ms": "time, ms", "CPU ms": "CPU time, ms", "file calls": "file calls",
    "track kB": "track's JSON, kB", "load ms": "loading that, ms", "memory kB": "peak memory, kB",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("growth", type=Path)
    parser.add_argument("plates", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=_HERE, help="folder [docs]")
    args = parser.parse_args()
    with rc_context(_LOOK):
        for name, figure in (
            ("growth.png", growth(args.growth.read_text(encoding="utf-8"))),
            ("plates.png", plates(args.plates.read_text(encoding="utf-8"))),
        ):
            figure.savefig(args.out / name, dpi=110, metadata={"Software": None})


def growth(text: str) -> Figure:
    """What each further frame adds, by the length of the shot."""
    lines = re.findall(r"^ +\d.*$", text, re.M)
    rows = [[float(cell) for cell in line.split()] for line in lines]
    frames = [row[0] for row in rows]
    figure = Figure((8.6, 3.4), layout="constrained")
    figure.suptitle("What a further frame adds, in shots up to so many frames", fontsize=9)
    for place, name in enumerate(_GROWTH):
        axes = figure.add_subplot(2, 3, place + 1)
        axes.plot(frames, [row[place + 1] for row in rows], color=_COLORS["tiled"])
        axes.set_xscale("log")
        axes.set_xticks(frames, [f"{n:,.0f}" for n in frames], minor=False)
        axes.set_xticks([], minor=True)
        _from_zero(axes, _TITLES[name])
    return figure


def plates(text: str) -> Figure:
    """One face in wider and wider plates."""
    found = re.findall(r"^(\dK) (lines|tiled) +([-\d. ]+)$", text, re.M)
    figure = Figure((8.6, 2.3), layout="constrained")
    for place, (title, column) in enumerate(
        (("time of a further frame, ms", -4), ("CPU time of that, ms", -5), ("peak memory, MB", -1))
    ):
        axes = figure.add_subplot(1, 3, place + 1)
        for kind, words in (("lines", "scanline EXR"), ("tiled", "tiled EXR")):
            rows = {size: cells.split() for size, of, cells in found if of == kind}
            values = [float(cells[column]) for cells in rows.values()]
            axes.plot(list(rows), values, color=_COLORS[kind], label=words)
        _from_zero(axes, title)
        if place == 0:
            axes.legend(frameon=False)
    return figure


def _from_zero(axes: Axes, title: str) -> None:
    axes.set_title(title)
    axes.set_ylim(0, 1.25 * max(max(line.get_ydata()) for line in axes.lines))


if __name__ == "__main__":
    main()
