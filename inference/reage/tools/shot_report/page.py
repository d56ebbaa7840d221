"""The page of a shot report; its words and their order stand in `page.html.j2`."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from reage.media.sequence import compact
from reage.shot.shot_report import ShotReport


@dataclass(frozen=True)
class Where:
    """The files of a shot on this machine: patterns, or a movie."""

    plate: str
    output: str

    @classmethod
    def of(cls, report: ShotReport) -> Where:
        return cls(report.shot.plate, report.shot.output)


def page(report: ShotReport, where: Where) -> str:
    """The page's HTML, its pictures inside."""
    environment = Environment(
        loader=PackageLoader(__package__ or "", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html.j2").render(report=report, compact=compact)
