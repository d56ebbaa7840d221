"""A bake with Nuke's own progress bar, in the background of the GUI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nuke

from reage_host.report import STOPPED, Step
from reage_nuke import baking, events, nodes
from reage_ui.host import BakeEnded, BakeProgress


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
        events.tell(BakeProgress.of(_name(node), step))

    def ended(text: str, error: str) -> None:
        bars.clear()  # the last reference: the bar goes
        if (error or text == STOPPED) and nodes.alive(node):
            node["status"].setValue(error or text)
        events.tell(BakeEnded(_name(node), text, error))

    stop.append(baking.start(node, first, last, tell, ended))


def _name(node: Any) -> str:
    return str(node.fullName()) if nodes.alive(node) else ""
