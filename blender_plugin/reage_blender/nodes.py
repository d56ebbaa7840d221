# SPDX-License-Identifier: GPL-3.0-or-later
"""The node groups ReAge of a file: found by who uses them, by where the artist is, by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

from reage.errors import SettingsError
from reage_blender import group, versions


def groups() -> list[Any]:
    """All node groups ReAge of the file."""
    return [tree for tree in bpy.data.node_groups if group.is_reage(tree)]


def by_number(uid: int) -> Any | None:
    """The group with this `session_uid`, which stays while names and pointers do not."""
    return next((tree for tree in groups() if tree.session_uid == uid), None)


def users(tree: Any) -> Iterator[Any]:
    """The nodes that show a group, in all trees that are open."""
    for each in versions.trees():
        yield from (n for n in each.nodes if getattr(n, "node_tree", None) == tree)


def local(name: str) -> Any | None:
    """The node group of this name that is of this file."""
    return bpy.data.node_groups.get((name, None))


def named(name: str) -> Any:
    """The group of this name, rather one of this file than a linked one; with none the one at
    hand. Raises SettingsError."""
    if name:
        tree = local(name) or bpy.data.node_groups.get(name)
        if not group.is_reage(tree):
            raise SettingsError(f"There is no node group {name!r} of ReAge's in this file.")
        return tree
    tree = at_hand(bpy.context)
    if tree is None:
        raise SettingsError("There is no ReAge node here; add one with Add ReAge in its panel.")
    return tree


def node_at_hand(context: Any) -> Any | None:
    """The node that a panel shows: the active one, else the scene's first."""
    space = context.space_data
    edited = getattr(space, "edit_tree", None) or versions.compositor(context.scene)
    if edited is None:
        return None
    nodes = [edited.nodes.active, *edited.nodes]
    return next((n for n in nodes if group.is_reage(getattr(n, "node_tree", None))), None)


def at_hand(context: Any) -> Any | None:
    """The group of that node; also where it is the group itself that is open."""
    edited = getattr(context.space_data, "edit_tree", None)
    if group.is_reage(edited):
        return edited
    node = node_at_hand(context)
    if node is not None:
        return node.node_tree
    found = groups()
    return found[0] if len(found) == 1 else None


def require_own(tree: Any) -> None:
    """Raises SettingsError for a group that belongs to another file."""
    if tree.library is not None or tree.override_library is not None:
        raise SettingsError(
            f"{tree.name} is linked from another file; bake it there, or make it local "
            "(Object ▸ Relations ▸ Make Local, or the link beside its name)."
        )
