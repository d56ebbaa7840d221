"""A node's face in the graph: what its baked files are shown as, its status, its color."""

from __future__ import annotations

from typing import Any

import nuke

from reage_host.state import BAKED, STALE, FrameState
from reage_nuke import events, nodes
from reage_nuke.main_thread import later, without_undo
from reage_nuke.snapshot import remember
from reage_nuke.state import in_range, standing
from reage_ui.host import NodesChanged

FRESH = {BAKED: 1.0, STALE: 0.5}
"""What the hidden knob `fresh` says of a frame whose file stands; 0 where none does."""

CALM, ALARM = 0x4A6A7AFF, 0xA83A32FF
"""Colors of a node's tile, the second where frames of its range are stale or missing. One that an
artist chose stays."""

_waiting: set[str] = set()


def refresh(node: Any, files_changed: bool = False) -> FrameState:
    """Look at the node's files and say, per frame, how they stand. Main thread.

    The answer is written as keys on the node's hidden knob `fresh`, see FRESH: native nodes read
    it, so a farm without the plugin shows the same. Every file that stands may be shown, those
    beside the range as well.
    """
    every = standing(node)
    found = in_range(node, every)
    with without_undo():
        if not found.error:  # what cannot be looked at now may be right all the same
            _set_fresh(node["fresh"], {f: FRESH[s] for f, s in every.frames.items() if s in FRESH})
            _set_shown(node, [f for f, s in every.frames.items() if s in FRESH])
            _set_color(node["tile_color"], ALARM if found.lacking() else CALM)
        if node["status"].value() != found.detail():
            node["status"].setValue(found.detail())
        if files_changed:
            node.node("Layers")["reload"].execute()
    if nuke.GUI:
        remember(node)
    events.tell(NodesChanged())
    return found


def refresh_later(node: Any) -> None:
    """As `refresh`, soon and once, however often it is asked for meanwhile."""
    name = node.fullName()
    if name in _waiting:
        return
    _waiting.add(name)

    def do() -> None:
        if is_waiting(name) and nodes.alive(node):
            refresh(node)
        _waiting.discard(name)

    later(do)


def forget_waiting() -> None:
    """What was asked for while a script was loading, its nodes half wired, is not done."""
    _waiting.clear()


def is_waiting(name: str) -> bool:
    """Whether a node was changed, and is yet to be looked at."""
    return name in _waiting


def words(node: Any) -> str:
    """What the node shows at the playhead where that is not an up-to-date bake, else ""."""
    fresh, how = float(node["fresh"].value()), str(node["when_not_baked"].value())
    if fresh > 0.75:
        return ""
    if how == "error" or (how == "error in renders" and not nuke.GUI):
        return "shows an error"
    return "shows the stale bake" if fresh > 0.25 and how != "plate" else "shows the plate"


def _set_fresh(knob: Any, frames: dict[int, float]) -> None:
    """A key on every frame that stands and a zero on either side of each run of them."""
    wanted = dict.fromkeys((f + step for f in frames for step in (-1, 1)), 0.0) | frames
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


def _set_shown(node: Any, frames: list[int]) -> None:
    """The first and the last file that stand, for the Read inside."""
    if not frames:
        return
    for name, frame in (("shown_first", min(frames)), ("shown_last", max(frames))):
        if node[name].hasExpression() or node[name].value() != frame:
            node[name].clearAnimated()
            node[name].setValue(frame)


def _set_color(knob: Any, color: int) -> None:
    if int(knob.value()) in {0, CALM, ALARM} - {color}:
        knob.setValue(color)
