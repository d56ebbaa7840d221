"""How many threads one call takes, where frames run side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import cv2

from reage.models.devices import on_cores


@contextmanager
def one_thread_each() -> Iterator[None]:
    """OpenCV on one thread a call. While frames are the parallelism, its own threads only wait for
    each other: the face networks take 1.5 to 2 times as much of a CPU with two of them, and end no
    sooner."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def model_threads(jobs: int, device: str = "cpu") -> int:
    """Threads of each of the `jobs` runs of a model that go side by side: the cores are shared
    out. 0 is all of them, as on a `device` that does not compute on them: there one loaded model
    serves any number."""
    shared = jobs > 1 and on_cores(device)
    return max(1, _cores() // jobs) if shared else 0


def _cores() -> int:
    """That this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
