"""Has the worker make a pattern of photographs: one at a time, with progress, and an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from reage.errors import ReageError
from reage.mix import ENDING
from reage.service.client import Reply
from reage_host.engine import Engine
from reage_ui.host import HostError
from reage_ui.qt import Qt, QtCore, Signal


def look_of(pattern: Path) -> Path:
    """Where the picture of a pattern file is kept, beside it."""
    return pattern.with_name(pattern.name.removesuffix(ENDING) + ".pattern.png")


class PatternMaker(QtCore.QObject):
    """Its worker is its own, so that no preview waits for it, and ends with the work.

    told     a line: how far it is
    made     (path, summary) of the pattern file
    failed   a sentence
    busy     whether one is being made
    """

    told = Signal(str)
    made = Signal(str, str)
    failed = Signal(str)
    busy = Signal(bool)
    _came = Signal(object)

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        environment: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        super().__init__()
        self.engine, self._environment = Engine(command), environment
        self.at_work = False
        self._number = 0
        # Replies come on the client's thread; queued, they arrive on this object's own.
        self._came.connect(self._answered, Qt.ConnectionType.QueuedConnection)

    def make(self, photographs: Sequence[str], path: Path) -> None:
        """Begin; nothing happens while another is being made."""
        if self.at_work:
            return
        self._begin(True)
        arguments = {
            "photographs": list(photographs), "path": str(path), "look": str(look_of(path)),
        }  # fmt: skip
        try:
            worker = self.engine.worker(self._environment())
            self._number = worker.send("pattern", arguments, self._emit, self._emit)
        except (ReageError, HostError, OSError) as e:
            self._came.emit(e)

    def cancel(self) -> None:
        """End it; no file is written."""
        self.engine.cancel(self._number)

    def _emit(self, what: object) -> None:
        with suppress(RuntimeError):  # the panel is gone
            self._came.emit(what)

    def _begin(self, begun: bool) -> None:
        self.at_work = begun
        self.busy.emit(begun)

    def _answered(self, what: Any) -> None:
        if isinstance(what, Mapping):
            self.told.emit(str(what.get("text", "")))
            return
        self._begin(False)
        self.engine.close()
        error = what.error if isinstance(what, Reply) else what
        if error is not None:
            self.failed.emit(str(error))
        else:
            result = what.result or {}
            self.made.emit(str(result.get("pattern", "")), str(result.get("summary", "")))
