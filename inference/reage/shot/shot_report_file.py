"""A shot report's file: JSON, written by `reage render --report` and `reage report`, for the page
beside it and for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from reage import strict_json
from reage.errors import SettingsError
from reage.faces.frame import FARTHEST, LARGEST, State
from reage.job import FARTHEST_FRAME
from reage.media.frames import MOST_FRAMES
from reage.media.replacing import write_text
from reage.shaped import made, shown
from reage.shot.shot_report import (
    OUTCOMES,
    VERSION,
    FaceEntry,
    FrameEntry,
    RenderRun,
    ShotReport,
)

_LIMITS = strict_json.Limits(256 << 20, 1 << 24)
"""Some 400 bytes and 25 values a frame and face: an hour of it."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

_LONGEST = 1e9
"""Seconds: thirty years."""

_BEGINS = b'{"reage_report"'

_TOLD = 5
"""Problems that a sentence names."""


def save_report(report: ShotReport, path: Path) -> None:
    """A frame a line, whole or not at all. Raises OutputError."""
    document = report.document()
    frames = ",\n".join(json.dumps(entry, allow_nan=False) for entry in document.pop("frames"))
    head = json.dumps(document, allow_nan=False).removesuffix("}")
    write_text(path, f'{head}, "frames": [\n{frames}\n]}}\n')


def load_report(path: Path) -> ShotReport:
    """Raises SettingsError."""
    data = strict_json.load(path, f"the report {path}", SettingsError, _LIMITS)
    version = data.pop("reage_report", None) if isinstance(data, dict) else None
    if version is True or version != VERSION:
        raise SettingsError(
            f'{path} is no report of a shot: it must start with {{"reage_report": {VERSION}, '
            "…, as `reage render --report` writes it."
        )
    report = made(ShotReport, data, f"The report {path}", SettingsError)
    if problems := list(_problems(report)):
        raise SettingsError(f"The report {path} is wrong: {'; '.join(problems[:_TOLD])}.")
    return report


def is_report(path: Path) -> bool:
    """Whether a file is meant to be one, by how it begins, whatever else is in it."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINS)) == _BEGINS
    except OSError:
        return False


def _problems(report: ShotReport) -> Iterator[str]:
    faces, ids = len(report.shot.faces), {run.id for run in report.runs}
    if not report.runs:
        yield "it has no runs"
    if not faces:
        yield "its shot has no faces"
    if len(ids) < len(report.runs):
        yield "two runs have one id"
    for run in report.runs:
        yield from _of_run(run, faces)
    numbers = [f.number for f in report.frames]
    if numbers != sorted(set(numbers)):
        yield "its frames do not ascend"
    told = (run.frames for run in report.runs)
    for given in (numbers, report.left_out, report.missing, *told):
        if len(given) > MOST_FRAMES or any(abs(n) > FARTHEST_FRAME for n in given):
            yield f"it has more than {MOST_FRAMES} frames, or one beyond {FARTHEST_FRAME}"
    for frame in report.frames:
        yield from (f"frame {frame.number}: {why}" for why in _of_frame(frame, ids, faces))
    if len(report.flicker) not in (0, faces):
        yield f"it has flicker of {len(report.flicker)} faces, the shot has {faces}"
    for curve in report.flicker:
        if len(curve.frames) != len(curve.values) or not _within(0, 1e6, *curve.values):
            yield "flicker is a value from 0 for each frame"
    for rights in report.shot.rights:
        yield from (f"rights: {problem}" for problem in rights.problems())


def _of_run(run: RenderRun, faces: int) -> Iterator[str]:
    for name in ("started", "ended"):
        if not _TIME.fullmatch(getattr(run, name)):
            said = shown(getattr(run, name))
            yield f"a run's {name} is {said}; it must be a time such as 2026-11-30T22:15:45.123Z"
    if not len(run.tracks) == len(run.crops) == faces:
        yield f"a run needs crops and tracks for {faces} faces"
    if not _within(0, _LONGEST, run.seconds):
        yield "a run's seconds are a number from 0"


def _of_frame(frame: FrameEntry, runs: set[str], faces: int) -> Iterator[str]:
    if frame.run not in runs:
        yield f"there is no run {shown(frame.run)}"
    if frame.outcome not in OUTCOMES:
        yield f"outcome is {shown(frame.outcome)}; it is {', '.join(OUTCOMES)}"
    if len(frame.faces) != faces:
        yield f"it has {len(frame.faces)} faces, the shot {faces}"
    for face in frame.faces:
        yield from _of_face(face)
    spent = tuple(frame.seconds.values())
    if not all(type(each) in (int, float) for each in spent) or not _within(0, _LONGEST, *spent):
        yield "seconds are numbers by stage, 0 or more"


def _of_face(face: FaceEntry) -> Iterator[str]:
    if face.state not in get_args(State):
        yield f"state is {shown(face.state)}; it is {', '.join(get_args(State))}"
    if not _within(0, 1, face.confidence):
        yield "confidence goes from 0 to 1"
    if not _within(0, LARGEST, face.size) or not _within(-FARTHEST, FARTHEST, *face.center):
        yield "size and center are px of a plate"
    if not _within(-360, 360, face.degrees):
        yield "degrees go from -360 to 360"
    if not _within(0, 1e3, face.source_age, face.target_age) or not _within(0, 1e6, face.change):
        yield "ages and change are numbers from 0"


def _within(low: float, high: float, *values: float | None) -> bool:
    return all(value is None or low <= value <= high for value in values)
