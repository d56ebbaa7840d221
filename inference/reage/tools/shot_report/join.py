"""The reports of renders that each did some frames of a shot, as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path, PureWindowsPath
from typing import Any

from reage.errors import SettingsError
from reage.media.frames import MOST_FRAMES
from reage.shaped import shown
from reage.shot.shot_report import FrameEntry, Notice, RenderRun, ShotFacts, ShotReport
from reage.shot.shot_report_file import load_report

_FILES = ("plate", "output", "model", "pattern", "age_map", "hair_matte", "faces")
"""What is told apart by its file's name alone: each machine of a farm may have its own folders."""

_MADE = ("done", "no face")
"""Outcomes of a frame that was written."""

TRACKS = (
    "The renders used different face tracks, so the face may jump between their frames. Make the "
    "track once, with `reage track`, and give it to all with --track."
)
SAME = "Join reports of one plate, with the same settings and model."
FACES = (
    "With --face all each render looks for the faces itself; name them once, in the file that "
    "`reage track --list -o faces.json` writes, and render all parts with --faces, or submit all "
    "frames as one job."
)
CROPS = (
    "The model saw the face at another size in some renders, {sides} px, so the change may jump "
    "between their frames. Make the track once and give it to all with --track, or set --crop-size."
)


def load_reports(paths: Iterable[Path], but: Path) -> dict[Path, ShotReport]:
    """Reports by their files; a folder stands for all *.json in it, hidden ones not, as those are
    drafts of renders that were killed, `but` the one that is to be written. Raises
    SettingsError."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("[!.]*.json")) if path.is_dir() else [path]
        files += [each for each in inside if path == each or each.resolve() != but.resolve()]
    if not files:
        raise SettingsError("There is no report in these folders: render with --report FILE.json.")
    return {path: load_report(path) for path in files}


def joined(reports: Mapping[Path, ShotReport], frames: Iterable[int] | None = None) -> ShotReport:
    """One report of all, whatever their order.

    Of a frame that several renders tell of counts what the one says that ended last; where it kept
    the file that stood there, what the one says that had made that very file. A frame without a
    report is missing. frames: of the whole shot; without them also those that lie between the spans
    of two renders, in the smallest step that frames have.

    Raises SettingsError for reports of other shots, settings or models.
    """
    (first, report), *rest = reports.items()
    for path, other in rest:
        _check_same(report.shot, other.shot, first, path)
    every = reports.values()
    runs = {run.id: run for each in every for run in each.runs}
    ordered = sorted(runs.values(), key=lambda run: (run.ended, run.id))
    place = {run.id: n for n, run in enumerate(ordered)}
    entries: dict[int, list[FrameEntry]] = {}
    for entry in sorted((f for r in every for f in r.frames), key=lambda f: place[f.run]):
        entries.setdefault(entry.number, []).append(entry)
    told = {number: _last(of_frame) for number, of_frame in sorted(entries.items())}
    left_out = {n for r in every for n in r.left_out} - set(told)
    known = {n for r in every for n in r.missing}
    asked = known | set(_between(ordered) if frames is None else frames)
    made_by = {frame.run for frame in told.values()}
    notices = [*_of_all(every), *_unlike([run for run in ordered if run.id in made_by])]
    return ShotReport(
        shot=_newest(every, ordered[-1].id).shot,
        runs=tuple(ordered),
        frames=tuple(told.values()),
        left_out=tuple(sorted(left_out)),
        missing=tuple(sorted(asked - set(told) - left_out)),
        notices=tuple({notice.text: notice for notice in notices}.values()),
    )


def _last(entries: Sequence[FrameEntry]) -> FrameEntry:
    """What holds of those of one frame, the last of which is the newest."""
    newest = entries[-1]
    made = [e for e in entries if e.outcome in _MADE and e.fingerprint == newest.fingerprint]
    return made[-1] if newest.outcome == "kept" and made else newest


def _newest(reports: Collection[ShotReport], run: str) -> ShotReport:
    return next(r for r in reports if any(each.id == run for each in r.runs))


def _between(runs: Sequence[RenderRun]) -> Iterator[int]:
    """Frames that lie in no render's span."""
    spans = sorted((min(run.frames), max(run.frames)) for run in runs if run.frames)
    numbers = sorted({n for run in runs for n in run.frames})
    step = min((after - before for before, after in pairwise(numbers)), default=1)
    reached = spans[0][1] if spans else 0
    left = MOST_FRAMES
    for start, end in spans[1:]:
        gap = range(reached + step, start, step)[:left]
        yield from gap
        left -= len(gap)
        reached = max(reached, end)


def _of_all(reports: Iterable[ShotReport]) -> Iterator[Notice]:
    """Each sentence once, with the frames of all that said it; in the order of frames."""
    said: dict[str, set[int]] = {}
    for report in sorted(reports, key=lambda r: min((f.number for f in r.frames), default=0)):
        for notice in report.notices:
            said.setdefault(notice.text, set()).update(notice.frames)
    for text, frames in said.items():
        yield Notice(text, tuple(sorted(frames)))


def _unlike(runs: Sequence[RenderRun]) -> Iterator[Notice]:
    every = tuple(sorted({n for run in runs for n in run.frames}))
    if len({tuple(track.sha256 for track in run.tracks) for run in runs}) > 1:
        yield Notice(TRACKS, every)
    if len({run.crops for run in runs}) > 1:
        sides = ", ".join(map(str, sorted({side for run in runs for side in run.crops})))
        yield Notice(CROPS.format(sides=sides), every)


def _check_same(one: ShotFacts, other: ShotFacts, first: Path, path: Path) -> None:
    mine, theirs = _facts(one), _facts(other)
    for name in {**mine, **theirs}:
        if mine.get(name) != theirs.get(name):
            raise SettingsError(
                f"{path} is not of the same shot as {first}: it has {name.replace('_', ' ')} "
                f"{shown(theirs.get(name))} in place of {shown(mine.get(name))}. "
                f"{FACES if name.split()[0] == 'face' else SAME}"
            )


def _facts(shot: ShotFacts) -> dict[str, Any]:
    """What must be the same in all, in the words of a sentence."""
    facts = asdict(shot)
    settings, model, faces = (facts.pop(name) for name in ("settings", "model", "faces"))
    facts |= {f"model's {name}": value for name, value in model.items()}
    facts |= {"number of faces": len(faces)} | settings
    for number, face in enumerate(faces):
        facts |= {f"{name} of face {number}": _named(name, value) for name, value in face.items()}
    return {name: _named(name, value) for name, value in facts.items()}


def _named(name: str, value: Any) -> Any:
    """A file by its name, wherever it is; a list of words as words."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return PureWindowsPath(value).name if name in _FILES and isinstance(value, str) else value
