"""Where a shot report goes: its JSON alone, or the page with the JSON beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reage.errors import SettingsError
from reage.job import RenderJob
from reage.media.overwriting import refuse_overwriting
from reage.shot.inputs import inputs_of
from reage.shot.shot_report import ShotReport
from reage.shot.shot_report_file import save_report, write_text
from reage.shot.tracking import require_room_for
from reage.tools.shot_report.flicker import measured_flicker
from reage.tools.shot_report.page import page
from reage.tools.shot_report.where import Where

ENDINGS = (".html", ".json")


def json_beside(path: Path) -> Path:
    """The file of a report's JSON, by the one that was asked for. Raises SettingsError for one
    that is named otherwise."""
    if path.suffix.lower() not in ENDINGS:
        raise SettingsError(f"A report is written as *.html or *.json; {path} is neither.")
    return path.with_suffix(".json")


def require_report(path: Path, job: RenderJob) -> None:
    """Before a render: raises SettingsError where its report may not be named so, OutputError where
    it could not be written."""
    files = {path, json_beside(path)}
    refuse_overwriting(files, inputs_of(job))
    for each in files:
        require_room_for(each)


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
