"""What a report that stands already still tells of a shot, once some of its frames are rendered
again: a farm's chunk that was tried twice has one report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from reage.errors import SettingsError
from reage.media.patterns import frame_path
from reage.shot.finished import is_movie
from reage.shot.metadata import made_from
from reage.shot.shot_report import FrameEntry, ShotReport
from reage.shot.shot_report_file import load_report
from reage.tools.shot_report.join import joined
from reage.tools.shot_report.shot_files import written_as


def with_standing(report: ShotReport, path: Path) -> ShotReport:
    """A render's report, joined with the one that stands at `path` where that is of the same shot,
    settings and model. Of it counts what is told of frames that the render kept, or was not asked
    for and whose files are still those; nothing of a movie, which is made anew as a whole."""
    if is_movie(report.shot.output):
        return report
    try:
        there = load_report(path)
        both = joined({path: _holding(there, report), Path(report.runs[-1].id): report}, ())
    except SettingsError:  # there is none, or it is of something else
        return report
    return both if {run.id for run in there.runs} & {f.run for f in both.frames} else report


def _holding(there: ShotReport, report: ShotReport) -> ShotReport:
    told = {frame.number for frame in report.frames}
    return replace(there, frames=tuple(_still(there, told)), flicker=())


def _still(there: ShotReport, told: Collection[int]) -> Iterator[FrameEntry]:
    output = written_as(there, there.shot.output)
    for frame in there.frames:
        path = frame_path(output, frame.number)
        if frame.number in told or not frame.fingerprint or made_from(path, frame.fingerprint):
            yield frame
