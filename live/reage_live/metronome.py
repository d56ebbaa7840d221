"""When the frames of a source without a clock of its own are due."""

from __future__ import annotations

import time
from fractions import Fraction


class Metronome:
    """Waits for each frame's moment. One that comes late is not waited for; a long pause starts
    the count anew, instead of a rush of frames."""

    def __init__(self, rate: Fraction) -> None:
        self._period = float(1 / rate)
        self._due = time.monotonic()

    def wait(self) -> None:
        now = time.monotonic()
        if now - self._due > 1.0:
            self._due = now
        time.sleep(max(0.0, self._due - now))
        self._due += self._period
