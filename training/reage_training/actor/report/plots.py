"""The report's pictures of figures, by matplotlib: SVG whose bytes depend on the book alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from reage_training.actor.book import Entry
from reage_training.actor.ingest.held import EXPRESSIONS, LIGHTS, POSES
from reage_training.actor.ingest.judge import BLURRED
from reage_training.actor.report.coverage import Coverage

_STYLE: Any = {"svg.hashsalt": "reage", "svg.fonttype": "none", "font.size": 9}

_COLOR, _DOUBT = "#1f5fa8", "#c05a00"


def coverage_picture(found: Coverage) -> str:
    """Photographs by age, and by pose, light and expression: one panel each."""
    panels = ((POSES, found.poses, "pose"), (LIGHTS, found.lights, "light"),
              (EXPRESSIONS, found.expressions, "expression"))  # fmt: skip
    most = max(1, *(int(counts.max(initial=0)) for _, counts, _ in panels))
    with rc_context(_STYLE):
        width = min(11.0, 2.4 + 0.62 * max(found.bands, 4))
        figure = Figure(figsize=(width, 5.6), layout="constrained")
        all_axes = figure.subplots(3, 1, sharex=True)
        for axes, (names, counts, title) in zip(all_axes, panels, strict=True):
            shown = np.sqrt(counts / most)
            axes.imshow(shown, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
            for (row, column), count in np.ndenumerate(counts):
                if count:
                    dark = shown[row, column] > 0.65
                    axes.text(column, row, str(count), ha="center", va="center",
                              color="white" if dark else "#222")  # fmt: skip
                elif counts.sum(0)[column] or title != "pose":
                    axes.text(column, row, "·", ha="center", va="center", color="#bbb")
            axes.set_yticks(range(len(names)), names)
            axes.set_title(title, loc="left", fontsize=9, fontweight="bold")
            axes.spines[:].set_visible(False)
            axes.tick_params(length=0)
        all_axes[-1].set_xticks(range(found.bands), found.names)
        all_axes[-1].set_xlabel("age, years")
        return _text(figure)


def sharpness_picture(entries: Sequence[Entry]) -> str:
    """Px of face that are told apart, by age; hollow: the px that the file spends on it."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(7.6, 3.2), layout="constrained")
        axes = figure.subplots()
        shown = [e for e in entries if e.age is not None and e.face_px]
        ages = [float(e.age or 0) for e in shown]
        axes.vlines(ages, [e.detail_px for e in shown], [e.face_px for e in shown],
                    color="#ddd", linewidth=1, zorder=1)  # fmt: skip
        axes.scatter(ages, [e.face_px for e in shown], s=14, facecolor="white",
                     edgecolor="#999", label="in the file", zorder=2)  # fmt: skip
        colors = [_DOUBT if e.doubt else _COLOR for e in shown]
        axes.scatter(ages, [e.detail_px for e in shown], s=20, c=colors,
                     label="told apart", zorder=3)  # fmt: skip
        axes.axhline(BLURRED, color="#a52014", linewidth=1, linestyle="--")
        axes.set_yscale("log", base=2)
        highest = max([400.0, *(e.face_px for e in shown)])
        ticks = [t for t in (60, 120, 250, 500, 1000, 2000, 4000, 8000) if t <= 1.4 * highest]
        axes.set_yticks(ticks, [str(t) for t in ticks])
        axes.minorticks_off()
        axes.set(xlabel="age, years", ylabel="px of face", ylim=(40, 1.4 * highest))
        axes.grid(axis="y", color="#eee")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return _text(figure)


def _text(figure: Figure) -> str:
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :]
