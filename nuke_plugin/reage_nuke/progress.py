"""A bake with Nuke's own progress bar, in the background of the GUI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nuke

from reage_nuke import baking, nodes
from reage_nuke.report import BakeReport, Step

Heard = Callable[[Any, "Step | BakeReport | str"], None]

_listeners: list[Heard] = []
"""Told (node, what) of every step, and of the end: a report, or a sentence. Main thread."""


def listen(listener: Heard) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def unlisten(listener: Heard) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def bake(node: Any, first: int | None = None, last: int | None = None) -> None:
    """Bake in the background; without a GUI, here and now. Raises a ReageError."""
    if not nuke.GUI:
        report = baking.bake(node, first, last, tell=lambda step: nuke.tprint(str(step)))
        nuke.tprint(f"ReAge: {report.text()}")
        return
    bars: list[Any] = []
    stop: list[Callable[[], None]] = []

    def tell(step: Step) -> None:
        if not bars:
            bars.append(nuke.ProgressTask(f"ReAge {node.name()}"))
        bars[0].setMessage(str(step))
        bars[0].setProgress(int(100 * step.done / max(1, step.total)))
        if bars[0].isCancelled():
            stop[0]()
        _tell(node, step)

    def ended(report: BakeReport | None, error: str) -> None:
        bars.clear()  # the last reference: the bar goes
        if error and nodes.alive(node):
            node["status"].setValue(error)
        _tell(node, report if report is not None else error)

    stop.append(baking.start(node, first, last, tell, ended))


def _tell(node: Any, what: Step | BakeReport | str) -> None:
    for listener in list(_listeners):
        listener(node, what)
