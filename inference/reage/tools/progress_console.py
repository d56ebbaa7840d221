"""The ways in which a command's progress is shown.

bar     on stderr, one line that is drawn over
lines   on stderr, each with the time, for logs
json    an object a line on stdout, as docs/worker.md has it, for queue managers
openjd  on stdout, as Open Job Description reads a task's progress out of its log
none    not at all
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from reage.progress import Progress

_BAR = "{desc} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}{postfix}"


class ProgressBar:
    """One stage at a time; tqdm is loaded with the first."""

    def __init__(self) -> None:
        self._drawn: Any = None
        self._stage = ""

    def tell(self, what: Progress) -> None:
        if self._drawn is None or self._stage != what.stage:
            self.end()
            from tqdm import tqdm

            stage = "face track" if what.stage == "track" else what.stage
            self._stage = what.stage
            self._drawn = tqdm(total=what.total, desc=stage, file=sys.stderr, bar_format=_BAR,
                               dynamic_ncols=True)  # fmt: skip
        self._drawn.n = what.done
        self._drawn.set_postfix_str(_beside(what))
        if what.last:
            self.end()

    def end(self) -> None:
        """What is printed next begins on a line of its own."""
        drawn, self._drawn = self._drawn, None
        if drawn is not None:
            drawn.close()


BAR = ProgressBar()
"""A process has one terminal."""


def json_line(what: Mapping[str, Any]) -> None:
    print(json.dumps(what, allow_nan=False), flush=True)


def _beside(what: Progress) -> str:
    """What the bar itself does not say."""
    frame = f"{what.frame}: {what.outcome}" if what.outcome else ""
    left = "" if what.seconds_left is None or what.last else f"{what.seconds_left:.0f} s left"
    return ", ".join(filter(None, (frame, left)))


def _line(what: Progress) -> None:
    print(f"{datetime.now():%H:%M:%S} {what}", file=sys.stderr, flush=True)


def _openjd(what: Progress) -> None:
    print(f"openjd_progress: {100 * what.done / what.total:.1f}\nopenjd_status: {what}", flush=True)


BY_NAME: Mapping[str, Callable[[Progress], None]] = {
    "bar": BAR.tell,
    "lines": _line,
    "json": lambda what: json_line({"progress": what.message()}),
    "openjd": _openjd,
    "none": lambda what: None,
}
