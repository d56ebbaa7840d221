"""nuke.ProgressTask, and a test's finger on its Cancel."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any


class Tasks:
    """The progress bars of a session."""

    def __init__(self) -> None:
        self.history: list[tuple[str, str, int]] = []
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()
        self._cancel_when: Callable[[Any], bool] | None = None

    def open(self) -> list[Any]:
        """Those that still show: a bar goes with the last reference to it."""
        return list(self._open)

    def press_cancel(self) -> None:
        for task in self._open:
            task._cancelled = True

    def cancel_when(self, test: Callable[[Any], bool]) -> None:
        """Press Cancel once `test(task)` is true; asked at each isCancelled()."""
        self._cancel_when = test

    def task_class(self) -> type:
        tasks = self

        class ProgressTask:
            def __init__(self, title: str) -> None:
                self.title = title
                self.message = ""
                self.progress = 0
                self._cancelled = False
                tasks._open.add(self)

            def setMessage(self, message: str) -> None:
                self.message = str(message)
                self._note()

            def setProgress(self, percent: int) -> None:
                if not isinstance(percent, int) or not 0 <= percent <= 100:
                    raise ValueError(f"setProgress takes a whole number 0 to 100, not {percent}.")
                self.progress = percent
                self._note()

            def isCancelled(self) -> bool:
                if tasks._cancel_when is not None and tasks._cancel_when(self):
                    self._cancelled = True
                return self._cancelled

            def _note(self) -> None:
                tasks.history.append((self.title, self.message, self.progress))

        return ProgressTask
