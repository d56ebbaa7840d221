"""A shot report in a few lines, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reage.media.sequence import compact
from reage.progress import frames_told
from reage.shot.shot_report import OUTCOME_WORDS, Notice, RenderRun, ShotReport


def text(report: ShotReport) -> str:
    """What became of the frames, a line each; failures and notices at the end."""
    count, seconds = len(report.frames), sum(run.seconds for run in report.runs)
    by = "1 render" if len(report.runs) == 1 else f"{len(report.runs)} renders"
    lines = [f"{frames_told(count)} by {by} in {seconds:.1f} s, added up"]
    for outcome, words in OUTCOME_WORDS.items():
        if numbers := report.numbers(outcome):
            lines.append(f"{words}: {compact(numbers)}")
    lines += [f"made anew: {compact(n)}: {why}" for why, n in report.made_anew.items()]
    if report.left_out:
        lines.append(f"no plate, left out: {compact(report.left_out)}")
    return "\n".join([*lines, *filter(None, [troubles(report)])])


def troubles(report: ShotReport) -> str:
    """What went wrong and what the artist should know, a line each; "" where all is well."""
    return "\n".join(_troubles(report))


def _troubles(report: ShotReport) -> Iterator[str]:
    if report.missing:
        yield f"missing, no report tells of them: {compact(report.missing)}"
    yield from (ended_early(run) for run in report.cut_short)
    yield from (f"failed: {f.number}: {f.error}" for f in report.failures)
    yield from (told(report, notice) for notice in report.notices)


def ended_early(run: RenderRun) -> str:
    """Of one that `ShotReport.cut_short` names."""
    return f"The render of the frames {compact(run.frames)} ended early: {run.error}"


def told(report: ShotReport, notice: Notice) -> str:
    """A notice, with the frames of the renders that said it where those are not all."""
    asked = {n for run in report.runs for n in run.frames}
    where = "" if asked <= set(notice.frames) else f"{compact(notice.frames)}: "
    return where + notice.text


def document(report: ShotReport) -> dict[str, Any]:
    """What a program wants of a joined report, less what its file holds."""
    return {
        "frames": len(report.frames),
        "failed": [f.number for f in report.failures],
        "missing": list(report.missing),
        "no_face": list(report.numbers("no face")),
        "notices": [told(report, notice) for notice in report.notices],
        "text": text(report),
    }
