"""What stands on the screen for the operator: one line for each thing there is to say."""

from __future__ import annotations

import threading


class StatusMessages:
    """Lines by topic, in the order in which their topics first spoke. Thread-safe."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}
        self._lock = threading.Lock()

    def say(self, topic: str, line: str) -> None:
        """Put up a line in place of the topic's last one; "" takes it down."""
        with self._lock:
            if line:
                self._lines[topic] = line
            else:
                self._lines.pop(topic, None)

    @property
    def lines(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._lines.values())
