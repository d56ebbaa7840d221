"""The graph belongs to the main thread: who touches it from another is told so."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any


def check_main_thread(what: str) -> None:
    """RuntimeError on any other thread; Nuke would crash, sooner or later."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError(
            f"{what} was called on the thread {threading.current_thread().name}; the graph and "
            "its knobs belong to the main thread. Use nuke.executeInMainThread."
        )


def on_main(function: Callable[..., Any]) -> Callable[..., Any]:
    """A module function that only the main thread may call."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        check_main_thread(f"nuke.{function.__name__}")
        return function(*args, **kwargs)

    return guarded


class MainThreadOnly:
    """Every public method checks its thread, and that the object still lives."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, member in list(vars(cls).items()):
            public = not name.startswith("_") or name in ("__getitem__", "__enter__", "__exit__")
            if public and callable(member) and not isinstance(member, type):
                setattr(cls, name, _method(member))

    def _check_alive(self) -> None:
        """ValueError where the thing behind the object is gone."""


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(self: MainThreadOnly, *args: Any, **kwargs: Any) -> Any:
        check_main_thread(f"{type(self).__name__}.{function.__name__}")
        self._check_alive()
        return function(self, *args, **kwargs)

    return guarded
