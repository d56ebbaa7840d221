"""Where the files of a shot are on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from reage.shot.shot_report import ShotReport


@dataclass(frozen=True)
class Where:
    """Patterns, or a movie. track: of the only face; else each is where its render had it."""

    plate: str
    output: str
    track: str | None = None

    @classmethod
    def of(cls, report: ShotReport) -> Where:
        return cls(report.shot.plate, report.shot.output)
