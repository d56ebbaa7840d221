"""The page's plots, by matplotlib: SVG whose bytes depend on the figures alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from reage_training.evaluation.sweep import TARGETS, TRUE_AT
from reage_training.evaluation.tables import TRUTH, PageEntry

COLORS = ("#1f5fa8", "#c0392b", "#2e8b57", "#8e44ad", "#b7791f")
"""Of the models, in their order; on the whole page."""


def growth(entries: Sequence[PageEntry]) -> str:
    """How the change grows from 20 to 80: each model's mean, thin lines for each person, and the
    truth's mean, dashed."""
    with rc_context({"svg.hashsalt": "reage", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        axes = figure.subplots()
        for entry in entries:
            people = np.array(entry.report["sweep"]["means"])
            axes.plot(TARGETS, people.T, color=entry.color, linewidth=0.8, alpha=0.4)
            axes.plot(TARGETS, people.mean(0), color=entry.color, linewidth=2, label=entry.label)
        true = np.array(entries[0].report["sweep"]["true"]).mean(0)
        axes.plot(TRUE_AT, true, color="#444", linewidth=2, linestyle="--", label=TRUTH)
        axes.set(xlabel="target age, years", ylabel="mean |change| on skin",
                 xticks=TARGETS, xlim=(TARGETS[0], TARGETS[-1]), ylim=(0, None))  # fmt: skip
        axes.grid(axis="y", color="#e0e0e0")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()
