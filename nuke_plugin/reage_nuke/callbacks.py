"""What Nuke calls when a ReAge node changes. None of these edits the graph there and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import nuke

T = TypeVar("T")

_LOOK_EVERY = 0.5
"""Seconds between two looks at what flows into one node."""

NO_CURVE_EDITOR = 0x20000000
"""A knob's flag by its number in Nuke's C++ headers, for Python has no name for it. addUserKnob has
no word for it that was seen in any gizmo, so it is not in the gizmo's text."""

_looked: dict[str, float] = {}
"""Node → when it was last looked at."""


def _of_ours(call: Callable[[], T]) -> Callable[[], T | None]:
    """Nuke calls for classes of nodes, and ReAge's may be a Group: for others nothing is done."""

    @wraps(call)
    def called() -> T | None:
        from reage_nuke.nodes import is_reage

        return call() if is_reage(nuke.thisNode()) else None

    return called


@_of_ours
def knob_changed() -> None:
    """A setting moved, or a plate came: see anew which frames still hold, and which there are.
    To open the panel moves none.

    Not in a terminal session: Nuke calls this there while a script loads, half wired, and what
    the script says of its frames would be lost.
    """
    if nuke.GUI:
        from reage_nuke.snapshot import SETTINGS
        from reage_nuke.waiting import refresh_later

        name = nuke.thisKnob().name()
        if name == "showPanel":
            _show_info_later(nuke.thisNode())
        if name == "inputChange":
            _take_range_later(nuke.thisNode())
        if name in (*SETTINGS, "inputChange"):
            refresh_later(nuke.thisNode())


def old_group_changed() -> None:
    """A hand turned a knob of a Group, which may be ReAge's of another version."""
    from reage_nuke.native import outdate
    from reage_nuke.nodes import other_version
    from reage_nuke.snapshot import SETTINGS

    node: Any = nuke.thisNode()
    turned = nuke.thisKnob().name() in SETTINGS and node.shown()  # not by a script that loads
    if turned and (why := other_version(node)):
        outdate(node, why)


@_of_ours
def looked() -> None:
    """Nuke is idle: did a curve, or anything upstream, change without a knob being turned?"""
    from reage_nuke.snapshot import has_changed
    from reage_nuke.waiting import refresh_later

    node: Any = nuke.thisNode()
    name, now = node.fullName(), time.monotonic()
    if now - _looked.get(name, 0.0) >= _LOOK_EVERY:
        _looked[name] = now
        if has_changed(node):
            refresh_later(node)


def saving() -> None:
    """What is saved is what a farm believes: changes that were not looked at yet are. Nothing
    else is, so that to save, on whichever machine, makes no frame stale."""
    from reage_nuke.waiting import look_now

    look_now()


def opened() -> None:
    """A script was opened: it is taken at its word, until something in it changes."""
    from reage_nuke.main_thread import later
    from reage_nuke.waiting import forget_waiting

    forget_waiting()
    if nuke.GUI:
        later(_begin)
    else:  # there what is changed is seen by what is remembered alone
        _begin()


def _begin() -> None:
    from reage_nuke.main_thread import without_undo
    from reage_nuke.nodes import all_nodes, take_old_names
    from reage_nuke.snapshot import remember

    with without_undo():
        for node in all_nodes():
            if nuke.GUI:  # a farm changes nothing, its picture is as it was
                take_old_names(node)
            remember(node)


@_of_ours
def created() -> None:
    """An artist made a node. Nuke calls this before it wires it."""
    _take_range_later(nuke.thisNode())


@_of_ours
def made() -> None:
    """A node came, by hand, from a script or by a paste: its hidden curves are no artist's to
    see in the Curve Editor or the Dope Sheet. A flag is no edit, and is not saved. What it says of
    its frames is looked at; `opened` has what a script says believed."""
    node: Any = nuke.thisNode()
    for knob in node.knobs().values():
        if knob.getFlag(nuke.INVISIBLE):
            knob.setFlag(NO_CURVE_EDITOR)
    # A copy of a node that is yet to be looked at says what does not hold any more.
    if nuke.GUI and node["fresh"].isAnimated():
        from reage_nuke.waiting import refresh_later

        refresh_later(node)


def _show_info_later(node: Any) -> None:
    from reage_nuke.main_thread import later
    from reage_nuke.nodes import alive
    from reage_nuke.troubleshooting import show_in_panel

    later(lambda: show_in_panel(node) if alive(node) else None)


def _take_range_later(node: Any) -> None:
    """The range is the plate's, where nobody has set one."""
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
    """The script closes: bakes end, finished frames stay; what waits to be looked at is let go."""
    if waiting := sys.modules.get("reage_nuke.waiting"):
        waiting.forget_waiting()
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.BAKES.cancel_all()


def rendering() -> None:
    """A render of Nuke's own begins: it believes what nodes say. What is raised here ends it;
    Indie's Python cannot look."""
    from reage_nuke import edition
    from reage_nuke.view import check_render
    from reage_nuke.waiting import look_now

    if nuke.GUI:
        look_now()
    if not edition.limited():
        check_render(nuke.thisNode())


@_of_ours
def label() -> str:
    """The node's text in the graph: its name, what its status line says, and what it shows where
    that is no up-to-date bake, or another view."""
    from reage import home
    from reage_nuke import view
    from reage_nuke.show import words
    from reage_nuke.waiting import is_waiting

    node: Any = nuke.thisNode()
    model = Path(node["model"].value() or home.default_model()).stem
    ages = f"{node['source_age'].value():g} → {node['target_age'].value():g}"
    own = str(node["label"].value()).strip()
    status = "looking at its files" if is_waiting(node) else str(node["status"].value()).strip()
    lines = [node.name(), ages, status, words(node), view.words(node), model, own]
    return "\n".join(line for line in lines if line)

