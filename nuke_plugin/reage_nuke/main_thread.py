"""Calls into the graph from a bake's own thread: Nuke's graph belongs to the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import nuke

T = TypeVar("T")


def on_main(call: Callable[..., T], *args: Any) -> T:
    """`call(*args)` on the main thread; its result, or its exception, here.

    Nuke's own call swallows exceptions, and refuses to be called from the main thread.
    """
    if threading.current_thread() is threading.main_thread():
        return call(*args)
    box: list[Any] = []
    nuke.executeInMainThreadWithResult(_boxed, (box, call, args))
    if not box:
        raise RuntimeError("Nuke did not answer; it is probably closing.")
    value, error = box
    if error is not None:
        raise error
    return value  # type: ignore[no-any-return]


@contextmanager
def without_undo() -> Iterator[None]:
    """What is done inside is none of the artist's doing, and not theirs to undo."""
    was_off = nuke.Undo.disabled()
    nuke.Undo.disable()
    try:
        yield
    finally:
        if not was_off:
            nuke.Undo.enable()


def later(call: Callable[..., object], *args: Any) -> None:
    """`call(*args)` on the main thread, soon: for callbacks, which must not touch the graph.

    A terminal session has no event loop to wait for, so there it is done at once. On the main
    thread it is a timer of Qt's: Foundry forbids Nuke's own call there.
    """
    if not nuke.GUI:
        call(*args)
    elif threading.current_thread() is threading.main_thread():
        from reage_ui.qt import QtCore

        QtCore.QTimer.singleShot(0, partial(call, *args))
    else:
        nuke.executeInMainThread(call, args)


def _boxed(box: list[Any], call: Callable[..., object], args: tuple[Any, ...]) -> None:
    try:
        box[:] = (call(*args), None)
    except BaseException as e:
        box[:] = (None, e)
