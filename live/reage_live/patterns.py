"""The thread that makes patterns: meanwhile the picture passes as it is, and nothing waits."""

from __future__ import annotations

import threading

from reage.errors import ReageError
from reage.pattern.conditioning import is_made, make
from reage_live.status_messages import StatusMessages

_MAKING = "The pattern is being made; until then the picture is shown as it is."


class Patterns(threading.Thread):
    """Makes what `ready` was asked for, the last one first. Never raises."""

    def __init__(self, messages: StatusMessages) -> None:
        super().__init__(name="reage-live-patterns", daemon=True)
        self._messages = messages
        self._wanted: list[int | str] = []
        self._failed: set[int | str] = set()
        self._halted = False
        self._change = threading.Condition()

    def ready(self, pattern: int | str) -> bool:
        """Whether a face can be re-aged by it at once; if not, it is begun. True as well where it
        cannot be made: who uses it then is told why."""
        if is_made(pattern) or pattern in self._failed:
            return True
        with self._change:
            if pattern not in self._wanted:
                self._wanted.append(pattern)
                self._change.notify()
        return False

    @property
    def busy(self) -> bool:
        """Whether one is being made."""
        return bool(self._wanted)

    def stop(self) -> None:
        with self._change:
            self._halted = True
            self._change.notify()

    def run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._wanted or self._halted)
                if self._halted:
                    return
                pattern = self._wanted[-1]
            self._messages.say("pattern", _MAKING)
            try:
                make(pattern)
            except (ReageError, OSError, MemoryError):
                self._failed.add(pattern)
            with self._change:
                self._wanted.remove(pattern)
            self._messages.say("pattern", "")
