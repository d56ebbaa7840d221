"""Nodes that were changed and are yet to be looked at: once nothing moves, on another thread.

    change ▶ rest ▶ read the node (main thread) ▶ look at its files (a thread) ▶ write it (main)
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nuke

from reage_nuke import nodes, show
from reage_nuke.main_thread import later, on_main

REST = 250
"""ms without a change before a node is looked at: a slider that moves asks once."""


@dataclass(eq=False)
class _Change:
    """The last one of a node; another takes its place."""

    node: Any


_waiting: dict[str, _Change] = {}
"""Full name of the node as it was changed → the change."""

_looking: list[threading.Thread] = []
"""The thread that looks; one at most, so that a slow server is not asked twice at once."""


def refresh_later(node: Any) -> None:
    """As `show.refresh`, once nothing was changed for a moment. Main thread. A terminal session has
    no event loop to wait in: there it is done at once."""
    if not nuke.GUI:
        show.refresh(node)
        return
    _waiting[node.fullName()] = _Change(node)
    _rest().start()


def is_waiting(node: Any) -> bool:
    """Whether a node was changed, and what it says of its frames may not hold any more."""
    return node.fullName() in {each.node.fullName() for each in _alive().values()}


def refresh_now() -> None:
    """Look at what waits, here and now: what comes next believes what nodes say."""
    for name, change in _alive().items():
        _waiting.pop(name, None)
        show.refresh(change.node)


def forget_waiting() -> None:
    """What was asked for while a script was loading, its nodes half wired, or of one that closes,
    is not done."""
    _waiting.clear()


def _alive() -> dict[str, _Change]:
    return {name: each for name, each in _waiting.items() if nodes.alive(each.node)}


@lru_cache(maxsize=1)
def _rest() -> Any:
    from reage_ui.qt import QtCore

    timer = QtCore.QTimer(singleShot=True, interval=REST)
    timer.timeout.connect(_begin)
    return timer


def _begin() -> None:
    """Look at all that waits, in its order; what is asked for meanwhile is looked at after it."""
    if not _looking and (changes := _alive()):
        _looking.append(threading.Thread(target=_look, args=(changes,), daemon=True))
        _looking[0].start()


def _look(changes: dict[str, _Change]) -> None:
    try:
        for name, change in changes.items():
            if (asked := on_main(_ask, name, change)) is not None:
                found = asked[0].found()
                on_main(_tell, name, change, asked, found)
    finally:
        later(_end, changes)


def _ask(name: str, change: _Change) -> Any:
    """None where it is not wanted any more: newer, closed, deleted."""
    wanted = _waiting.get(name) is change and nodes.alive(change.node)
    return show.ask(change.node) if wanted else None


def _tell(name: str, change: _Change, asked: Any, found: Any) -> None:
    if _waiting.get(name) is change and nodes.alive(change.node):
        del _waiting[name]
        change.node["status"].setValue("")  # so that its label is drawn anew, whatever is found
        look, was = asked
        show.tell(change.node, look, was, found)


def _end(changes: dict[str, _Change]) -> None:
    _looking.clear()
    for name, change in changes.items():
        if _waiting.get(name) is change:  # its node is gone, or its look failed
            del _waiting[name]
    if _waiting and not _rest().isActive():
        _rest().start()
