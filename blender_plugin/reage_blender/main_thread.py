# SPDX-License-Identifier: GPL-3.0-or-later
"""What other threads want of Blender's own: done by a timer of its, in their order."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable

import bpy

_EVERY = 0.1
_waiting: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
_open = 0


def begin() -> None:
    """Something runs from now on that will ask for this thread. Main thread."""
    global _open
    _open += 1
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=_EVERY, persistent=True)


def end() -> None:
    """It has ended. Main thread."""
    global _open
    _open -= 1


def later(do: Callable[[], object]) -> None:
    """Have something done soon. Any thread."""
    _waiting.put(do)


def pump() -> None:
    """Do what waits. Main thread."""
    while not _waiting.empty():
        try:
            _waiting.get_nowait()()
        except Exception:  # one that fails must not end the timer of all others
            sys.excepthook(*sys.exc_info())


def _tick() -> float | None:
    pump()
    return _EVERY if _open > 0 else None
