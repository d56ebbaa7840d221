"""What a default model is to reach: every aim, and where its figure stands in a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reage_training.evaluation.sweep import SLACK

Report = Mapping[str, Any]
"""What was measured of one model, as plain JSON; see `report`."""


def figure_at(report: Report, path: Sequence[str]) -> Any:
    """What stands in a report under key after key; None where nothing was measured."""
    found: Any = report
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True)
class Aim:
    """text of the figure; path to it in a report; low and high that it may have; how it is
    written; and what it is a part of."""

    text: str
    path: tuple[str, ...]
    low: float = float("-inf")
    high: float = float("inf")
    form: str = "{:.0%}"

    def value(self, report: Report) -> float | None:
        """The figure; None where it was not measured."""
        found = figure_at(report, self.path)
        return None if found is None else float(found)

    def reached(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def wanted(self) -> str:
        """The aim in words."""
        low, high = (self.form.format(end) for end in (self.low, self.high))
        if self.low == float("-inf"):
            return f"at most {high}"
        return f"at least {low}" if self.high == float("inf") else f"{low} to {high}"


def _step(step: str, name: str) -> tuple[str, ...]:
    return ("pairs", step, "all", name)


AIMS = (
    Aim("error taken away on skin, 65→30", _step("65→30", "reduction"), 0.65),
    Aim("error taken away on skin, 30→65", _step("30→65", "reduction"), 0.50),
    Aim("fine detail, amplitude, 65→30", _step("65→30", "detail_amplitude"), 0.90, 1.10),
    Aim("fine detail, correlation, 65→30", _step("65→30", "detail_correlation"), 0.80,
        form="{:.2f}"),
    Aim("fine detail, amplitude, 30→65", _step("30→65", "detail_amplitude"), 0.90, 1.10),
    Aim("fine detail, correlation, 30→65", _step("30→65", "detail_correlation"), 0.55,
        form="{:.2f}"),
    Aim("change outside the skin, 65→30", _step("65→30", "outside"), high=0.002, form="{:.4f}"),
    Aim("change outside the skin, 30→65", _step("30→65", "outside"), high=0.002, form="{:.4f}"),
    Aim("landmark shift, 65→30, median px", ("identity", "65→30", "made", "median"), high=1.0,
        form="{:.2f}"),
    Aim("landmark shift, 30→65, median px", ("identity", "30→65", "made", "median"), high=1.0,
        form="{:.2f}"),
    Aim("fine-detail energy left, 65→30", ("waxiness", "65→30", "made"), 0.60),
    Aim("flicker, model alone, 65→30", ("flicker", "65→30", "model", "flicker"), high=0.10),
    Aim("flicker, model alone, 30→65", ("flicker", "30→65", "model", "flicker"), high=0.10),
    Aim("flicker, model alone, noise, 65→30", ("flicker", "65→30", "model, noise", "flicker"),
        high=0.10),
    Aim("flicker, model alone, noise, 30→65", ("flicker", "30→65", "model, noise", "flicker"),
        high=0.10),
    Aim("flicker, whole engine, noise, 65→30", ("flicker", "65→30", "engine, noise", "flicker"),
        high=0.10),
    Aim("flicker, whole engine, noise, 30→65", ("flicker", "30→65", "engine, noise", "flicker"),
        high=0.10),
    Aim("sweep 20→80, smallest step", ("sweep", "worst_step"), -SLACK, form="{:+.1%}"),
    Aim("size of the file, MB", ("speed", "megabytes"), high=20.0, form="{:.1f}"),
    Aim("tiles: pixels computed for each one kept", ("speed", "overhead"), high=1.1,
        form="{:.2f}×"),
)  # fmt: skip
