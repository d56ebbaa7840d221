"""join the reports of a shot's renders, and make its page"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.flags import add_flags
from reage.job import RenderJob
from reage.settings import settings_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "reports", nargs="+", type=Path,
        help="what `reage render --report FILE.json` wrote, in any order; or folders of it",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True,
        help="page.html, with page.json beside it; or page.json alone",
    )
    add_flags(parser, (s for s in settings_of(RenderJob) if s.name == "frames"))
    parser.add_argument("--plate", help="where the plate is here, if not where the render read it")
    parser.add_argument("--layers", help="where its output is here, if not where it was written")
    parser.add_argument("--track", help="where its face track is here, if not where it was")
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.errors import PartialRender
    from reage.media.sequence import parse_frames
    from reage.tools.shot_report import words
    from reage.tools.shot_report.join import joined, load_reports
    from reage.tools.shot_report.where import Where
    from reage.tools.shot_report.write import (
        json_beside,
        require_report,
        with_flicker,
        write_report,
    )

    console = Console.of(args)
    reports = load_reports(args.reports, json_beside(args.output))
    require_report(args.output, [("report", path) for path in reports])
    report = joined(reports, parse_frames(args.frames) if args.frames else None)
    where = Where(
        args.plate or report.shot.plate, args.layers or report.shot.output, args.track
    )
    report = with_flicker(report, where)
    write_report(report, args.output, where)
    text = f"{words.text(report)}\nreport: {args.output}"
    console.result(text, {**words.document(report), "report": str(args.output)})
    if console.quiet:
        console.complaint(words.troubles(report))
    return PartialRender.exit_code if report.failures or report.missing else 0
