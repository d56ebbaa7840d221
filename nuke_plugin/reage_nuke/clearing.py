"""Deletes what a node has baked."""

from __future__ import annotations

from typing import Any

import nuke

from reage.errors import SettingsError
from reage_nuke import baking, cache, pattern, show, track


def clear(node: Any) -> str:
    """Delete the node's own files, those that carry our mark, and its track.

    Returns a sentence. Raises SettingsError while the node is being baked.
    """
    if baking.is_busy(node.fullName()):
        raise SettingsError(f"{node.name()} is being baked; cancel that first.")
    if not pattern.of_knob(node["cache"]):
        return "nothing is baked"
    text = cache.layers_pattern(node)
    deleted, kept = 0, []
    try:
        for view in nuke.views():
            for path in cache.standing(text, view):
                try:
                    path.unlink()
                    deleted += 1
                except OSError as e:
                    kept.append(f"{path.name} ({e.strerror})")
            track.forget(track.track_file(text, view))
    finally:
        show.refresh(node, files_changed=True)
    return f"{deleted} files deleted" + (f"; in use: {', '.join(kept)}" if kept else "")
