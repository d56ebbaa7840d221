"""What a track or a render tells after each frame, a pattern after each step. Standard library
only."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


def frames_told(count: int) -> str:
    """1 frame, 8 frames."""
    return "1 frame" if count == 1 else f"{count} frames"


def span_told(numbers: Sequence[float]) -> str:
    """25, or 25 to 30: the least and the most."""
    low, high = min(numbers), max(numbers)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


@dataclass(frozen=True)
class Progress:
    """How far a stage has come. Reads well as text.

    stage         "track", "render" or "pattern"
    frame         the frame's number; of a pattern, steps that are done
    outcome       "" of a tracked frame; "done", "kept" (it stood already), "no face" (the plate
                  passes through) or "failed" of a rendered one, and error says why
    done, total   frames of the stage
    seconds_left  of this stage, by the frames since the first that took any time; None before
    """

    stage: str
    frame: int
    outcome: str
    done: int
    total: int
    seconds_left: float | None
    error: str = ""

    @property
    def last(self) -> bool:
        """Whether the stage has ended."""
        return self.done == self.total

    def message(self) -> dict[str, Any]:
        """As the worker's protocol and `--json` have it, see docs/worker.md."""
        return {
            "stage": self.stage, "frame": self.frame, "outcome": self.outcome,
            "error": self.error, "done": self.done, "total": self.total,
            "left": self.seconds_left, "text": str(self),
        }  # fmt: skip

    def __str__(self) -> str:
        stage = "face track" if self.stage == "track" else self.stage
        begins = f"{self.frame}: {self.outcome}  " if self.outcome else f"{stage}: "
        left = self.seconds_left
        ends = "" if left is None or self.last else f", {left:.0f} s left"
        return f"{begins}{self.done}/{self.total}{ends}"


class Countdown:
    """Makes the Progress of one stage, frame by frame.

    Frames that stood already take no time, and the first that is worked on also warms everything
    up: time is counted from the end of that one.
    """

    def __init__(self, stage: str, total: int) -> None:
        self.stage, self.total, self.done = stage, total, 0
        self._since, self._worked = 0.0, -1

    def next(self, frame: int, outcome: str = "", error: str = "") -> Progress:
        """After one more frame."""
        self.done += 1
        left = self._left(worked=outcome != "kept")
        return Progress(self.stage, frame, outcome, self.done, self.total, left, error)

    def _left(self, worked: bool) -> float | None:
        now = time.monotonic()
        if worked:
            self._worked += 1
        if self._worked <= 0:
            self._since = now
            return None
        each = (now - self._since) / self._worked
        return round(each * (self.total - self.done), 1)
