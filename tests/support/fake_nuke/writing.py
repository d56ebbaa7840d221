"""From nodes to text: what scriptSave, nodeCopy and writeKnobs write. tcl.py reads it back."""

from __future__ import annotations

from collections.abc import Sequence

from fake_nuke.constants import (
    TO_SCRIPT,
    TO_VALUE,
    WRITE_ALL,
    WRITE_NON_DEFAULT_ONLY,
    WRITE_USER_KNOB_DEFS,
)
from fake_nuke.group import Gizmo, Group
from fake_nuke.knobs import Knob, user_knob_line
from fake_nuke.knobs.structure import Tab_Knob
from fake_nuke.layers import STANDARD_LAYERS
from fake_nuke.node import Node

HEADER = "version 17.0 v3\n"
_PASTE = "cut_paste_input"


def script_text(root: Group) -> str:
    lines = ["Root {", " inputs 0", *_values(root), "}"]
    layers = (
        f"add_layer {{{name} {' '.join(channels)}}}"
        for name, channels in root._world.layers.items()
        if name not in STANDARD_LAYERS
    )
    head = "#! nuke -nx\n" + HEADER + "\n".join([*lines, *layers]) + "\n"
    return head + nodes_text(root._children)


def copy_text(nodes: Sequence[Node]) -> str:
    """Nodes for the clipboard; the first input that leads out of them takes what is selected."""
    head = f"set {_PASTE} [stack 0]\n" + HEADER
    return head + nodes_text(nodes, outside=_PASTE)


def nodes_text(
    nodes: Sequence[Node], depth: int = 0, outside: str = "", named: dict[Node, str] | None = None
) -> str:
    """Each node after those that flow into it. Tcl's variables are global: groups share `named`."""
    named = {} if named is None else named
    text = ""
    for node in _in_order(nodes):
        wires = ""
        for source in reversed(node._inputs):
            if source in named:
                wires += f"{' ' * depth}push ${named[source]}\n"
            elif source is not None and outside:
                wires += f"{' ' * depth}push ${outside}\n"
                outside = ""
            else:
                wires += f"{' ' * depth}push 0\n"
        named[node] = f"N{len(named):08x}"
        text += wires + node_text(node, depth, named=named)
        text += f"{' ' * depth}set {named[node]} [stack 0]\n"
    return text


def node_text(
    node: Node, depth: int = 0, as_group: bool = False, named: dict[Node, str] | None = None
) -> str:
    """One node, with what is inside a group."""
    whole = as_group or not isinstance(node, Gizmo)
    skipped = frozenset() if whole or not isinstance(node, Gizmo) else node._defined
    body = [f" inputs {len(node._inputs)}"]
    body += [f" addUserKnob {user_knob_line(k)}" for k in node._user if k._name not in skipped]
    body += _values(node, everything=as_group)
    indent = " " * depth
    cls = "Group" if as_group else node._cls
    text = "\n".join([indent + line for line in [f"{cls} {{", *body, "}"]]) + "\n"
    if isinstance(node, Group) and whole:
        text += nodes_text(node._children, depth + 1, named=named) + f"{indent}end_group\n"
    return text


def _values(node: Node, everything: bool = False) -> list[str]:
    """` knob value` for what is not at its default; of a gizmo made a group, all user knobs but its
    links, as the nodes that they lead to are written."""
    users = {id(knob) for knob in node._user} if everything else set()
    return [
        f" {knob._name} {knob._line()}"
        for knob in node._knobs.values()
        if knob._written()
        and not (everything and knob._is_link)
        and (not knob._is_default() or id(knob) in users)
    ]


def _in_order(nodes: Sequence[Node]) -> list[Node]:
    """Sources first."""
    done: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node in done or node not in nodes:
            return
        for source in node._inputs:
            if source is not None:
                visit(source)
        done[node] = None

    for node in nodes:
        visit(node)
    return list(done)


def write_knobs(node: Node, flags: int) -> str:
    """`knob value …` on lines, or the names alone."""
    lines = []
    if flags & WRITE_USER_KNOB_DEFS:
        lines += [f"addUserKnob {user_knob_line(knob)}" for knob in node._user]
    for knob in node._knobs.values():
        if _wanted(knob, flags):
            value = f" {knob._line()}" if flags & (TO_SCRIPT | TO_VALUE) else ""
            lines.append(f"{knob._name}{value}")
    return "\n".join(lines)


_PLACES = ("name", "xpos", "ypos", "selected")


def _wanted(knob: Knob, flags: int) -> bool:
    if isinstance(knob, Tab_Knob) or not knob._written():
        return False
    if knob._name in _PLACES and not flags & WRITE_ALL:
        return False
    return not (flags & WRITE_NON_DEFAULT_ONLY and knob._is_default())
