"""The bakes of a host that are under way, so that none is done twice at once, and each can end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from reage.errors import Cancelled, ReageError, SettingsError
from reage_host.report import BakeReport, SubmitReport

Report = TypeVar("Report", BakeReport, SubmitReport)

Run = Callable[[Callable[[], bool]], Report]
"""Does a bake, or writes one for a farm; is given what says whether it was asked to end."""

Ended = Callable[[str, str], object]
"""Told (report or that it was stopped, error sentence or "")."""

Name = str | Callable[[], str]
"""A node's, or what says it as it is today, where the node may be renamed meanwhile."""


class Bakes:
    """By the node's name. May be used from any thread that may ask for names; a bake's own does not
    ask."""

    def __init__(self) -> None:
        self._under_way: dict[threading.Event, Callable[[], str]] = {}
        self._lock = threading.Lock()

    def do(self, name: Name, run: Run[Report]) -> Report:
        """Bake here and now. Raises what `run` raises, and SettingsError where the node is being
        baked already."""
        asked = self._claim(name)
        try:
            return run(asked.is_set)
        finally:
            self._release(asked)

    def start(self, name: Name, run: Run[Report], ended: Ended) -> Callable[[], None]:
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
                self._release(asked)
            ended(text, error)

        threading.Thread(target=do, name="ReAge bake", daemon=True).start()
        return asked.set

    def cancel(self, name: str) -> bool:
        """Ask the bake of a node to end; False where there is none."""
        asked = self._of(name)
        if asked is not None:
            asked.set()
        return asked is not None

    def cancel_all(self) -> None:
        for asked in list(self._under_way):
            asked.set()

    def is_busy(self, name: str) -> bool:
        return self._of(name) is not None

    def _of(self, name: str) -> threading.Event | None:
        under_way = list(self._under_way.items())
        return next((asked for asked, said in under_way if said() == name), None)

    def _claim(self, name: Name) -> threading.Event:
        says = name if callable(name) else lambda: name
        with self._lock:
            if self._of(says()):
                raise SettingsError(f"{says()} is being baked already.")
            self._under_way[asked := threading.Event()] = says
        return asked

    def _release(self, asked: threading.Event) -> None:
        with self._lock:
            del self._under_way[asked]
