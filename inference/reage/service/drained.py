"""What a process prints, handed to a host that may not listen: it never waits for the host."""

from __future__ import annotations

import os
import threading
from collections import deque
from contextlib import suppress

_MOST = 1 << 20
"""Bytes that wait for a host that does not read; older ones are dropped for newer."""

_CHUNK = 1 << 16


class Drained:
    """Takes what is written to a file descriptor, and passes it on as fast as the other end reads.

    A pipe holds 64 KiB: once it is full, whoever writes to it stands still, and so would a worker
    whose host does not read its stderr. Two threads: one always takes, the other may wait.
    """

    def __init__(self, descriptor: int) -> None:
        """From here on `descriptor` is a pipe of our own; what it was is the other end."""
        self._there = os.dup(descriptor)
        self._source, write = os.pipe()
        os.dup2(write, descriptor)
        os.close(write)
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._changed = threading.Condition()
        for work in (self._take, self._give):
            threading.Thread(target=work, daemon=True).start()

    def finish(self, seconds: float = 1.0) -> None:
        """Wait until all is passed on, but not for long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)

    def _take(self) -> None:
        with suppress(OSError):
            while chunk := os.read(self._source, _CHUNK):
                with self._changed:
                    self._waiting.append(chunk)
                    self._size += len(chunk)
                    while self._size > _MOST and len(self._waiting) > 1:
                        self._size -= len(self._waiting.popleft())
                    self._changed.notify_all()

    def _give(self) -> None:
        with suppress(OSError):  # the host has closed its end
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: bool(self._waiting))
                    chunk = self._waiting[0]
                left = memoryview(chunk)
                while left:
                    left = left[os.write(self._there, left) :]
                with self._changed:
                    if self._waiting and self._waiting[0] is chunk:
                        self._size -= len(self._waiting.popleft())
                    self._changed.notify_all()
