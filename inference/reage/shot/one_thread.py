"""OpenCV on one thread a call, where frames run side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import cv2


@contextmanager
def one_thread_each() -> Iterator[None]:
    """While frames are the parallelism, OpenCV's own threads only wait for each other: the face
    networks take 1.5 to 2 times as much of a CPU with two of them, and end no sooner."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
