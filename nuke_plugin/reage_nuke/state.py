"""Which frames of a node are baked, stale or missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nuke

from reage.errors import PlateError, ReageError
from reage_host import state
from reage_host.patterns import for_view, on_disk
from reage_host.state import MISSING, FrameState
from reage_nuke import cache, nodes, plates
from reage_nuke.graph import NodeView


def states(node: Any) -> FrameState:
    """The state of every frame of the node's range, all views taken together: the worst counts.

    Main thread; no inference, no rendering.
    """
    return in_range(node, standing(node))


def in_range(node: Any, every: FrameState) -> FrameState:
    """Of what `standing` says, the frames of the node's range."""
    return every if every.error else every.within(range(*_ends(node)))


def standing(node: Any) -> FrameState:
    """The same, and of every frame beside the range whose file stands."""
    try:
        frames = range(*_ends(node))
        plates.check_connected(node.input(nodes.PLATE), node.name())
        if not nodes.pattern_of(node["cache"]):
            return FrameState(dict.fromkeys(frames, MISSING))
        text = cache.layers_pattern(node)
        patterns = {view: for_view(text, view) for view in nuke.views()}
        _check_seen(node, patterns.values())
        beside = (f for pattern in patterns.values() for f in on_disk(pattern))
        every = sorted({*frames, *beside})
        views = (NodeView.of(node, view, text, frames) for view in patterns)
        return FrameState.worst(state.states(view, every) for view in views)
    except ReageError as e:
        return FrameState({}, str(e))


def _ends(node: Any) -> tuple[int, int]:
    first, last = nodes.frame_range(node)
    return first, last + 1


def _check_seen(node: Any, patterns: Any) -> None:
    """Raises PlateError where a bake stands, as the script says, in folders that are not on this
    machine."""
    folders = {Path(pattern).parent for pattern in patterns}
    if node["fresh"].isAnimated() and not any(folder.is_dir() for folder in folders):
        raise PlateError(
            f"{node.name()}: {min(folders)}, where its baked files lie, is not to be seen from "
            "here; what the script says of them is left as it is."
        )
