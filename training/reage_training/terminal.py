"""What the commands share: a line of progress, and kinds of arguments."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

STOPPED = 130
"""Exit code of what a hand or a signal ended."""


def say(line: str) -> None:
    """One line of progress on stderr, at once."""
    print(line, file=sys.stderr, flush=True)


def folder(text: str) -> Path:
    """An argument that must be an existing folder."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return path
