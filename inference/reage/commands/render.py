"""re-age a shot"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.job_flags import add_job_flags, job_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_job_flags(parser)
    parser.add_argument(
        "--report", type=Path, metavar="FILE",
        help="what was done, frame by frame: page.html with page.json beside it, or page.json "
        "alone; `reage report` joins those of several renders",
    )  # fmt: skip
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.shot.rendering import render
    from reage.tools.shot_report.where import Where
    from reage.tools.shot_report.write import require_report, with_flicker, write_report

    console, job = Console.of(args), job_of(args)
    if args.report:
        require_report(args.report, job)
    report = render(job, progress=console.progress)
    text, document = report.text(), report.document()
    if args.report:
        where = Where.of(report.shot)
        whole = args.report.suffix.lower() == ".html"
        kept = with_flicker(report.shot, where) if whole else report.shot
        write_report(kept, args.report, where)
        text, document = f"{text}\nreport: {args.report}", {**document, "report": str(args.report)}
    console.result(text, document)
    if console.quiet:
        console.complaint(report.troubles())
    return report.exit_code
