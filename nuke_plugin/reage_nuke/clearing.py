"""Deletes what a node has baked."""

from __future__ import annotations

from typing import Any

import nuke

from reage.errors import SettingsError
from reage_host import clearing
from reage_host.patterns import for_view
from reage_nuke import baking, cache, nodes, sharing


def clear(node: Any) -> str:
    """Delete the node's own files, those that carry our fingerprint, and its track.

    Returns a sentence. Raises SettingsError while the node is being baked, and where the
    files may be another's.
    """
    if baking.BAKES.is_busy(node.fullName()):
        raise SettingsError(f"{node.name()} is being baked; cancel that first.")
    if not nodes.pattern_of(node["cache"]):
        return "nothing is baked"
    text = cache.layers_pattern(node)
    if other := cache.whose(node, text):
        raise SettingsError(
            f"{node.name()} shows files that {other} may need; bake it, or name others, and it has "
            "files of its own to clear."
        )
    try:
        return clearing.clear(for_view(text, view) for view in nuke.views())
    finally:
        sharing.files_changed(node)
