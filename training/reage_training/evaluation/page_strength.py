"""The page's first words, what is weak, and its tables of strength."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reage_training.evaluation import html
from reage_training.evaluation.aims import Report
from reage_training.evaluation.html import NONE, Cell, Markup
from reage_training.evaluation.stills import NUDGES, STRONG, step_name
from reage_training.evaluation.strength import BANDS, PLACES, share
from reage_training.evaluation.svg import Bar, bars
from reage_training.evaluation.weak import SEEN, weak_points, weakest_told

Named = tuple[str, Report, str]
"""A model's label, what was measured of it, and its color."""


def weaknesses(models: Sequence[Named]) -> Iterator[str]:
    yield html.section("What is weak")
    for label, report, _ in models:
        yield html.items(weak_points(label, report))


def strength(models: Sequence[Named]) -> Iterator[str]:
    yield html.section("Strength by band and region")
    yield html.text(
        "RMS of the change in code values of 8-bit sRGB, 0 to 255, pooled over all people, with "
        "each step's main guide: made, of the true one, and their ratio. The line stands at 100 %. "
        "Ratios say how much there is, not whether it lies in the right place; for that see the "
        f"error. Pale where the truth is below {SEEN:g}, which is hardly seen."
    )
    widths = "; ".join(f"{band} {width}" for band, width in BANDS.items())
    yield html.note(
        f"Bands, in face heights from hairline to chin: {widths}; the last two are detail in "
        "halves. Regions by the view's face UV, each pixel in one at most; features are brows, "
        "eyes and lips as one."
    )
    for step in STRONG:
        yield from _strength_of(models, step_name(step))
        for label, report, _ in models:
            yield html.text(f"{label}. {weakest_told(report, step)}")


def _strength_of(models: Sequence[Named], step: str) -> Iterator[str]:
    yield html.heading(step)
    rows: list[Sequence[Cell]] = []
    for place in PLACES:
        tables = [report["strength"].get(step, {}).get(place) for _, report, _ in models]
        if tables[0] is None:
            continue
        rows.append([place, *(_cell(models, [t[band] for t in tables]) for band in BANDS)])
    yield html.table(["", *BANDS], rows)
    if len(models) > 1:
        yield html.legend((label, color) for label, _, color in models)


def _cell(models: Sequence[Named], cells: Sequence[dict[str, float]]) -> Cell:
    """A bar for each model."""
    made = []
    for (_, _, color), cell in zip(models, cells, strict=True):
        ratio = share(cell)
        told = f"{cell['made']:.1f} of {cell['true']:.1f}"
        told += f", {ratio:.0%}" if ratio is not None else ""
        made.append(Bar(ratio or 0.0, told, color, pale=cell["true"] < SEEN))
    return Markup(bars(made))


def nudges(models: Sequence[Named]) -> Iterator[str]:
    yield html.section("Ten years, as a slider is tried")
    yield html.text(
        "Mean |change| on the skin in code values of 8-bit sRGB, 0 to 255, over all people."
    )
    rows: list[Sequence[Cell]] = []
    for step in map(step_name, NUDGES):
        moved = [report["nudges"].get(step) for _, report, _ in models]
        made: list[Cell] = [f"{m['made']:.2f}" if m else NONE for m in moved]
        rows.append([step, *made, f"{moved[0]['true']:.2f}" if moved[0] else NONE])
    yield html.table(["", *(label for label, _, _ in models), "truth"], rows)
