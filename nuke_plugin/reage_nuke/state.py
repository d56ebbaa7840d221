"""Which frames of a node are baked, stale or missing."""

from __future__ import annotations

from typing import Any

import nuke

from reage.errors import ReageError
from reage_host import state
from reage_host.state import MISSING, FrameState
from reage_nuke import cache, nodes, plates
from reage_nuke.graph import NodeView


def states(node: Any) -> FrameState:
    """The state of every frame of the node's range, all views taken together: the worst counts.

    Main thread; no inference, no rendering.
    """
    try:
        first, last = nodes.frame_range(node)
        frames = range(first, last + 1)
        plates.check_connected(node.input(nodes.PLATE), node.name())
        if not nodes.pattern_of(node["cache"]):
            return FrameState(dict.fromkeys(frames, MISSING))
        text = cache.layers_pattern(node)
        views = (NodeView.of(node, view, text, frames) for view in nuke.views())
        return FrameState.worst(state.states(view) for view in views)
    except ReageError as e:
        return FrameState({}, str(e))
