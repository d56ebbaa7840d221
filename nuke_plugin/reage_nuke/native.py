"""A ReAge node as a plain Group: what is baked stays, and the plugin is no longer needed."""

from __future__ import annotations

from typing import Any

import nuke

from reage_nuke import edition, show
from reage_nuke.nodes import GROUP, pattern_of
from reage_nuke.waiting import look_now

_ITS_OWN = ("name", "xpos", "ypos", "selected")


def to_group(node: Any) -> Any:
    """Put a Group of Nuke's own nodes in the node's place; returns it. Can be undone.

    Name, wires, values and keys stay. Blend, strengths, view and mask go on working; the bake does
    not, and its buttons go.
    """
    look_now()  # what the Group says of its frames nobody looks at again
    # A button runs inside its own node: new nodes would land there.
    with nuke.Undo("ReAge to Group"), node.parent() or nuke.root():
        if node.Class() == GROUP:
            _freeze(node, pattern_of(node["cache"]))
            return node
        group = node.makeGroup()
        _take_values(group, node)
        _take_wires(group, node)
        _freeze(group, pattern_of(node["cache"]))
        place, name = (node.xpos(), node.ypos()), node.name()
        nuke.delete(node)
        group.setName(name)
        group.setXYpos(*place)
    return group


def outdate(node: Any, why: str) -> None:
    """Of a Group of another version a baked setting was turned: how its frames stand is not known
    here, so what is baked is stale. A farm then refuses it, and an artist sees why."""
    if node["fresh"].isAnimated():
        show.doubt(node)
        node["status"].setValue(f"Stale. {why}")


def _take_values(group: Any, node: Any) -> None:
    """Nuke's documentation does not say what its copy keeps."""
    for name, knob in node.knobs().items():
        copied = group.knob(name)
        if name not in _ITS_OWN and copied and copied.toScript() != knob.toScript():
            copied.fromScript(knob.toScript())


def _take_wires(group: Any, node: Any) -> None:
    for index in range(node.inputs()):
        group.setInput(index, node.input(index))
    for reader in node.dependent(nuke.INPUTS, False):
        for index in range(reader.inputs()):
            if reader.input(index) is node or _same(reader.input(index), node):
                reader.setInput(index, group)


def _freeze(group: Any, files: str) -> None:
    """Take away what only the plugin can do, the Write of its previews too, and what it knows its
    nodes by; write the files' place where it was an expression."""
    for name, knob in list(group.knobs().items()):
        button = knob.Class() == "PyScript_Knob" and "reage_nuke" in knob.command()
        if button or name == "files_of":
            group.removeKnob(knob)
    if not edition.limited():  # else Python reaches too few nodes; the Write stays, disabled
        for name in ("Preview", "PreviewBox", "PreviewOf"):
            nuke.delete(group.node(name))
        for name in ("preview_file", "preview_of", "preview_box", "preview_on"):
            group.removeKnob(group[name])
    group["cache"].setValue(files)


def _same(a: Any, b: Any) -> bool:
    return a is not None and a.fullName() == b.fullName()
