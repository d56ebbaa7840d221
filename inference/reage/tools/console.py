"""How a command speaks to whoever started it: a person, a log, a queue manager or nobody.

Results go to stdout, progress and complaints to stderr. On a terminal progress is a bar; in a log
each line carries the time. With `--json` all is lines of JSON on stdout; with `--quiet` only
errors, notices and failed frames are said. `--progress` says otherwise of progress alone, see
`reage.tools.progress_console`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reage.progress import Progress
from reage.tools.progress_console import BAR, BY_NAME, json_line


@dataclass(frozen=True)
class Console:
    """json: lines of JSON; quiet: no progress and no results; shows: one of
    `progress_console.BY_NAME`, "" for what suits the others."""

    json: bool = False
    quiet: bool = False
    shows: str = ""

    @classmethod
    def of(cls, args: argparse.Namespace) -> Console:
        """What a command's arguments ask for, see `add_console_flags`."""
        return cls(args.json, args.quiet, args.progress)

    def progress(self, what: Progress) -> None:
        """Tell of a frame."""
        BY_NAME[self.shows or self._suited()](what)

    def result(self, text: str, document: Mapping[str, Any]) -> None:
        """Tell what a command came to: in words, or as a document."""
        BAR.end()
        if self.json:
            json_line({"result": document})
        elif not self.quiet:
            print(text, file=sys.stderr if self.shows == "json" else sys.stdout)

    def complaint(self, text: str) -> None:
        """Something that went wrong and does not end the command."""
        if text and not self.json:
            BAR.end()
            print(text, file=sys.stderr)

    def _suited(self) -> str:
        if self.json:
            return "json"
        if self.quiet:
            return "none"
        return "bar" if sys.stderr.isatty() else "lines"


def add_console_flags(parser: argparse.ArgumentParser) -> None:
    """Give a command --json, --quiet and --progress."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true",
                     help="progress and result as lines of JSON on stdout")  # fmt: skip
    how.add_argument("-q", "--quiet", action="store_true",
                     help="say only what went wrong, and what to know")  # fmt: skip
    parser.add_argument(
        "--progress", default="", choices=tuple(BY_NAME), metavar="|".join(BY_NAME),
        help="progress as a bar, or a line a frame, on stderr; as JSON, an object a line on stdout "
        "(--json has the result there too; without it that goes to stderr); as lines that Open Job "
        "Description reads; or none [a bar on a terminal, lines elsewhere]",
    )  # fmt: skip
