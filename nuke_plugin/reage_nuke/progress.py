"""A bake with Nuke's own progress bar, in the background of the GUI."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import nuke

from reage_host.bakes import Ended
from reage_host.report import STOPPED, Step, Tell
from reage_nuke import baking, events, nodes
from reage_ui.host import BakeEnded, BakeProgress


def bake(node: Any, first: int | None = None, last: int | None = None) -> None:
    """Bake in the background; without a GUI, here and now. Raises a ReageError."""
    if nuke.GUI:
        _begin(node, partial(baking.start, node, first, last))
    else:
        nuke.tprint(f"ReAge: {baking.bake(node, first, last, tell=_print).text()}")


def submit(node: Any) -> None:
    """Write what a farm is to bake, likewise; it says where."""
    if nuke.GUI:
        _begin(node, partial(baking.start_submit, node), said=True)
    else:
        nuke.tprint(f"ReAge: {baking.submit(node, tell=_print).text()}")


def _print(step: Step) -> None:
    nuke.tprint(str(step))


def _begin(
    node: Any, start: Callable[[Tell, Ended], Callable[[], None]], said: bool = False
) -> None:
    """said: what came of it goes to Nuke's script editor, too, where text can be copied."""
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
        elif said:
            nuke.tprint(f"ReAge: {text}")
        events.tell(BakeEnded(_name(node), text, error))

    stop.append(start(tell, ended))


def _name(node: Any) -> str:
    return str(node.fullName()) if nodes.alive(node) else ""
