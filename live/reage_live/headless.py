"""The mirror without a window: a line a second, and a report."""

from __future__ import annotations

import time
from collections.abc import Iterator

from reage.progress import frames_told
from reage.tools.machine import resident_memory
from reage_live.mirror import Mirror
from reage_live.recording import Slate


def lines(
    mirror: Mirror, frames: int | None, seconds: float | None, slate: Slate | None = None
) -> Iterator[str]:
    """Shows frames to nobody until so many were shown, so much time is over, or the source has
    ended; a line a second. The mirror is started and stopped here. With a slate a take is
    recorded from the first picture on. Raises OutputError where it cannot begin."""
    mirror.start()
    try:
        start = last = time.monotonic()
        shown, size = 0, 0
        while not mirror.results.ended:
            frame = mirror.results.get(0.2)
            now = time.monotonic()
            if frame is not None:
                if slate is not None and not shown:
                    mirror.record(slate)
                mirror.shown(frame)
                shown, size = shown + 1, frame.crop_size
            if now - last >= 1.0:
                last = now
                yield _line(mirror, now, now - start, size)
            if (frames and shown >= frames) or (seconds and now - start >= seconds):
                break
    finally:
        mirror.stop()


def report(mirror: Mirror) -> str:
    """Of the whole run."""
    whole = mirror.meter.whole(time.monotonic())
    told = "".join(f"\n{line}" for line in mirror.lines)
    shown, megabytes = frames_told(whole.shown), resident_memory() / 2**20
    return f"{shown} shown: {whole.line}; {megabytes:.0f} MB{told}"


def _line(mirror: Mirror, now: float, passed: float, size: int) -> str:
    recent = mirror.meter.recent(now)
    faces = len(mirror.present)
    told = "".join(f" | {line}" for line in mirror.lines)
    return f"{passed:5.0f} s  {recent.line} · crop {size} px · faces {faces}{told}"
