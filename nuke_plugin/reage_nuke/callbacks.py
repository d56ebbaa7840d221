"""What Nuke calls when a ReAge node changes. None of these edits the graph there and then."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import nuke

from reage.settings import BAKED

_SETTINGS = (
    *BAKED, "pattern_file", "use_face_point", "face_point", "cache", "range_first", "range_last",
)  # fmt: skip
"""Knobs that decide which frames are stale."""

_WATCHED = frozenset((*_SETTINGS, "inputChange", "showPanel"))

_LOOK_EVERY = 0.5
"""Seconds between two looks at what flows into one node."""

_seen: dict[str, tuple[float, Any]] = {}
"""Node → (when, its settings and what flows in) at the last look."""


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
    from reage_nuke.nodes import AGE_MAP, HAIR, PLATE
    from reage_nuke.show import refresh_later
    from reage_nuke.upstream import Tree

    node: Any = nuke.thisNode()
    name, time_now = node.fullName(), time.monotonic()
    when, before = _seen.get(name, (0.0, None))
    if time_now - when < _LOOK_EVERY:
        return
    inputs = (node.input(k) for k in (PLATE, AGE_MAP, HAIR))
    settings = tuple(node[each].toScript() for each in _SETTINGS)
    now = (settings, tuple(Tree.of(each) if each else None for each in inputs))
    _seen[name] = (time_now, now)
    if now != before:
        refresh_later(node)


def saving() -> None:
    """What is saved is what a farm believes."""
    if nuke.GUI:
        from reage_nuke.nodes import all_nodes
        from reage_nuke.show import refresh

        for node in all_nodes():
            refresh(node)


def opened() -> None:
    """A script was opened: files may have come, gone or changed meanwhile."""
    if nuke.GUI:
        from reage_nuke.main_thread import later
        from reage_nuke.nodes import all_nodes
        from reage_nuke.show import refresh_later

        later(_take_old_names)
        for node in all_nodes():
            refresh_later(node)


def _take_old_names() -> None:
    from reage_nuke.main_thread import without_undo
    from reage_nuke.nodes import all_nodes, take_old_names

    with without_undo():
        for node in all_nodes():
            take_old_names(node)


def created() -> None:
    """An artist made a node. Nuke calls this before it wires it."""
    _take_range_later(nuke.thisNode())


def connected() -> None:
    """A plate may have come; the range is its own, where nobody has set one."""
    if nuke.GUI and nuke.thisKnob().name() == "inputChange":
        _take_range_later(nuke.thisNode())


def _take_range_later(node: Any) -> None:
    from reage_nuke.main_thread import later, without_undo
    from reage_nuke.nodes import alive, take_range

    def do() -> None:
        if alive(node):
            with without_undo():
                take_range(node)

    later(do)


def destroyed() -> None:
    """A node went: so does its bake."""
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.BAKES.cancel(nuke.thisNode().fullName())


def closing() -> None:
    """The script closes: bakes end, finished frames stay."""
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.BAKES.cancel_all()


def label() -> str | None:
    """The node's text in the graph: its name and what its status line says."""
    node: Any = nuke.thisNode()
    if node.Class() != "ReAge":
        return None
    from reage import home

    model = Path(node["model"].value() or home.default_model()).stem
    ages = f"{node['source_age'].value():g} → {node['target_age'].value():g}"
    own = str(node["label"].value()).strip()
    lines = [node.name(), ages, str(node["status"].value()).strip(), model, own]
    return "\n".join(line for line in lines if line)

