"""Making, finding and deleting nodes, as the nuke module does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_nuke.addresses import node_at
from fake_nuke.group import Group
from fake_nuke.making import below, fresh, place, read_knobs, remove, set_alive
from fake_nuke.node import Node

if TYPE_CHECKING:
    from fake_nuke.world import World


def add(world: World, cls: str, knobs: dict[str, Any]) -> Node:
    """`nuke.nodes.Cls(knob=value, inputs=[…])`: no selection, no panel, no OnUserCreate."""
    node = fresh(world, cls)
    inputs = knobs.pop("inputs", ())
    place(world, node, world.group, str(knobs.pop("name", "")))
    _set(node, knobs)
    for i, source in enumerate(inputs):
        if not node.setInput(i, source):
            raise RuntimeError(f"{node.name()} cannot take {source} as its input {i}.")
    world.callbacks.fire("OnCreate", node)
    return node


def create(world: World, cls: str, args: str | None = None, inpanel: bool = True) -> Node:
    """`nuke.createNode`: OnUserCreate fired, then below the selected node, its panel open."""
    above = selected(world)
    node = fresh(world, cls)
    place(world, node, world.group)
    read_knobs(node, args or "")
    for other in above:
        other.setSelected(False)
    node.setSelected(True)
    node.autoplace()
    world.callbacks.fire("OnCreate", node)
    world.callbacks.fire("OnUserCreate", node)
    if above and node.maxInputs():
        node.setInput(0, above[-1])
    node._shown = inpanel and world.gui
    return node


def _set(node: Node, knobs: dict[str, Any]) -> None:
    for name, value in knobs.items():
        knob = node.knob(name)
        if knob is None:
            raise NameError(f"{node._cls} has no knob {name}.")
        if isinstance(value, str) and not hasattr(knob, "getText"):
            knob.fromScript(value)
        else:
            knob.setValue(value)


def to_node(world: World, name: str) -> Node | None:
    """From the current group, else from the top by its full name."""
    if not isinstance(name, str):
        raise TypeError(f"toNode takes a name, not {name!r}.")
    if name == "root":
        return world.root
    return node_at(world.group, name) or node_at(world.root, name)


def all_nodes(world: World, filter: str | None, group: Group | None, deep: bool) -> list[Node]:
    where = group if group is not None else world.group
    if not isinstance(where, Group):
        raise TypeError(f"allNodes takes a group, not {group!r}.")
    nodes = list(where._every()) if deep else list(where._children)
    return [node for node in nodes if filter is None or node._cls == filter]


def selected(world: World) -> list[Node]:
    """Bottom of the graph last, as it was selected."""
    return [node for node in world.group._children if node.isSelected()]


def delete(world: World, node: Node) -> None:
    """Gone from the script; its handle is dead."""
    if not isinstance(node, Node):
        raise TypeError(f"nuke.delete takes a node, not {node!r}.")
    node._check_alive()
    group = node._parent
    if group is None:
        raise RuntimeError("The root cannot be deleted.")
    fed = below(group, node)
    remove(world, node)

    def restore() -> None:
        set_alive(node, True)
        group._children.append(node)
        for other, i in fed:
            other._wire(i, node)
        world.callbacks.fire("OnCreate", node)

    world.undoing.note(restore)


def exists(world: World, name: str) -> bool:
    """A node, or a knob as `Node.knob`."""
    if to_node(world, name) is not None:
        return True
    head, _, tail = name.rpartition(".")
    node = to_node(world, head) if head else None
    return node is not None and tail in node._knobs
