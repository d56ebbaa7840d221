"""look at a render from end to end before its first frame: go, or what is wrong"""

from __future__ import annotations

import argparse

from reage.commands.job_flags import add_job_flags, job_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_job_flags(parser)
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.tools.preflight.preflight import preflight

    console = Console.of(args)
    found = preflight(job_of(args))
    console.result(found.text(), found.document())
    if console.quiet:
        console.complaint("\n".join(trouble.says for trouble in found.troubles))
    return found.exit_code
