"""Undo: each change leaves behind how to take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Undoing:
    """Groups of steps back. Nothing is kept outside a group: tests open one to look."""

    def __init__(self) -> None:
        self.done: list[tuple[str, list[Callable[[], Any]]]] = []
        self.open: list[tuple[str, list[Callable[[], Any]]]] = []
        self.disabled = 0
        self.replaying = False

    def note(self, back: Callable[[], Any]) -> None:
        """A change was made; `back` takes it back."""
        if self.open and not self.disabled and not self.replaying:
            self.open[-1][1].append(back)

    def begin(self, name: str = "") -> None:
        self.open.append((name, []))

    def end(self) -> None:
        if not self.open:
            raise RuntimeError("Undo.end() without Undo.begin().")
        name, steps = self.open.pop()
        if self.open:
            self.open[-1][1].extend(steps)
        elif steps:
            self.done.append((name, steps))

    def cancel(self) -> None:
        """End the group and take back what was done in it."""
        if not self.open:
            raise RuntimeError("Undo.cancel() without Undo.begin().")
        self._replay(self.open.pop()[1])

    def undo(self) -> None:
        """Take back the last finished group, as Ctrl+Z does."""
        if self.done:
            self._replay(self.done.pop()[1])

    def _replay(self, steps: list[Callable[[], Any]]) -> None:
        self.replaying = True
        try:
            for back in reversed(steps):
                back()
        finally:
            self.replaying = False


def undo_class(undoing: Undoing) -> type:
    """`nuke.Undo`: a context manager, and static functions beside."""

    class Undo:
        def __init__(self, name: str = "") -> None:
            self._name = name

        def __enter__(self) -> Undo:
            undoing.begin(self._name)
            return self

        def __exit__(self, kind: object, error: object, trace: object) -> None:
            undoing.end()

        @staticmethod
        def begin(name: str = "") -> None:
            undoing.begin(name)

        @staticmethod
        def name(name: str) -> None:
            undoing.open[-1] = (name, undoing.open[-1][1])

        @staticmethod
        def end() -> None:
            undoing.end()

        @staticmethod
        def new(name: str = "") -> None:
            undoing.end()
            undoing.begin(name)

        @staticmethod
        def cancel() -> None:
            undoing.cancel()

        @staticmethod
        def undo() -> None:
            undoing.undo()

        @staticmethod
        def undoSize() -> int:
            return len(undoing.done)

        @staticmethod
        def undoTruncate() -> None:
            undoing.done.clear()

        @staticmethod
        def disable() -> None:
            undoing.disabled += 1

        @staticmethod
        def enable() -> None:
            if not undoing.disabled:
                raise RuntimeError("Undo.enable() without Undo.disable().")
            undoing.disabled -= 1

        @staticmethod
        def disabled() -> bool:
            return undoing.disabled > 0

    return Undo
