"""Work in a library that can be told to stop, watched from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY = 0.1
"""Seconds between two looks."""


@contextmanager
def watched(cancelled: Callable[[], bool] | None, stop: Callable[[], object]) -> Iterator[None]:
    """While the block runs, calls `stop` once `cancelled` says so; nothing without one."""
    if cancelled is None:
        yield
        return
    done, wanted = threading.Event(), cancelled

    def watch() -> None:
        while not done.wait(_EVERY):
            if wanted():
                stop()
                return

    thread = threading.Thread(target=watch, name="reage watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
