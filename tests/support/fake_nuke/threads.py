"""Work handed to the main thread. Nothing runs by itself: a test pumps."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any


class MainQueue:
    """What other threads want done. In Nuke the event loop serves it; here `pump` does."""

    def __init__(self) -> None:
        self.spent: list[float] = []
        """Seconds that the main thread took for each thing that it was handed, and for Qt's."""
        self._waiting: deque[Callable[[], None]] = deque()
        self._something = threading.Condition()

    def put(self, call: Callable[..., Any], args: Any = (), kwargs: Any = None) -> None:
        """`nuke.executeInMainThread`: returns at once, from any thread but the main one."""
        _not_on_main("executeInMainThread")
        arguments = args if isinstance(args, tuple) else (args,)

        def run() -> None:
            try:
                call(*arguments, **(kwargs or {}))
            except Exception:
                traceback.print_exc()

        with self._something:
            self._waiting.append(run)
            self._something.notify()

    def put_and_wait(self, call: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
        """`nuke.executeInMainThreadWithResult`: None where the call raised."""
        _not_on_main("executeInMainThreadWithResult")
        arguments = args if isinstance(args, tuple) else (args,)
        result: list[Any] = [None]
        done = threading.Event()

        def keep() -> None:
            try:
                result[0] = call(*arguments, **(kwargs or {}))
            finally:
                done.set()

        self.put(keep)
        done.wait()
        return result[0]

    def pump(self, until: Callable[[], object] | None = None, timeout: float = 60.0) -> None:
        """Serve the queue, and Qt's timers where there is an application, as Nuke does when idle.

        Without `until`: what is in it now. With it: until that is true; TimeoutError after
        `timeout` seconds.
        """
        end = time.monotonic() + timeout
        while True:
            while self._waiting:
                self._timed(self._waiting.popleft())
            self._timed(_qt_events)
            if until() if until else not self._waiting:
                return
            if time.monotonic() > end:
                raise TimeoutError(f"Not within {timeout} s.")
            with self._something:
                if not self._waiting:
                    self._something.wait(0.02)

    def _timed(self, do: Callable[[], object]) -> None:
        begun = time.thread_time()
        do()
        self.spent.append(time.thread_time() - begun)


def _not_on_main(what: str) -> None:
    """Foundry, since Nuke 10: an error from the main thread, on purpose (quoted in
    Nvizible/NukeExternalControl#10)."""
    if threading.current_thread() is threading.main_thread():
        raise RuntimeError(f"{what} was called from the main thread.")


def _qt_events() -> None:
    """One event loop serves both in Nuke."""
    core = sys.modules.get("PySide6.QtCore")
    application = core and core.QCoreApplication.instance()
    if application:
        application.processEvents()
