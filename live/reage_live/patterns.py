"""The thread that makes patterns: meanwhile the last one of the same face is shown, or the picture
passes as it is; nothing waits."""

from __future__ import annotations

import threading

from reage.errors import ReageError
from reage.mix import at_target
from reage.pattern.conditioning import is_made, make
from reage_live.status_messages import StatusMessages

_MAKING = "The pattern is being made; until then the picture is shown as it is."
_MAKING_NEXT = "The pattern is being made; until then the last one is shown."


class Patterns(threading.Thread):
    """Makes what `ready` was asked for, the last one first. Never raises."""

    def __init__(self, messages: StatusMessages) -> None:
        super().__init__(name="reage-live-patterns", daemon=True)
        self._messages = messages
        self._wanted: dict[int | str, str] = {}  # the line that is said of each
        self._asked: dict[int, int | str] = {}  # by face
        self._shown: dict[int, tuple[int | str, int | str]] = {}
        self._failed: set[int | str] = set()
        self._halted = False
        self._change = threading.Condition()

    def of(self, face: int, pattern: int | str, target_age: float) -> int | str | None:
        """What the face of a number is re-aged by now: its pattern, albums at the target age in
        whole years. Until that is made the last one of the same pattern, so that the change stays
        while the age moves over an album; None where there is none yet."""
        wanted = at_target(pattern, round(target_age))
        asked, last = self._shown.get(face, (None, 0))
        held = asked == pattern and is_made(last)
        if (before := self._asked.get(face, wanted)) != wanted:
            with self._change:  # who still wants it asks again with the next frame
                self._wanted.pop(before, None)
        self._asked[face] = wanted
        if self.ready(wanted, _MAKING_NEXT if held else _MAKING):
            self._shown[face] = pattern, wanted
            return wanted
        return last if held else None

    def ready(self, pattern: int | str, line: str = _MAKING) -> bool:
        """Whether a face can be re-aged by it at once; if not, it is begun, and the line is said
        meanwhile. True as well where it cannot be made: who uses it then is told why."""
        if is_made(pattern) or pattern in self._failed:
            return True
        with self._change:
            if pattern not in self._wanted:
                self._wanted[pattern] = line
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
                pattern, line = next(reversed(self._wanted.items()))
            self._messages.say("pattern", line)
            try:
                make(pattern)
            except (ReageError, OSError, MemoryError):
                self._failed.add(pattern)
            with self._change:
                self._wanted.pop(pattern, None)
            self._messages.say("pattern", "")
