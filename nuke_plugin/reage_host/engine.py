"""The worker process of a host: started when first needed, anew after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

from reage import home
from reage.service.client import EngineError, Reply, Worker, engine_command


def command() -> list[str]:
    """What starts a worker. Raises SettingsError where no engine is installed."""
    return engine_command(home.root())


def ask(
    do: str, environment: Mapping[str, str], seconds: float = 30.0, **arguments: Any
) -> Mapping[str, Any]:
    """Ask a worker of its own, as a host's others may be busy; waits for `seconds` at most.

    Raises what `command` raises, and EngineError.
    """
    worker = Worker.start(command(), environment)
    replies: SimpleQueue[Reply] = SimpleQueue()
    try:
        worker.send(do, arguments, replies.put)
        reply = replies.get(timeout=seconds)
    except Empty as e:
        raise EngineError("WorkerDied", f"The engine has not answered for {seconds:g} s.") from e
    finally:
        worker.close(_SCREEN)
    if reply.error is not None:
        raise reply.error
    return reply.result or {}


class Engine:
    """One worker at a time. A host has one for its bakes, and one for each panel, so that no
    preview waits for a bake. May be used from any thread.

    command  what starts it; asked each time that one is started
    """

    def __init__(self, command: Callable[[], Sequence[str]]) -> None:
        self._command = command
        self._lock = Lock()
        self._worker: Worker | None = None
        self._environment: Mapping[str, str] = {}

    def worker(self, environment: Mapping[str, str] | None = None) -> Worker:
        """The living worker with these words in its environment; one with others is ended.

        Raises what `command` raises, and EngineError where it cannot be started.
        """
        wanted = dict(environment or {})
        with self._lock:
            if self._worker is None or not self._worker.alive or wanted != self._environment:
                self._end(_FRAME)
                self._worker, self._environment = Worker.start(self._command(), wanted), wanted
            return self._worker

    def cancel(self, request: int) -> None:
        """End a request of the worker that runs."""
        if (worker := self._worker) is not None and worker.alive:
            worker.cancel(request)

    def close(self) -> None:
        """End the process; the next `worker` starts another."""
        with self._lock:
            self._end(_SCREEN)

    def _end(self, grace: float) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close(grace)


_SCREEN, _FRAME = 1.0, 5.0
"""Seconds that a worker gets to end by itself: where somebody waits for it at a screen, and where
another takes its place, so that it can end the frame that it has in hand."""
