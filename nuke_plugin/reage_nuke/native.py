"""A ReAge node as a plain group: what is baked stays, and the plugin is no longer needed."""

from __future__ import annotations

from typing import Any

import nuke

from reage_nuke import edition
from reage_nuke.nodes import pattern_of


def convert(node: Any) -> Any:
    """Put a group of Nuke's own nodes in the node's place; returns it. Can be undone.

    Blend, strengths, view and matte go on working; the bake does not, and its buttons go.
    """
    # A button runs inside its own node: new nodes would land there.
    with nuke.Undo("ReAge to native nodes"), node.parent() or nuke.root():
        group = node.makeGroup()
        for index in range(node.inputs()):
            group.setInput(index, node.input(index))
        for reader in node.dependent(nuke.INPUTS, False):
            for index in range(reader.inputs()):
                if reader.input(index) is node or _same(reader.input(index), node):
                    reader.setInput(index, group)
        _freeze(group, node)
        place, name = (node.xpos(), node.ypos()), node.name()
        nuke.delete(node)
        group.setName(name)
        group.setXYpos(*place)
    return group


def _freeze(group: Any, node: Any) -> None:
    """Take the plugin's buttons and the Write of its previews away, and write the files' place
    where it was an expression."""
    for knob in list(group.knobs().values()):
        if knob.Class() == "PyScript_Knob" and "reage_nuke" in knob.command():
            group.removeKnob(knob)
    if not edition.limited():  # else Python reaches too few nodes; the Write stays, disabled
        for name in ("Preview", "PreviewBox", "PreviewOf"):
            nuke.delete(group.node(name))
        for name in ("preview_file", "preview_of", "preview_box", "preview_on"):
            group.removeKnob(group[name])
    group["cache"].setValue(pattern_of(node["cache"]))


def _same(a: Any, b: Any) -> bool:
    return a is not None and a.fullName() == b.fullName()
