"""What is measured while the mirror runs: rate, dropped frames, delay."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

WINDOW = 10.0
"""Seconds that the figures on the screen look back."""

_LONGEST = 20_000
"""Milliseconds; longer delays count as this one in the figures of a whole run."""


@dataclass(frozen=True)
class Figures:
    """Of the last seconds, or of a whole run.

    fps      frames shown a second
    shown, dropped   frames
    median, p99      delay from capture to display, seconds; NaN where nothing was shown
    rate     frames a second of the source
    """

    fps: float
    shown: int
    dropped: int
    median: float
    p99: float
    rate: Fraction

    @property
    def share(self) -> float:
        """Dropped frames of all that came, 0 … 1."""
        return self.dropped / max(1, self.shown + self.dropped)

    @property
    def line(self) -> str:
        """For the screen."""
        return (
            f"{self.fps:.1f} fps · {self.dropped} dropped ({self.share:.0%}) · "
            f"delay {self.delay(self.median)}, p99 {self.delay(self.p99)}"
        )

    def delay(self, seconds: float) -> str:
        """In milliseconds, and in frames at the source's rate."""
        if seconds != seconds:
            return "–"
        return f"{seconds * 1000:.0f} ms ({seconds * float(self.rate):.1f} fr)"


class Meter:
    """Collects; needs the same memory however long it runs. Thread-safe."""

    def __init__(self) -> None:
        self.rate = Fraction(24)
        self._shown: deque[tuple[float, float]] = deque()
        self._dropped: deque[tuple[float, int]] = deque()
        self._began: float | None = None
        self._all_dropped = 0
        self._histogram = np.zeros(_LONGEST + 1, np.int64)
        self._lock = threading.Lock()

    def reset(self) -> None:
        """Begin anew."""
        with self._lock:
            self._shown.clear()
            self._dropped.clear()
            self._histogram[:] = 0
            self._began, self._all_dropped = None, 0

    def show(self, now: float, delay: float) -> None:
        """A frame stands on the screen, `delay` seconds after it was captured."""
        with self._lock:
            self._begin(now)
            self._shown.append((now, delay))
            self._histogram[min(_LONGEST, round(delay * 1000))] += 1
            self._forget(now)

    def drop(self, now: float, count: int) -> None:
        with self._lock:
            self._begin(now)
            self._all_dropped += count
            self._dropped.append((now, count))
            self._forget(now)

    def recent(self, now: float) -> Figures:
        """Of the last WINDOW seconds."""
        with self._lock:
            self._forget(now)
            delays = [d for _, d in self._shown]
            dropped = sum(n for _, n in self._dropped)
            passed = min(WINDOW, now - self._began) if self._began is not None else 0.0
        median, p99 = np.percentile(delays, (50, 99)) if delays else (np.nan, np.nan)
        fps = len(delays) / max(passed, 1.0)
        return Figures(fps, len(delays), dropped, float(median), float(p99), self.rate)

    def whole(self, now: float) -> Figures:
        """Since the first frame; delays to the millisecond."""
        with self._lock:
            counts, dropped = self._histogram.copy(), self._all_dropped
            passed = now - self._began if self._began is not None else 0.0
        shown = int(counts.sum())
        median, p99 = (_at(counts, share) for share in (0.5, 0.99))
        return Figures(shown / max(passed, 1.0), shown, dropped, median, p99, self.rate)

    def _begin(self, now: float) -> None:
        if self._began is None:
            self._began = now

    def _forget(self, now: float) -> None:
        for old in (self._shown, self._dropped):
            while old and old[0][0] < now - WINDOW:
                old.popleft()


def _at(counts: np.ndarray, share: float) -> float:
    """Seconds within which `share` of the frames were shown; NaN where there are none."""
    below = np.cumsum(counts)
    if not below[-1]:
        return float("nan")
    return float(np.searchsorted(below, share * below[-1])) / 1000
