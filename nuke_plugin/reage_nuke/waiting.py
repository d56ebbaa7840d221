"""Nodes that were changed and are yet to be looked at: once nothing moves, on another thread.

    change ▶ rest ▶ read the node (main thread) ▶ look at its files (a thread) ▶ write it (main)
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nuke

from reage_nuke import nodes, show
from reage_nuke.main_thread import later, on_main
from reage_nuke.snapshot import has_changed

REST = 250
"""ms without a change before a node is looked at: a slider that moves asks once."""


@dataclass(eq=False)
class _Change:
    """The last one of a node; another takes its place. bake: the node's bake number as its look
    began."""

    node: Any
    bake: int = 0


_waiting: list[_Change] = []
"""In the order in which they came. Names move from node to node: each is asked for its own."""

_looking: list[threading.Thread] = []
"""The thread that looks; one at most, so that a slow server is not asked twice at once."""


def refresh_later(node: Any) -> None:
    """As `show.refresh`, once nothing was changed for a moment. Main thread. A terminal session has
    no event loop to wait in: there it is done at once."""
    if not nuke.GUI:
        show.refresh(node)
        return
    name = node.fullName()
    _waiting[:] = [each for each in _alive() if each.node.fullName() != name]
    _waiting.append(_Change(node))
    _rest().start()


def is_waiting(node: Any) -> bool:
    """Whether a node was changed, and what it says of its frames may not hold any more."""
    return node.fullName() in {each.node.fullName() for each in _alive()}


def refresh_now() -> None:
    """Look at what waits, here and now: what comes next believes what nodes say."""
    changes = _alive()
    _waiting.clear()
    for change in changes:
        show.refresh(change.node)


def look_now() -> None:
    """Look at what waits, and at what changed without a knob of its own being turned, as what is
    upstream does, here and now."""
    refresh_now()
    for node in nodes.all_nodes():
        if has_changed(node):
            show.refresh(node)


def forget_waiting() -> None:
    """What was asked for while a script was loading, its nodes half wired, or of one that closes,
    is not done."""
    _waiting.clear()


def _alive() -> list[_Change]:
    return [each for each in _waiting if nodes.alive(each.node)]


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


def _look(changes: Sequence[_Change]) -> None:
    try:
        for change in changes:
            try:
                if (asked := on_main(_ask, change)) is not None:
                    found = asked[0].found()
                    on_main(_tell, change, asked, found)
            except Exception as e:  # one that fails keeps nobody else waiting
                on_main(_give_up, change, e)
    finally:
        later(_end, changes)


def _wanted(change: _Change) -> bool:
    """Not any more where it is overtaken, closed or deleted."""
    return change in _waiting and nodes.alive(change.node)


def _ask(change: _Change) -> Any:
    if not _wanted(change):
        return None
    change.bake = int(change.node["bake_number"].value())
    return show.ask(change.node)


def _tell(change: _Change, asked: Any, found: Any) -> None:
    if not _wanted(change):
        return
    if int(change.node["bake_number"].value()) != change.bake:
        _rest().start()  # it was baked since: what was found is of before
        return
    _waiting.remove(change)
    change.node["status"].setValue("")  # so that its label is drawn anew, whatever is found
    look, was = asked
    show.tell(change.node, look, was, found)


def _give_up(change: _Change, error: Exception) -> None:
    if _wanted(change):
        _waiting.remove(change)
        change.node["status"].setValue(f"its files cannot be looked at ({error})")


def _end(changes: Sequence[_Change]) -> None:
    """Those whose node is gone are let go; those that are still to be looked at are."""
    _looking.clear()
    _waiting[:] = _alive()
    if _waiting and not _rest().isActive():
        _rest().start()
