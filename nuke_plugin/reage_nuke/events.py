"""Who is told of bakes and of nodes that were looked at: the panels. All on the main thread."""

from __future__ import annotations

from reage_ui.host import Event, Listener

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def tell(event: Event) -> None:
    for listener in list(_listeners):
        listener(event)
