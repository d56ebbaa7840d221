"""Nodes whose files are the same ones: what comes or goes of one, the others show too."""

from __future__ import annotations

from typing import Any

from reage.errors import SettingsError
from reage_nuke import cache, nodes, show
from reage_nuke.main_thread import on_main


def files_changed(node: Any) -> None:
    """`show.refresh` of the node and of those that share its files. On any thread."""
    for each in (node, *on_main(_others, node)):
        show.refresh(each, files_changed=True)


def _others(node: Any) -> list[Any]:
    if not nodes.alive(node):
        return []
    try:
        others = cache.sharing(node, cache.layers_pattern(node))
    except SettingsError:
        return []
    return [other for other in others if nodes.is_reage(other)]
