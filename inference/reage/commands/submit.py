"""write a render job for a farm, as an Open Job Description bundle"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.job_flags import add_job_flags, job_file, job_of
from reage.farm.parameters import CHUNK
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_job_flags(parser, output=("--output",))
    parser.add_argument(
        "-o", "--bundle", type=Path, required=True, metavar="FOLDER",
        help="where the bundle goes: template, parameters, asset references, and the job",
    )  # fmt: skip
    parser.add_argument(
        "--chunk", type=int, default=CHUNK, metavar="N", help=f"frames of one task [{CHUNK}]"
    )
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.farm.bundle import Bundle
    from reage.farm.submission import Submission

    console = Console.of(args)
    work = Submission.of(job_of(args), args.chunk, job_file(args))
    bundle = Bundle.write(work, args.bundle)
    console.result(bundle.text(), bundle.document())
    return 0
