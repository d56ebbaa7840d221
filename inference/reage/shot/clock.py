"""Where the time goes: seconds per named stage, added up over threads."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clock:
    """`with clock("read"): …` adds to `clock.seconds["read"]`. Thread-safe.

    Stages of several frames run side by side, so their sum can exceed the wall time.
    """

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _laps: threading.local = field(default_factory=threading.local, repr=False)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            elapsed = time.perf_counter() - start
            with self._lock:
                self.seconds[stage] += elapsed
            lap: dict[str, float] | None = getattr(self._laps, "lap", None)
            if lap is not None:
                lap[stage] = lap.get(stage, 0.0) + elapsed

    @contextmanager
    def lap(self) -> Iterator[dict[str, float]]:
        """Stage → seconds that this thread spends there inside the block."""
        lap: dict[str, float] = {}
        self._laps.lap = lap
        try:
            yield lap
        finally:
            self._laps.lap = None
