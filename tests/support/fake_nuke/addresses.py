"""Addresses of nodes and knobs, as expressions, Tcl and links have them.

An address starts at the node that holds the knob: `age` is the node's own knob, `parent.age` its
group's, `root.first_frame` the script's, `Read1.file` a neighbour's, `this`, `input`, `input1`
as they read. `parent.input2` is a node: what is connected there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fake_nuke.knobs.base import Knob, followed

if TYPE_CHECKING:
    from fake_nuke.group import Group
    from fake_nuke.node import Node


def find(node: Node, address: str) -> Node | Knob | None:
    """The node or knob at an address, or None."""
    here: Node | Knob = node
    for i, word in enumerate(address.split(".")):
        if isinstance(here, Knob):
            return None
        found = _step(here, word, first=i == 0)
        if found is None:
            return None
        here = found
    return here


def find_knob(node: Node, address: str) -> Knob | None:
    found = find(node, address)
    return followed(found) if isinstance(found, Knob) else None


def _step(node: Node, word: str, first: bool) -> Node | Knob | None:
    if word == "this":
        return node
    if word == "parent":
        return node._parent
    if word == "root":
        return node._world.root
    if re.fullmatch(r"input\d*", word):
        return node._connected(int(word[5:] or 0))
    if word in node._knobs:
        return node._knobs[word]
    if first and node._parent is not None:
        neighbour = node._parent._child(word)
        if neighbour is not None:
            return neighbour
    return node._child(word)


def node_at(group: Group, name: str) -> Node | None:
    """The node of a name or a dotted path, seen from a group; "root.A" from the top."""
    here: Node | None = group
    for i, word in enumerate(name.split(".")):
        if i == 0 and word == "root":
            here = group._world.root
        elif i == 0 and word in ("this", "parent") and group._world.these:
            this = group._world.these[-1][0]
            here = this if word == "this" else this._parent
        else:
            here = here._child(word) if here is not None else None
    return here if here is not group else None
