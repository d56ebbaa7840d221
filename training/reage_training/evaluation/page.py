"""The page: figures and pictures of models side by side, from what was measured."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reage.model_card import ModelCard
from reage_training.evaluation import html
from reage_training.evaluation.aims import AIMS, Aim, Report
from reage_training.evaluation.figures import DETAIL, NO_SKIN
from reage_training.evaluation.flicker import FORMULA
from reage_training.evaluation.gallery import NUDGE_GAIN, Captioned
from reage_training.evaluation.html import NONE, Cell
from reage_training.evaluation.identity import STILL_POINTS
from reage_training.evaluation.page_strength import nudges, strength, weaknesses
from reage_training.evaluation.sheet import GAIN
from reage_training.evaluation.speed import SIDES, TILE
from reage_training.evaluation.splits import HARD, SPLITS, TURNED
from reage_training.evaluation.steadiness import NOISE, ROWS, rows_of
from reage_training.evaluation.stills import GUIDES, IN_PARTS, STEPS, step_name
from reage_training.evaluation.svg import COLORS, PlotLine, chart
from reage_training.evaluation.sweep import LAW, SLACK, TARGETS, TRUE_AT


@dataclass(frozen=True)
class PageEntry:
    """One model on the page."""

    label: str
    file: str
    card: ModelCard
    sha256: str
    report: Report


@dataclass(frozen=True)
class PagePictures:
    """Files beside the page with their captions."""

    people: Captioned
    worst: Captioned
    close: Captioned
    sweeps: Captioned
    nudges: Captioned
    motion: Captioned
    portraits: Captioned


def page(entries: Sequence[PageEntry], pictures: PagePictures, command: str, people: str) -> str:
    """The whole page. people: who was held out, in a sentence."""
    title = "How good: " + ", ".join(entry.label for entry in entries)
    return html.page(title, _body(entries, pictures, command, people))


def _body(
    entries: Sequence[PageEntry], pictures: PagePictures, command: str, people: str
) -> Iterator[str]:
    yield html.text(people)
    yield html.code_block(command)
    yield html.note(
        "Changes are measured in ACEScct code values, in which a stop is 0.057, on rendered people "
        "whose true change is known; nothing but their skin differs between two ages."
    )
    named = [(e.label, e.report, color) for e, color in zip(entries, _colors(entries), strict=True)]
    yield from weaknesses(named)
    yield from _aims(entries)
    yield html.section("People")
    yield html.note(f"Changes are gray ± {GAIN:g} × the difference in sRGB.")
    yield from _figures(pictures.people)
    yield html.full_size(_figures(pictures.close))
    yield html.section("Where it does worst")
    yield html.note(
        f"Of all the people measured, the picture that {entries[0].label} takes least error from, "
        "older and younger; the caption tells how much."
    )
    yield from _figures(pictures.worst)
    yield from strength(named)
    yield from _errors(entries)
    yield from _parts(entries)
    yield from _sweep(entries)
    yield html.note("One person at full size: the truth, and models from 20 and from the middle.")
    yield html.full_size(_figures(pictures.sweeps))
    yield from nudges(named)
    yield html.note(f"Changes are gray ± {NUDGE_GAIN:g} × the difference in sRGB.")
    yield from _figures(pictures.nudges)
    yield from _identity(entries)
    yield from _outside(entries)
    yield from _flicker(entries)
    yield from _figures(pictures.motion)
    yield from _waxiness(entries)
    yield from _figures(pictures.portraits)
    yield from _speed(entries)
    yield from _cards(entries)


def _figures(pictures: Captioned) -> Iterator[str]:
    return (html.figure(source, caption) for source, caption in pictures)


def _aims(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Aims")
    rows = [[aim.text, aim.wanted, *(_judged(aim, e.report) for e in entries)] for aim in AIMS]
    yield html.table(["", "aim", *_labels(entries)], rows)


def _judged(aim: Aim, report: Report) -> Cell:
    value = aim.value(report)
    if value is None:
        return NONE
    return aim.form.format(value), "good" if aim.reached(value) else "bad"


def _labels(entries: Sequence[PageEntry]) -> list[str]:
    return [entry.label for entry in entries]


def _of(report: Report, *path: str, form: str = "{:.0%}") -> Cell:
    """A figure at a path, written; a dash where there is none."""
    found: Any = report
    for key in path:
        if not isinstance(found, Mapping) or found.get(key) is None:
            return NONE
        found = found[key]
    return form.format(found)


def _errors(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Error on the skin, against doing nothing")
    yield html.text(
        "Share of doing nothing's mean |difference from the truth| on skin that the model takes "
        "away: 100 % is perfect, 0 % is no better than no change, below it is worse."
    )
    for name, words in GUIDES.items():
        yield html.note(f"Guide “{name}”: {words}.")
    rows: list[Sequence[Cell]] = []
    for step in map(step_name, STEPS):
        for guide in GUIDES:
            if guide not in entries[0].report["guides"][step]:
                continue
            path = ("guides", step, guide)
            if step.split("→")[0] == step.split("→")[1]:
                made = [_of(e.report, *path, "change", form="changes {:.5f}") for e in entries]
                rows.append([step, guide, "0", *made])
                continue
            nothing = _of(entries[0].report, *path, "nothing", form="{:.5f}")
            made = [_of(e.report, *path, "reduction") for e in entries]
            rows.append([step, guide, nothing, *made])
    yield html.table(["step", "guide", "doing nothing", *_labels(entries)], rows)
    yield html.note(
        "By group, with each step's main guide (other when de-ageing, own when ageing). Skin tone "
        f"in thirds of its range; turned is |yaw| of {TURNED:g}° or more; hard light is at least "
        f"{HARD:.0%} from key lights on a surface that faces the camera; back light is any key "
        "from behind, and counts as hard or soft as well."
    )
    steps = [step_name(s) for s in STEPS if s[0] != s[1]]
    for entry in entries:
        yield html.heading(entry.label)
        rows = [
            [
                f"{kind}: {group}",
                *(_of(entry.report, "pairs", s, group, "reduction") for s in steps),
            ]
            for kind, groups in SPLITS.items()
            for group in groups
        ]
        yield html.table(["", *steps], rows)


def _parts(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Each part against its truth")
    yield html.text(
        "Share of the error taken away, amplitude and correlation of detail, form and tone by "
        "themselves, on skin, with the main guide. Models that name no parts are taken apart by "
        "frequency, as the engine does. Hair: the greying, times its matte, where hair is."
    )
    what = {"reduction": "{:.0%}", "amplitude": "{:.0%}", "correlation": "{:.2f}"}
    rows: list[Sequence[Cell]] = [
        [step, part, *(_of(e.report, "parts", step, part, w, form=what[w])
                       for e in entries for w in what)]
        for step in map(step_name, IN_PARTS)
        for part in ("detail", "form", "tone")
    ]
    rows.append(["", "hair", *(_of(e.report, "hair", w, form=what[w])
                              for e in entries for w in what)])
    head = [f"{label}, {w}" for label in _labels(entries) for w in what]
    yield html.table(["step", "part", *head], rows)
    for entry in entries:
        if (off := entry.report["hair"].get("matte_error")) is not None:
            yield html.note(f"{entry.label}: mean error of the hair's matte {off:.3f}.")


def _sweep(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("From 20 to 80")
    yield html.text(LAW)
    lines = []
    for entry, color in zip(entries, _colors(entries), strict=True):
        rows = entry.report["sweep"]["means"]
        points = (list(zip(TARGETS, row, strict=True)) for row in rows)
        lines += [PlotLine("", color, each, thin=True) for each in points]
        mean = [sum(c) / len(c) for c in zip(*rows, strict=True)]
        lines.append(PlotLine(entry.label, color, list(zip(TARGETS, mean, strict=True))))
    true = entries[0].report["sweep"]["true"]
    mean = [sum(c) / len(c) for c in zip(*true, strict=True)]
    lines.append(PlotLine("truth", "#444", list(zip(TRUE_AT, mean, strict=True)), dashed=True))
    yield chart(lines, "target age, years", "mean |change| on skin")
    for entry in entries:
        worst = entry.report["sweep"]["worst_step"]
        word = "holds" if worst >= -SLACK else "is broken"
        yield html.text(f"{entry.label}: the law {word}; the smallest step is {worst:+.2%}.")


def _colors(entries: Sequence[PageEntry]) -> list[str]:
    return [COLORS[k % len(COLORS)] for k in range(len(entries))]


def _identity(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Identity")
    yield html.text(
        "The landmark network of the engine looks at each picture before and after, through the "
        f"same window. How far it finds {', '.join(STILL_POINTS)} moved, in px of a 512 px view; "
        "and how far down the mouth's corners went against the middle of the lips (below zero is "
        "up). For the truth, whose geometry stays, the shift is what the network mistakes: so the "
        "last line tells how far its landmarks lie apart on the picture made and on the true one."
    )
    rows: list[Sequence[Cell]] = []
    for step in map(step_name, IN_PARTS):
        for whose, what, words in (
            ("made", "median", "shift, median"), ("made", "p95", "shift, 95th percentile"),
            ("made", "corners_down", "mouth corners down"),
            ("apart", "median", "apart from the truth, median"),
        ):  # fmt: skip
            cells = [_of(e.report, "identity", step, whose, what, form="{:.2f}") for e in entries]
            true = _of(entries[0].report, "identity", step, "true", what, form="{:.2f}")
            rows.append([step, words, *cells, true if whose == "made" else NONE])
    yield html.table(["step", "px", *_labels(entries), "truth"], rows)


def _outside(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Change outside the skin")
    yield html.text(
        f"Mean |delta| where the skin's cover is below {NO_SKIN:g}: background, clothes and "
        "hair, each pixel once. The model alone, before the engine's matte; the greying "
        "of hair is not in the delta."
    )
    rows = [
        [step, *(_of(e.report, "pairs", step, "all", "outside", form="{:.5f}") for e in entries)]
        for step in map(step_name, STEPS)
    ]
    yield html.table(["step", *_labels(entries)], rows)


def _flicker(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Flicker")
    yield html.text(FORMULA)
    yield html.note(
        f"Camera noise: Gaussian, σ = {NOISE:g} × √light in each channel ({NOISE / 0.18**0.5:.1%} "
        "of mid-gray)."
    )
    table = entries[0].report["flicker"]
    for step in map(step_name, IN_PARTS):
        rows = [
            [row, (ROWS[row], "text"), *(c for e in entries for c in (
                _of(e.report, "flicker", step, row, "flicker", form="{:.1%}"),
                _of(e.report, "flicker", step, row, "drift"),
            ))]
            for row in rows_of(table)
        ]  # fmt: skip
        head = [f"{label}, {w}" for label in _labels(entries) for w in ("flicker", "drift")]
        yield html.table([step, "", *head], rows)
    jitter = ", ".join(f"{name} {px:.2f} px" for name, px in entries[0].report["track"].items())
    yield html.text(f"The track's own jitter at 512 px, by the same rule: {jitter}." if jitter else
                    "The engine's track lost the face in some frame, so no track's jitter is told.")


def _waxiness(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Waxiness")
    yield html.text(
        f"Energy (mean square) of the picture's detail finer than σ {DETAIL:g} px at 512 px on "
        "skin, after over before. The truth says what is left where only lines go and pores stay."
    )
    rows = [
        [
            step,
            *(_of(e.report, "waxiness", step, "made") for e in entries),
            _of(entries[0].report, "waxiness", step, "true"),
        ]
        for step in map(step_name, IN_PARTS)
    ]  # fmt: skip
    yield html.table(["step", *_labels(entries), "truth"], rows)


def _speed(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Speed and size")
    devices = [_of(e.report, "speed", "device", form="{}") for e in entries]
    rows: list[Sequence[Cell]] = [["runs on", *devices]]
    for side in map(str, SIDES):
        cells = [_of(e.report, "speed", "milliseconds", side, form="{:.0f} ms") for e in entries]
        rows.append([f"{side} × {side} px, best of three", *cells])
    for words, key, form in (
        ("file", "megabytes", "{:.1f} MB"),
        ("parameters", "parameters", "{:,}"),
        (f"pixels computed for each one kept, in tiles of {TILE} px", "overhead", "{:.2f}×"),
    ):
        rows.append([words, *(_of(e.report, "speed", key, form=form) for e in entries)])
    rows.append(["halo", *(f"{e.card.halo} px" for e in entries)])
    yield html.table(["", *_labels(entries)], rows)
    yield html.note("Times are of one machine at one moment; compare the columns.")


def _cards(entries: Sequence[PageEntry]) -> Iterator[str]:
    yield html.section("Cards")
    for entry in entries:
        card = {k: v for k, v in asdict(entry.card).items() if k != "figures"}
        yield html.heading(f"{entry.label}: {entry.file}, sha256 {entry.sha256}")
        yield html.code_block(json.dumps(card, indent=1, ensure_ascii=False))
