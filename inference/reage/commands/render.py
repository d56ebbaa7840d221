"""re-age a shot"""

from __future__ import annotations

import argparse

from reage.commands.job_flags import add_job_flags, job_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_job_flags(parser)
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.shot.rendering import render

    console = Console.of(args)
    report = render(job_of(args), progress=console.progress)
    console.result(report.text(), report.document())
    if console.quiet:
        console.complaint(report.troubles())
    return report.exit_code
