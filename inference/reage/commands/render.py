"""re-age a shot"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.job_flags import add_job_flags, job_file, job_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_job_flags(parser)
    parser.add_argument(
        "--report", type=Path, metavar="FILE",
        help="what was done, frame by frame: page.html with page.json beside it, or page.json "
        "alone; `reage report` joins those of several renders",
    )  # fmt: skip
    parser.add_argument(
        "--chunk-report", type=Path, metavar="FOLDER",
        help="as a chunk of a farm's job: the same into this folder, as JSON named after the "
        "frames. Frames that fail, with --continue-on-error, are left for `reage report` to name, "
        "and the exit code is 0, so that it runs",
    )  # fmt: skip
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.errors import SettingsError
    from reage.farm.chunk import report_of_chunk
    from reage.shot.inputs import inputs_of
    from reage.shot.rendering import render
    from reage.tools.shot_report.write import require_report, write_cut_short, write_whole

    console, job, page = Console.of(args), job_of(args), args.report
    if args.chunk_report and page:
        raise SettingsError("--chunk-report takes the place of --report; leave one of them away.")
    if args.chunk_report:
        page = report_of_chunk(args.chunk_report, job.frames)
    if page is None:
        report = render(job, progress=console.progress)
    else:
        require_report(page, [("render job", job_file(args)), *inputs_of(job)], job.output)
        report = render(
            job, progress=console.progress, cut_short=lambda so_far: write_cut_short(so_far, page)
        )
        write_whole(report.shot, page)
    text, document = report.text(), report.document()
    if page is not None:
        text, document = f"{text}\nreport: {page}", {**document, "report": str(page)}
    console.result(text, document)
    if console.quiet:
        console.complaint(report.troubles())
    return 0 if args.chunk_report else report.exit_code
