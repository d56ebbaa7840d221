"""What a node said, and what flowed into it, when its files were last looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reage.settings import BAKED
from reage_nuke import nodes
from reage_nuke.upstream import Tree

SETTINGS = (
    *BAKED, "ladder", "pattern_file", "use_face_point", "face_point", "cache", "range_first",
    "range_last",
)  # fmt: skip
"""Knobs that decide which frames are stale."""

@dataclass(eq=False)
class _Entry:
    """A node, and what it was. Nuke's names move, from node to node too: the node is asked for its
    own."""

    node: Any
    was: object


_known: list[_Entry] = []


def remember(node: Any, was: object = None) -> None:
    """The node is as it is to be; was: as it was then, by `taken`, where that is a while ago."""
    what = was or taken(node)
    entry = _entry(node)
    if entry is None:
        _known.append(_Entry(node, what))
    else:
        entry.was = what


def has_changed(node: Any) -> bool:
    """Whether the node, or anything above it, is another than when it was remembered. One that
    was not is remembered now: a script that was opened is taken at its word."""
    entry = _entry(node)
    if entry is None:
        remember(node)
        return False
    return bool(entry.was != taken(node))


def _entry(node: Any) -> _Entry | None:
    _known[:] = [each for each in _known if nodes.alive(each.node)]
    name = node.fullName()
    return next((each for each in _known if each.node.fullName() == name), None)


def taken(node: Any) -> object:
    """What the node says now, and what flows into it."""
    inputs = (node.input(k) for k in (nodes.PLATE, nodes.AGE_MAP, nodes.HAIR))
    trees = [Tree.of(each) for each in inputs if each]
    wired = [node.input(k) is not None for k in range(4)]
    reages = [node for tree in trees for node in tree.reages]
    above = [node[k].toScript() for node in reages for k in ("fresh", "when_not_baked")]
    return wired, trees, above, [node[each].toScript() for each in SETTINGS]
