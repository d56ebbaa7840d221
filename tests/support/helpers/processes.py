"""Processes that this one has started, by Linux's own list; and what befalls them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="looks up processes in /proc"
)


def workers_of(pid: int) -> list[int]:
    """Those of a process that were started to work for it."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += [int(word) for word in (task / "children").read_text().split()]
    return [child for child in found if _works(child)]


def _works(pid: int) -> bool:
    try:
        return "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


@contextmanager
def killed_as_they_come() -> Iterator[None]:
    """Inside: all who work for this process are killed, as by a file that no reader survives."""
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.02):
            for child in workers_of(os.getpid()):
                with suppress(OSError):
                    os.kill(child, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
