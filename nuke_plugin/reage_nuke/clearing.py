"""Deletes what a node has baked."""

from __future__ import annotations

from typing import Any

import nuke

from reage.errors import SettingsError
from reage_host import clearing
from reage_host.patterns import for_view
from reage_nuke import baking, cache, nodes, show


def clear(node: Any) -> str:
    """Delete the node's own files, those that carry our fingerprint, and its track.

    Returns a sentence. Raises SettingsError while the node is being baked.
    """
    if baking.BAKES.is_busy(node.fullName()):
        raise SettingsError(f"{node.name()} is being baked; cancel that first.")
    if not nodes.pattern_of(node["cache"]):
        return "nothing is baked"
    text = cache.layers_pattern(node)
    try:
        return clearing.clear(for_view(text, view) for view in nuke.views())
    finally:
        show.refresh(node, files_changed=True)
