"""What is weak about a model, told from its figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reage_training.evaluation.aims import AIMS, Report
from reage_training.evaluation.stills import IN_PARTS, NUDGES, Step, step_name
from reage_training.evaluation.strength import WHOLE, share

SEEN = 0.5
"""Code values of 8-bit sRGB, RMS or mean: a change below it is hardly seen, and its share of the
truth says nothing."""

ENOUGH = 0.9
"""Share of the true strength from which on nothing is called weak, as among the aims."""

NAMED = ("tone", "form", "detail")
"""Bands that are named; detail's octaves would say the same again."""


@dataclass(frozen=True)
class Weak:
    """A band of a region, and its share of the true strength."""

    band: str
    region: str
    share: float

    def __str__(self) -> str:
        return f"{self.band}, {self.region}: {self.share:.0%}"


def weakest(report: Report, step: str) -> list[Weak]:
    """Bands of regions with less than ENOUGH of a truth that is SEEN, the weakest first."""
    table = report["strength"].get(step, {})
    found = [
        Weak(band, region, there)
        for region, bands in table.items()
        if region != WHOLE
        for band in NAMED
        if bands[band]["true"] >= SEEN and (there := share(bands[band])) is not None
    ]
    return sorted((w for w in found if w.share < ENOUGH), key=lambda w: w.share)


def weakest_told(report: Report, step: Step, count: int = 3) -> str:
    """The weakest bands and regions of a step in a sentence."""
    name = step_name(step)
    if name not in report["strength"]:
        return f"Strength, {name}: not measured."
    weak = "; ".join(map(str, islice(weakest(report, name), count)))
    if not weak:
        return f"No band of any region is below {ENOUGH:.0%} of the true strength, {name}."
    return f"Weakest of the true strength, {name}: {weak}."


def weak_points(label: str, report: Report) -> Iterator[str]:
    """Sentences: aims missed, the weakest bands and regions, the person done worst, and the
    slider where it moves too little."""
    values = [(aim, aim.value(report)) for aim in AIMS]
    missed = [aim.text for aim, v in values if v is not None and not aim.reached(v)]
    absent = [aim.text for aim, v in values if v is None]
    verdict = f"misses: {'; '.join(missed)}" if missed else "reaches every aim that was measured"
    yield f"{label} {verdict}."
    if absent:
        yield f"Not measured: {'; '.join(absent)}."
    for step in reversed(IN_PARTS):
        yield weakest_told(report, step)
    for name in map(step_name, IN_PARTS):
        if worst := report["worst"].get(name):
            yield (
                f"Worst person, {name}: {worst['person']}, {worst['reduction']:.0%} of the error "
                "taken away."
            )
    for name in map(step_name, NUDGES):
        moved = report["nudges"].get(name)
        if moved and (moved["made"] < SEEN or moved["made"] < ENOUGH * moved["true"]):
            hardly = ": hardly seen" if moved["made"] < SEEN else ""
            yield (
                f"A slider from {name.replace('→', ' to ')} changes {moved['made']:.2f} of 255 on "
                f"skin, the truth {moved['true']:.2f}{hardly}."
            )
