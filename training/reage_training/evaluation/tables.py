"""The page's tables: figures of models side by side, as they are written, without markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reage.models.model_card import ModelCard
from reage_training.evaluation.aims import AIMS, Aim, Report, figure_at
from reage_training.evaluation.speed import SIDES, TILE
from reage_training.evaluation.splits import SPLITS
from reage_training.evaluation.steadiness import ROWS, rows_of
from reage_training.evaluation.stills import CONDITIONINGS, IN_PARTS, NUDGES, STEPS, Step, step_name
from reage_training.evaluation.strength import BANDS, PLACES, share

TRUTH = "ground truth"

Words = tuple[str, ...]


@dataclass(frozen=True)
class PageEntry:
    """One model on the page, and the color that it has there."""

    label: str
    file: str
    card: ModelCard
    sha256: str
    report: Report
    color: str


@dataclass(frozen=True)
class Cell:
    """A figure as it is written. kind: "good" or "bad" where it has an aim, "none" where it was
    not measured."""

    text: str
    kind: str = ""


NONE = Cell("—", "none")


@dataclass(frozen=True)
class Row:
    names: Words
    figures: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Heads of the rows' names and of the figures; over: what stands above the figures' heads,
    each over as many, where anything does."""

    names: Words
    figures: Words
    rows: tuple[Row, ...]
    over: Words = ()


@dataclass(frozen=True)
class Bar:
    """A strength, the true one, and the first as a share of it, None where that is nothing."""

    made: float
    true: float
    ratio: float | None
    color: str


def labels(entries: Sequence[PageEntry]) -> Words:
    return tuple(entry.label for entry in entries)


def aims(entries: Sequence[PageEntry]) -> Table:
    rows = (
        Row((aim.text, aim.wanted), tuple(_judged(aim, e.report) for e in entries)) for aim in AIMS
    )
    return Table(("", "aim"), labels(entries), tuple(rows))


def strength(entries: Sequence[PageEntry], step: Step) -> dict[str, list[list[Bar]]]:
    """By region: for each of BANDS a bar for each model. Without regions that no picture shows."""
    rows = {}
    for place in PLACES:
        of = [(figure_at(e.report, ("strength", step_name(step), place)), e) for e in entries]
        if of[0][0] is not None:
            rows[place] = [
                [Bar(t[band]["made"], t[band]["true"], share(t[band]), e.color) for t, e in of]
                for band in BANDS
            ]
    return rows


def errors(entries: Sequence[PageEntry]) -> Table:
    rows = []
    for step in STEPS:
        for conditioning in CONDITIONINGS:
            path = ("guides", step_name(step), conditioning)
            idle = step[0] == step[1]
            wanted = ("changes {:.5f}", *path, "change") if idle else ("{:.0%}", *path, "reduction")
            nothing = _cell(entries[0].report, "{:.5f}", *path, "nothing")
            if nothing != NONE:
                made = (_cell(e.report, *wanted) for e in entries)
                nothing = Cell("0") if idle else nothing
                rows.append(Row((step_name(step), conditioning), (nothing, *made)))
    heads = ("step", "conditioning map"), ("doing nothing", *labels(entries))
    return Table(*heads, tuple(rows))


def groups(entry: PageEntry) -> Table:
    steps = tuple(step_name(s) for s in STEPS if s[0] != s[1])
    rows = (
        Row((f"{kind}: {group}",),
            tuple(_cell(entry.report, "{:.0%}", "pairs", s, group, "reduction") for s in steps))
        for kind, names in SPLITS.items() for group in names
    )  # fmt: skip
    return Table(("",), steps, tuple(rows))


def parts(entries: Sequence[PageEntry]) -> Table:
    rows = [
        ((step, part), ("parts", step, part))
        for step in map(step_name, IN_PARTS)
        for part in ("detail", "form", "tone")
    ]
    forms = {"reduction": "{:.0%}", "amplitude": "{:.0%}", "correlation": "{:.2f}"}
    return _in_columns(entries, ("step", "part"), [*rows, (("", "hair"), ("hair",))], forms)


