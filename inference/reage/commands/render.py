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
    from reage.tools.shot_report.write import require_report, write_report

    console, job = Console.of(args), job_of(args)
    if args.report:
        require_report(args.report, job)
    report = render(job, progress=console.progress)
    written = write_report(report.shot, args.report) if args.report else []
    told = {"report": str(written[0])} if written else {}
    console.result("\n".join([report.text(), *(f"report: {path}" for path in written[:1])]),
                   {**report.document(), **told})  # fmt: skip
    if console.quiet:
        console.complaint(report.troubles())
    return report.exit_code
