# SPDX-License-Identifier: GPL-3.0-or-later
"""What other threads want of Blender's own: done by a timer of its, in their order."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable
from contextlib import suppress

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
    _open = max(0, _open - 1)


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


def is_rendering() -> bool:
    """Whether a render runs in a window, which reads the file's data on a thread of its own: what
    waits has to wait for it, too."""
    return bool(bpy.app.is_job_running("RENDER"))


def undo_step(name: str) -> None:
    """Make what was set outside of an operator a step of its own, so that undoing a later edit
    does not take it away. Main thread."""
    windows = bpy.context.window_manager.windows
    with suppress(RuntimeError), bpy.context.temp_override(window=next(iter(windows), None)):
        bpy.ops.ed.undo_push(message=name)


def close() -> None:
    """Nothing more is done of what waits. Main thread."""
    global _open
    _open = 0
    while not _waiting.empty():
        _waiting.get_nowait()
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)


def _tick() -> float | None:
    if not is_rendering():
        pump()
    return _EVERY if _open > 0 else None
