"""A queue between two threads that never grows: what comes too late is dropped, oldest first."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

ROOM = 2
"""Frames that any queue of the mirror holds at most."""

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds the last `room` items put in.

    Laws: what `get` gives keeps the order of `put`, each item at most once; every item is
    given, dropped, or one of the `room` that wait. A taker that fell behind gets the newest:
    older ones would only add their age to the delay.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._items: deque[T] = deque()
        self._behind = self._closed = False
        self._dropped = 0
        self._change = threading.Condition()

    @property
    def dropped(self) -> int:
        """Items that nobody got, so far."""
        return self._dropped

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Never waits. Nothing after `close`."""
        with self._change:
            if self._closed:
                return
            self._items.append(item)
            if len(self._items) > self._room:
                self._items.popleft()
                self._dropped += 1
                self._behind = True
            self._change.notify()

    def get(self, timeout: float | None = None) -> T | None:
        """The next item; None where none came in `timeout` seconds, or ever will."""
        with self._change:
            self._change.wait_for(lambda: self._items or self._closed, timeout)
            if not self._items:
                return None
            while self._behind and len(self._items) > 1:
                self._items.popleft()
                self._dropped += 1
            self._behind = False
            return self._items.popleft()

    def close(self) -> None:
        """No more comes; what waits can still be got."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    @property
    def ended(self) -> bool:
        """Closed, and nothing waits."""
        with self._change:
            return self._closed and not self._items
