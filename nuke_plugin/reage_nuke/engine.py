"""The worker of this Nuke's bakes: started when first needed, anew after a crash.

The panel has one of its own, so that a preview does not wait for a bake.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from reage import home
from reage.client import Worker, engine_command

CHECKOUT = home.root()

_lock = Lock()
_worker: Worker | None = None
_environment: Mapping[str, str] = {}


def command() -> list[str]:
    """What starts a worker. Raises SettingsError where no engine is installed."""
    return engine_command(CHECKOUT)


def worker(environment: Mapping[str, str]) -> Worker:
    """A living worker with these words in its environment; one with others is ended."""
    global _worker, _environment
    with _lock:
        if _worker is not None and _worker.alive and environment == _environment:
            return _worker
        if _worker is not None:
            _worker.close()
        _worker = Worker.start(command(), environment)
        _environment = dict(environment)
        return _worker

