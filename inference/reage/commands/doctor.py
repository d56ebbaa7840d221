"""what is installed, and does it work"""

from __future__ import annotations

import argparse

from reage.commands.flags import add_flags
from reage.job import RenderJob
from reage.settings import Settings, settings_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--nuke", action="store_true", help="check instead whether Nuke finds ReAge; runs no Nuke"
    )
    add_flags(parser, (s for s in settings_of(Settings) if s.name == "model"))
    add_flags(parser, (s for s in settings_of(RenderJob) if s.name == "device"))


def run(args: argparse.Namespace) -> int:
    from reage.tools import doctor
    from reage.tools.nuke_setup import doctor as nuke_doctor

    report = nuke_doctor.diagnose() if args.nuke else doctor.diagnose(args.device, args.model)
    print(report.text())
    return report.exit_code
