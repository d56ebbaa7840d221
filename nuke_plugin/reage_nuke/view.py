"""The node's view is for the eye: a render gets the result, unless the node says otherwise.

On a farm the gizmo's own nodes see to that, by `$gui`. In a render that Nuke's own window does
they cannot tell it from the viewer, so one that would get another view is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import nuke

from reage.errors import SettingsError
from reage_nuke.nodes import AGE_MAP, CLASS, GROUP
from reage_nuke.upstream import wired

RESULT = "result"


def words(node: Any) -> str:
    """What the node's label says of its view; "" of the result."""
    view = str(node["view_mode"].value())
    if view == RESULT:
        return ""
    how = "IN RENDERS TOO" if node["view_renders"].value() else "in the viewer alone"
    return f"view: {view}, {how}"


def check_render(write: Any) -> None:
    """Raises SettingsError where a render with windows would get a view that was left on. Looks
    through the graph only where there is one."""
    every = (nuke.allNodes(cls, group=nuke.root(), recurseGroups=True) for cls in (CLASS, GROUP))
    if not any(_is_left_on(node) for some in every for node in some):
        return
    for node in filter(_is_left_on, _above(write)):
        view = node["view_mode"].values()[int(max(_said(node, "view_mode")))]
        raise SettingsError(
            f"{node.name()} shows its {view}, not the result: set view to result, or turn on in "
            "renders."
        )


def _has_view(node: Any) -> bool:
    """Whether a node is ReAge, or was: a Group that left the house has a view as well."""
    return all(node.knob(name) is not None for name in ("view_mode", "split_at"))


def _is_left_on(node: Any) -> bool:
    other = _has_view(node) and any(_said(node, "view_mode"))
    return other and 0 in _said(node, "view_renders") and 0 in _said(node, "disable")


def _above(node: Any) -> Iterator[Any]:
    """A node and all that flows into it: of what groups hold as well, and through an Input of what
    is connected to its group, as studios' Writes are groups."""
    seen, waiting = set(), [node]
    while waiting:
        at = waiting.pop()
        if (name := at.fullName()) not in seen:
            seen.add(name)
            yield at
            waiting += [each for each in _flowing(at) if each is not None]


def _flowing(node: Any) -> list[Any]:
    """What a node may take its pixels from, None for an input that is free."""
    inputs, disabled = wired(node), _said(node, "disable")
    through = inputs[:1] if any(disabled) else []
    if 0 not in disabled:
        return through
    if _has_view(node):  # an age map is baked
        return [each for k, each in enumerate(inputs) if k != AGE_MAP]
    if node.Class() == "Switch" and inputs:
        places = {k for w in _said(node, "which") for k in (math.floor(w), math.ceil(w))}
        return [*through, *(inputs[min(max(k, 0), len(inputs) - 1)] for k in sorted(places))]
    ends = [n for n in node.nodes() if n.Class() == "Output"] if hasattr(node, "nodes") else []
    return [*through, *ends] if ends else inputs


def _said(node: Any, name: str) -> set[float]:
    """What a number's knob says; where it moves, at all of the project's frames, as what is to be
    rendered is not known. 0 where there is none."""
    knob, root = node.knob(name), nuke.root()
    if knob is None:
        return {0.0}
    moves = knob.isAnimated() or knob.hasExpression()
    span = range(int(root.firstFrame()), int(root.lastFrame()) + 1) if moves else ()
    return {float(knob.getValueAt(frame)) for frame in (nuke.frame(), *span)}
