"""Deletes what a node has baked."""

from __future__ import annotations

from typing import Any

import nuke

from reage.errors import SettingsError
from reage_nuke import baking, cache, nodes, pattern, show, state, track


def clear(node: Any) -> str:
    """Delete the node's own files, those that carry our mark, and its track.

    Returns a sentence. Raises SettingsError while the node is being baked.
    """
    if baking.is_busy(node.fullName()):
        raise SettingsError(f"{node.name()} is being baked; cancel that first.")
    if not pattern.of_knob(node["cache"]):
        return "nothing is baked"
    text = cache.claim(node)
    first, last = nodes.frame_range(node)
    count = 0
    for view in nuke.views():
        for path in cache.files(text, view, range(first, last + 1)).values():
            if state.mark_of(path) is not None:
                path.unlink(missing_ok=True)
                count += 1
        track.forget(track.track_file(text, view))
    show.refresh(node, files_changed=True)
    return f"{count} files deleted"
