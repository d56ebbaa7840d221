"""The node's view is for the eye: a render gets the result, unless the node says otherwise.

On a farm the gizmo's own nodes see to that, by `$gui`. In a render that Nuke's own window does
they cannot tell it from the viewer, so one that would get another view is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reage.errors import SettingsError
from reage_nuke.nodes import all_nodes, is_reage
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
    left_on = {node.fullName(): node for node in all_nodes() if _is_left_on(node)}
    for name in _above(write) if left_on else ():
        if node := left_on.get(name):
            raise SettingsError(
                f"{node.name()} shows its {node['view_mode'].value()}, not the result: set view to "
                "result, or turn on in renders."
            )


def _is_left_on(node: Any) -> bool:
    other = node["view_mode"].value() != RESULT
    return other and not (node["view_renders"].value() or node["disable"].value())


def _above(node: Any) -> Iterator[str]:
    """Full names of a node and of all that flows into it: of what groups hold as well, and through
    an Input of what is connected to its group, as studios' Writes are groups."""
    seen, waiting = set(), [node]
    while waiting:
        at = waiting.pop()
        if (name := at.fullName()) not in seen:
            seen.add(name)
            yield name
            inside = at.nodes() if hasattr(at, "nodes") and not is_reage(at) else []
            waiting += [each for each in (*wired(at), *inside) if each is not None]
