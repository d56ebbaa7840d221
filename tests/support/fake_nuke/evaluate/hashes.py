"""A node's hash: another one as soon as anything that its picture is made of changes."""

from __future__ import annotations

import hashlib

from fake_nuke import facts
from fake_nuke.evaluating import evaluated
from fake_nuke.file_names import file_at
from fake_nuke.group import Group
from fake_nuke.knobs import Knob
from fake_nuke.knobs.array import Array_Knob
from fake_nuke.knobs.text import File_Knob, String_Knob
from fake_nuke.node import Node


def op_hash(node: Node, frame: float, view: str) -> int:
    """Of knobs as they stand at the frame, the frame, the view, and all that flows in.

    Names, places and colors in the graph do not count, nor does what is in a file.
    """
    with node._world.at(frame, view):
        return int.from_bytes(_digest(node, {})[:8], "big")


def _digest(node: Node, known: dict[Node, bytes]) -> bytes:
    if node not in known:
        known[node] = b""
        digest = hashlib.sha256(f"{node._cls} {node._world.frame} {node._world.view}".encode())
        users = {id(knob) for knob in node._user}
        for name, knob in node._knobs.items():
            if id(knob) not in users and (name == "disable" or name not in facts.COMMON):
                digest.update(f"{name}={_said(node, knob)}\n".encode())
        for source in _sources(node):
            digest.update(_digest(source, known) if source is not None else b"-")
        known[node] = digest.digest()
    return known[node]


def _sources(node: Node) -> list[Node | None]:
    if isinstance(node, Group):
        return [child for child in node._children if child._cls == "Output"]
    if node._cls == "Input" and node._parent is not None:
        return [node._parent._connected(int(node._knobs["number"]._numbers(None)[0]))]
    return list(node._inputs)


def _said(node: Node, knob: Knob) -> str:
    try:
        if isinstance(knob, Array_Knob):
            return str(knob._numbers(None))
        if isinstance(knob, File_Knob):
            return file_at(knob)
        if isinstance(knob, String_Knob):
            return evaluated(node, knob._held)
    except Exception as error:
        return repr(error)
    return str(knob._held)
