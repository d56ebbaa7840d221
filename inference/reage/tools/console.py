"""How a command speaks to whoever started it: a person, a log, a queue manager or nobody.

Results go to stdout, progress and complaints to stderr. On a terminal progress is one line that is
overwritten; in a log each line carries the time. With `--json` all is lines of JSON on stdout; with
`--quiet` only errors, notices and failed frames are said. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reage.progress import Progress


@dataclass(frozen=True)
class Console:
    """json: lines of JSON; quiet: no progress and no results."""

    json: bool = False
    quiet: bool = False

    @classmethod
    def of(cls, args: argparse.Namespace) -> Console:
        """What a command's arguments ask for, see `add_console_flags`."""
        return cls(args.json, args.quiet)

    def progress(self, what: Progress) -> None:
        """Tell of a frame."""
        if self.json:
            self._line({"progress": what.message()})
        elif not self.quiet:
            self._show(what)

    def result(self, text: str, document: Mapping[str, Any]) -> None:
        """Tell what a command came to: in words, or as a document."""
        if self.json:
            self._line({"result": document})
        elif not self.quiet:
            print(text)

    def complaint(self, text: str) -> None:
        """Something that went wrong and does not end the command."""
        if text and not self.json:
            print(text, file=sys.stderr)

    @staticmethod
    def _line(what: Mapping[str, Any]) -> None:
        print(json.dumps(what, allow_nan=False), flush=True)

    @staticmethod
    def _show(what: Progress) -> None:
        if not sys.stderr.isatty():
            text = f"{datetime.now():%H:%M:%S} {what}\n"
        else:
            text = f"\r\x1b[K{what}" + ("\n" if what.last else "")
        print(text, end="", file=sys.stderr, flush=True)


def add_console_flags(parser: argparse.ArgumentParser) -> None:
    """Give a command --json and --quiet."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true",
                     help="progress and result as lines of JSON on stdout")  # fmt: skip
    how.add_argument("-q", "--quiet", action="store_true",
                     help="say only what went wrong, and what to know")  # fmt: skip
