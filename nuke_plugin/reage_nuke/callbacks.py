"""What Nuke calls when a ReAge node changes. None of these edits the graph there and then."""

from __future__ import annotations

import sys
from typing import Any

import nuke

_SETTINGS = (
    "source_age", "target_age", "use_face_point", "face_point", "smooth", "age_map_mode",
    "cache", "range_first", "range_last", "model", "crop_size", "colorspace",
)  # fmt: skip
"""Knobs that decide which frames are stale."""

_WATCHED = frozenset((*_SETTINGS, "inputChange", "showPanel"))

_seen: dict[str, tuple[Any, ...]] = {}
"""Node → (frame, settings, what flows in) when Nuke was last idle."""


def knob_changed() -> None:
    """A setting moved: see anew which frames still hold.

    Not in a terminal session: Nuke calls this there while a script loads, half wired, and what
    the script says of its frames would be lost.
    """
    if nuke.GUI and nuke.thisKnob().name() in _WATCHED:
        from reage_nuke.show import refresh_later

        refresh_later(nuke.thisNode())


def looked() -> None:
    """Nuke is idle: did a curve, or anything upstream, change without a knob being turned?"""
    node: Any = nuke.thisNode()
    inputs = [node.input(k) for k in range(2)]
    now = (
        nuke.frame(),
        [node[name].toScript() for name in _SETTINGS],
        [each.opHashes() if each else None for each in inputs],
    )
    before = _seen.get(node.fullName())
    _seen[node.fullName()] = now
    same_frame = before is not None and before[0] == now[0]
    if before is not None and (before[1] != now[1] or (same_frame and before != now)):
        from reage_nuke.show import refresh_later

        refresh_later(node)


def opened() -> None:
    """A script was opened: files may have come, gone or changed meanwhile."""
    if nuke.GUI:
        from reage_nuke.nodes import all_nodes
        from reage_nuke.show import refresh_later

        for node in all_nodes():
            refresh_later(node)


def created() -> None:
    """An artist made a node: its range is the plate's."""
    from reage_nuke.nodes import take_range

    take_range(nuke.thisNode())


def destroyed() -> None:
    """A node went: so does its bake."""
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.cancel(nuke.thisNode().fullName())


def closing() -> None:
    """The script closes: bakes end, finished frames stay."""
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.cancel_all()


def label() -> str | None:
    """The node's text in the graph: its name and what its status line says."""
    node: Any = nuke.thisNode()
    if node.Class() != "ReAge":
        return None
    ages = f"{node['source_age'].value():g} → {node['target_age'].value():g}"
    lines = [node.name(), ages, str(node["status"].value()).strip()]
    if node["model"].value():
        lines.append(str(node["model"].value()).rpartition("/")[2])
    return "\n".join(line for line in lines if line)

