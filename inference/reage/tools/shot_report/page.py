"""The page of a shot report; its words and their order stand in `page.html.j2`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reage.media.sequence import compact
from reage.shot.shot_report import FaceEntry, ShotReport
from reage.tools.shot_report.curves import Axis, Series, curve, strip
from reage.tools.shot_report.facts import LOOKS, cost, facts, verdict
from reage.tools.shot_report.pictures import GAIN, ShownFrame, shown_frames
from reage.tools.shot_report.where import Where
from reage.tools.shot_report.words import ended_early, told

OUTCOMES = {
    "done": "#4a7fb5",
    "kept": "#a9c3dd",
    "no face": "#c9c9c9",
    "failed": "#a52014",
    "missing": "#e2a43b",
    "left out": "#efe8d8",
}
"""What became of a frame → its color."""

STATES = {"seen": "#4a7fb5", "held": "#e2a43b", "edited": "#8a5fb0", "none": "#c9c9c9"}
"""A face's state → its color."""

STAGES = {
    "read": "#8ab17d", "encode": "#4a7fb5", "infer": "#a52014", "decode": "#8a5fb0",
    "write": "#e2a43b",
}  # fmt: skip
"""Stages of a frame, in their order → colors."""

_BLUE, _RED, _GREEN = "#4a7fb5", "#a52014", "#14692c"


@dataclass(frozen=True)
class FaceOfPage:
    """One face's curves and pictures."""

    ages: Markup
    states: Markup
    confidence: Markup
    change: Markup | None
    flicker: Markup | None
    score: str
    shown: list[ShownFrame]
    trouble: str
    looks: list[tuple[str, str, str]]


def page(report: ShotReport, where: Where) -> str:
    """The page's HTML, its pictures inside."""
    environment = Environment(
        loader=PackageLoader(__package__ or "", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    numbers = [f.number for f in report.frames]
    axis = Axis.of([*numbers, *report.missing, *report.left_out])
    sentence, whole = verdict(report)
    return environment.get_template("page.html.j2").render(
        report=report, compact=compact, ended_early=ended_early, facts=facts(report),
        verdict=sentence, whole=whole, outcomes=OUTCOMES, states=STATES, stages=STAGES, gain=GAIN,
        outcome_strip=strip(axis, _outcomes(report), OUTCOMES),
        faces=[_face(report, where, axis, n) for n in range(len(report.shot.faces))],
        cost=_cost(report, axis), spent=_spent(report),
        notices=[told(report, notice) for notice in report.notices],
    )  # fmt: skip


def _outcomes(report: ShotReport) -> Mapping[int, str]:
    found = {f.number: f.outcome for f in report.frames}
    found |= dict.fromkeys(report.missing, "missing") | dict.fromkeys(report.left_out, "left out")
    return dict(sorted(found.items()))


def _face(report: ShotReport, where: Where, axis: Axis, face: int) -> FaceOfPage:
    entries = {f.number: f.faces[face] for f in report.frames}
    shown, trouble = shown_frames(report, where, face)
    there = {n: entry for n, entry in entries.items() if entry.state != "none"}
    changes = {n: entry.change for n, entry in there.items() if entry.change is not None}
    looks = [
        (word, compact(numbers), LOOKS.get(word, ""))
        for word, numbers in report.looks(face).items()
    ]
    measured = report.flicker[face] if report.flicker else None
    flicker, score = None, measured.why if measured else "It was not measured."
    if measured and measured.score is not None:
        values = dict(zip(measured.frames, (100 * v for v in measured.values), strict=True))
        flicker = curve(axis, [Series("flicker", _RED, values)], low=0, unit=" %")
        score = f"{100 * measured.score:.1f} %"
    return FaceOfPage(
        ages=_ages(axis, entries),
        states=strip(axis, {n: entry.state for n, entry in entries.items()}, STATES),
        confidence=curve(
            axis, [Series("confidence", _GREEN, {n: e.confidence for n, e in there.items()})],
            low=0, high=1,
        ),
        change=curve(axis, [Series("change", _BLUE, changes)], low=0) if changes else None,
        flicker=flicker, score=score, shown=shown, trouble=trouble, looks=looks,
    )  # fmt: skip


def _ages(axis: Axis, entries: Mapping[int, FaceEntry]) -> Markup:
    source = Series("age in", "#666", {n: e.source_age for n, e in entries.items()}, dashed=True)
    target = Series("age out", _BLUE, {n: e.target_age for n, e in entries.items()})
    return curve(axis, [source, target])


def _cost(report: ShotReport, axis: Axis) -> Markup | None:
    """Stages above each other, the last the sum."""
    timed = [f for f in report.frames if f.seconds]
    lines, sums = [], dict.fromkeys((f.number for f in timed), 0.0)
    for stage, color in STAGES.items():
        sums = {f.number: sums[f.number] + f.seconds.get(stage, 0.0) for f in timed}
        lines.append(Series(stage, color, sums))
    return curve(axis, lines, low=0, unit=" s") if timed else None


def _spent(report: ShotReport) -> str:
    """What a frame costs, in a sentence."""
    spent = sorted(cost(f) for f in report.frames if f.seconds)
    if not spent:
        return "No frame was made, so none took any time."
    total = sum(run.seconds for run in report.runs)
    return (
        f"A frame took {spent[len(spent) // 2]:.2f} s in the median, {spent[-1]:.2f} s at most, "
        f"the wait for the model not counted; the renders took {_clock(total)}, added up."
    )


def _clock(seconds: float) -> str:
    """90 s, 12 min, 3 h 20 min."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
