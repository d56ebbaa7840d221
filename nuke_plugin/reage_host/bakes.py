"""The bakes of a host that are under way, so that none is done twice at once, and each can end."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reage.errors import Cancelled, ReageError, SettingsError
from reage_host.report import BakeReport

Run = Callable[[Callable[[], bool]], BakeReport]
"""Does a bake; is given what says whether it was asked to end."""

Ended = Callable[[str, str], object]
"""Told (report or that it was stopped, error sentence or "")."""


class Bakes:
    """By the node's name. May be used from any thread."""

    def __init__(self) -> None:
        self._asked_to_end: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def do(self, name: str, run: Run) -> BakeReport:
        """Bake here and now. Raises what `run` raises, and SettingsError where the node is being
        baked already."""
        asked = self._claim(name)
        try:
            return run(asked.is_set)
        finally:
            self._release(name)

    def start(self, name: str, run: Run, ended: Ended) -> Callable[[], None]:
        """Bake on a thread of its own, on which `ended` is told; returns what cancels it.

        Raises SettingsError where the node is being baked already.
        """
        asked = self._claim(name)

        def do() -> None:
            text = error = ""
            try:
                report = run(asked.is_set)
                text, error = report.text(), report.error()
            except Cancelled as e:
                text = str(e)
            except ReageError as e:
                error = str(e)
            except Exception as e:
                error = f"{type(e).__name__}: {e}"
            finally:
                self._release(name)
            ended(text, error)

        threading.Thread(target=do, name=f"ReAge {name}", daemon=True).start()
        return asked.set

    def cancel(self, name: str) -> bool:
        """Ask the bake of a node to end; False where there is none."""
        asked = self._asked_to_end.get(name)
        if asked is not None:
            asked.set()
        return asked is not None

    def cancel_all(self) -> None:
        for name in list(self._asked_to_end):
            self.cancel(name)

    def is_busy(self, name: str) -> bool:
        return name in self._asked_to_end

    def _claim(self, name: str) -> threading.Event:
        with self._lock:
            if name in self._asked_to_end:
                raise SettingsError(f"{name} is being baked already.")
            asked = self._asked_to_end[name] = threading.Event()
        return asked

    def _release(self, name: str) -> None:
        with self._lock:
            del self._asked_to_end[name]
