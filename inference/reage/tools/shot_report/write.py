"""Where a shot report goes: its JSON alone, or the page with the JSON beside it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reage.errors import OutputError, SettingsError
from reage.media.overwriting import Named, refuse_overwriting
from reage.media.replacing import require_room_for, write_text
from reage.shot.shot_report import ShotReport
from reage.shot.shot_report_file import is_report, save_report
from reage.shot.tracking import is_track_of
from reage.tools.shot_report.flicker import measured_flicker
from reage.tools.shot_report.page import page
from reage.tools.shot_report.standing import with_standing
from reage.tools.shot_report.where import Where

ENDINGS = (".html", ".json")


def json_beside(path: Path) -> Path:
    """The file of a report's JSON, by the one that was asked for. Raises SettingsError for one
    that is named otherwise."""
    if path.suffix.lower() not in ENDINGS:
        raise SettingsError(f"A report is written as *.html or *.json; {path} is neither.")
    return path.with_suffix(".json")


def require_report(path: Path, inputs: Iterable[Named], output: str = "") -> None:
    """Before anything is rendered or joined: raises SettingsError where a report may not be named
    so, OutputError where it could not be written. inputs: what is read; output: of a render, whose
    face tracks stand beside it."""
    kept = json_beside(path)
    beside = "" if path == kept else f" A page's JSON goes beside it: of {path} that is {kept}."
    try:
        refuse_overwriting((path, kept), inputs)
        if output and is_track_of(kept, output):
            raise SettingsError(f"{kept} is where the render keeps its face track; name another.")
        if kept.is_file() and not is_report(kept):
            raise SettingsError(f"{kept} is no report, and would be overwritten; name another.")
    except SettingsError as e:
        raise SettingsError(f"{e}{beside}") from e
    for each in dict.fromkeys((path, kept)):
        require_room_for(each)


def write_whole(report: ShotReport, path: Path) -> None:
    """Write what a render did, joined with what stands there already of the same shot; a page with
    the flicker. Raises OutputError."""
    whole = with_standing(report, json_beside(path))
    where = Where.of(whole)
    if path != json_beside(path):
        whole = with_flicker(whole, where)
    write_report(whole, path, where)


def write_cut_short(report: ShotReport, path: Path) -> None:
    """The same of a render that an error ends, at once and so without the flicker; where it cannot
    be written, that error is the one to be told."""
    with suppress(OutputError):
        write_report(with_standing(report, json_beside(path)), path, Where.of(report))


def with_flicker(report: ShotReport, where: Where) -> ShotReport:
    """The same with the flicker of its change, which is read from the files."""
    return replace(report, flicker=measured_flicker(report, where))


def write_report(report: ShotReport, path: Path, where: Where) -> list[Path]:
    """Write a report's files; gives them, the one that was asked for first. where: the shot's
    files, for the pictures. Raises SettingsError, OutputError."""
    kept = json_beside(path)
    save_report(report, kept)
    if kept == path:
        return [path]
    write_text(path, page(report, where))
    return [path, kept]
