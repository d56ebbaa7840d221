"""answer a host's requests over stdin and stdout"""

from __future__ import annotations

import argparse


def add_arguments(_: argparse.ArgumentParser) -> None:
    pass


def run(_: argparse.Namespace) -> int:
    from reage.service.worker import serve

    return serve()
