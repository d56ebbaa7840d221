"""A node's face in the graph: what is fresh is shown, the rest is the plate; and its status."""

from __future__ import annotations

from typing import Any

from reage_host.state import BAKED, FrameState
from reage_nuke import events
from reage_nuke.main_thread import later, without_undo
from reage_nuke.nodes import alive
from reage_nuke.state import states
from reage_ui.host import NodesChanged

_waiting: set[str] = set()


def refresh(node: Any, files_changed: bool = False) -> FrameState:
    """Look at the node's files and say, per frame, whether they may be shown. Main thread.

    The answer is written as keys on the node's hidden knob `fresh`, 1 where a frame is up to
    date: native nodes read it, so a farm without the plugin shows the same.
    """
    found = states(node)
    with without_undo():
        if not found.error:  # what cannot be looked at now may be right all the same
            _set_fresh(node["fresh"], found.numbers(BAKED))
        if node["status"].value() != found.detail():
            node["status"].setValue(found.detail())
        if files_changed:
            node.node("Layers")["reload"].execute()
    events.tell(NodesChanged())
    return found


def refresh_later(node: Any) -> None:
    """As `refresh`, soon and once, however often it is asked for meanwhile."""
    name = node.fullName()
    if name in _waiting:
        return
    _waiting.add(name)

    def do() -> None:
        _waiting.discard(name)
        if alive(node):
            refresh(node)

    later(do)


def _set_fresh(knob: Any, frames: tuple[int, ...]) -> None:
    """A key on every fresh frame and a zero on either side of each run of them."""
    wanted = dict.fromkeys((f + step for f in frames for step in (-1, 1)), 0.0)
    wanted |= dict.fromkeys(frames, 1.0)
    if _keys(knob) == wanted:
        return
    knob.clearAnimated()
    knob.setValue(0.0)
    if wanted:
        knob.setAnimated()
        for frame in sorted(wanted):
            knob.setValueAt(wanted[frame], frame)


def _keys(knob: Any) -> dict[int, float]:
    if not knob.isAnimated():
        return {}
    return {int(key.x): float(key.y) for key in knob.animation(0).keys()}  # noqa: SIM118