def nudges(entries: Sequence[PageEntry]) -> Table:
    rows = (((s,), ("{:.2f}", "nudges", s, "made")) for s in map(step_name, NUDGES))
    return _beside(entries, ("step",), rows, truth=True)


def identity(entries: Sequence[PageEntry]) -> Table:
    rows = (
        ((step, words), ("{:.2f}", "identity", step, *path))
        for step in map(step_name, IN_PARTS)
        for words, path in (
            ("shift, median", ("made", "median")),
            ("shift, 95th percentile", ("made", "p95")),
            ("mouth corners down", ("made", "corners_down")),
            (f"apart from the {TRUTH}, median", ("apart", "median")),
        )
    )
    return _beside(entries, ("step", "px"), rows, truth=True)


def outside(entries: Sequence[PageEntry]) -> Table:
    rows = (((s,), ("{:.5f}", "pairs", s, "all", "outside")) for s in map(step_name, STEPS))
    return _beside(entries, ("step",), rows)


def flicker(entries: Sequence[PageEntry], step: Step) -> Table:
    rows = (((row, ROWS[row]), ("flicker", step_name(step), row))
            for row in rows_of(entries[0].report["flicker"]))  # fmt: skip
    return _in_columns(
        entries, (step_name(step), ""), rows, {"flicker": "{:.1%}", "drift": "{:.0%}"}
    )


def waxiness(entries: Sequence[PageEntry]) -> Table:
    rows = (((s,), ("{:.0%}", "waxiness", s, "made")) for s in map(step_name, IN_PARTS))
    return _beside(entries, ("step",), rows, truth=True)


def speed(entries: Sequence[PageEntry]) -> Table:
    times = {f"{side} × {side} px, best of three": ("{:.0f} ms", "milliseconds", str(side))
             for side in SIDES}  # fmt: skip
    wanted: dict[str, Words] = {
        "runs on": ("{}", "device"),
        **times,
        "file": ("{:.1f} MB", "megabytes"),
        "parameters": ("{:,}", "parameters"),
        f"pixels computed for each one kept, in tiles of {TILE} px": ("{:.2f}×", "overhead"),
    }
    rows = (((words,), (form, "speed", *path)) for words, (form, *path) in wanted.items())
    table = _beside(entries, ("",), rows)
    halo = Row(("halo",), tuple(Cell(f"{e.card.halo} px") for e in entries))
    return Table(table.names, table.figures, (*table.rows, halo))


def _judged(aim: Aim, report: Report) -> Cell:
    value = aim.value(report)
    if value is None:
        return NONE
    return Cell(aim.form.format(value), "good" if aim.reached(value) else "bad")


def _cell(report: Report, form: str, *path: str) -> Cell:
    """The figure at a path, written as `form` says; NONE where there is none."""
    value = figure_at(report, path)
    return NONE if value is None else Cell(form.format(value))


def _beside(
    entries: Sequence[PageEntry], names: Words, rows: Iterable[tuple[Words, Words]],
    truth: bool = False,
) -> Table:  # fmt: skip
    """Rows of names and (form, *path). With truth its figure comes last: it stands in the first
    report, where "made" is "true" in the path."""
    made = tuple(
        Row(words, (
            *(_cell(e.report, *wanted) for e in entries),
            *([_true(entries[0].report, wanted)] if truth else ()),
        ))
        for words, wanted in rows
    )  # fmt: skip
    return Table(names, (*labels(entries), *([TRUTH] if truth else ())), made)


def _true(report: Report, wanted: Words) -> Cell:
    path = ("true" if key == "made" else key for key in wanted)
    return _cell(report, *path) if "made" in wanted else NONE


def _in_columns(
    entries: Sequence[PageEntry], names: Words, rows: Iterable[tuple[Words, Words]],
    forms: Mapping[str, str],
) -> Table:  # fmt: skip
    """Rows of names and a path, at whose keys several figures stand: each key's form."""
    made = (
        Row(words, tuple(_cell(e.report, form, *path, key)
                         for e in entries for key, form in forms.items()))
        for words, path in rows
    )  # fmt: skip
    return Table(names, tuple(forms) * len(entries), tuple(made), labels(entries))
