"""The node's view is for the eye: a render gets the result, unless the node says otherwise.

On a farm the gizmo's own nodes see to that, by `$gui`. In a render that Nuke's own window does
they cannot tell it from the viewer, so one that would get another view is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reage.errors import SettingsError
from reage_nuke.nodes import is_reage

RESULT = "result"


def words(node: Any) -> str:
    """What the node's label says of its view; "" of the result."""
    view = str(node["view_mode"].value())
    if view == RESULT:
        return ""
    how = "IN RENDERS TOO" if node["view_renders"].value() else "in the viewer alone"
    return f"view: {view}, {how}"


def check_render(write: Any) -> None:
    """Raises SettingsError where a render with windows would get a view that was left on."""
    for node in _above(write):
        view = node["view_mode"].value() if is_reage(node) else RESULT
        if view != RESULT and not (node["view_renders"].value() or node["disable"].value()):
            raise SettingsError(
                f"{node.name()} shows its {view}, not the result: set view to result, or turn on "
                "in renders."
            )


def _above(node: Any) -> Iterator[Any]:
    """A node, and all that flows into it; what groups hold as well."""
    seen, waiting = set(), [node]
    while waiting:
        at = waiting.pop()
        if at.fullName() not in seen:
            seen.add(at.fullName())
            yield at
            inside = at.nodes() if hasattr(at, "nodes") and not is_reage(at) else []
            inputs = (at.input(k) for k in range(at.inputs()))
            waiting += [each for each in (*inputs, *inside) if each is not None]
