"""Nodes made from classes, from texts and from gizmo files; and unmade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fake_nuke import facts, tcl
from fake_nuke.group import Gizmo, Group
from fake_nuke.knobs import user_knob
from fake_nuke.knobs.base import followed
from fake_nuke.layers import add_layers
from fake_nuke.node import Node
from fake_nuke.writing import node_text

if TYPE_CHECKING:
    from fake_nuke.world import World


def fresh(world: World, cls: str) -> Node:
    """A node of a class that is not in the script yet; RuntimeError for an unknown class."""
    if cls in ("Group", "Gizmo"):
        return Group(world, cls, facts.knobs_of(cls))
    if cls in facts.CLASSES:
        return Node(world, cls, facts.knobs_of(cls))
    path = gizmo_file(world, cls)
    if path is None:
        raise RuntimeError(f"{cls}: Unknown command")
    return gizmo_node(world, path)


def place(world: World, node: Node, group: Group, name: str = "") -> None:
    """Put a fresh node into a group, under a name that is free there."""
    node._parent = group
    group._children.append(node)
    stem = node._cls.rstrip("0123456789")
    node.setName(name or f"{stem}1")
    world.undoing.note(lambda: remove(world, node))


def remove(world: World, node: Node) -> None:
    """Take a node out: OnDestroy, its wires, the node."""
    group = node._parent
    assert group is not None
    world.callbacks.fire("OnDestroy", node)
    for other, i in below(group, node):
        other._wire(i, None)
    group._children.remove(node)
    set_alive(node, False)


def below(group: Group, node: Node) -> Sequence[tuple[Node, int]]:
    return [
        (other, i) for other in group._children for i, n in enumerate(other._inputs) if n is node
    ]


def set_alive(node: Node, alive: bool) -> None:
    for one in [node, *(node._every() if isinstance(node, Group) else ())]:
        one._alive = alive


# ---------------------------------------------------------------- texts
def read_text(world: World, text: str, group: Group, onto: Node | None = None) -> list[Node]:
    """Add what a .nk text holds to a group. `onto`: the node that the text is pasted below."""
    target = tcl.LoadedNode("Paste")
    script = tcl.load(text, [target if onto is not None else None])
    add_layers(world, script)
    if script.root is not None:
        _values(world.root, script.root)
    with _loading(world):
        return _build(world, script.nodes, group, {target: onto})


def _build(
    world: World,
    loaded: list[tcl.LoadedNode],
    group: Group,
    known: dict[tcl.LoadedNode, Node | None],
) -> list[Node]:
    made = []
    for one in loaded:
        node = fresh(world, one.cls)
        known[one] = node
        place(world, node, group, one.name)
        made.append(node)
        for i, source in enumerate(one.inputs):
            node._wire(i, known[source] if source is not None else None)
        _fill(world, node, one)
        world.callbacks.fire("OnCreate", node)
        if len(one.inputs) > node.maxInputs():
            raise RuntimeError(f"{node.name()} has no input {len(one.inputs) - 1}.")
    return made


def _fill(world: World, node: Node, loaded: tcl.LoadedNode) -> None:
    """User knobs, values, and what is inside."""
    for line in loaded.user_knobs:
        if line.name not in node._knobs or not line.name:
            knob = user_knob(line)
            knob._node = node
            if line.name:
                node._own(knob)
            node._user.append(knob)
    _values(node, loaded)
    if loaded.children:
        assert isinstance(node, Group)
        _build(world, loaded.children, node, {})


def _values(node: Node, loaded: tcl.LoadedNode) -> None:
    for name, raw in loaded.knobs.items():
        if name == "name" and node is not node._world.root:
            continue
        knob = node._knobs.get(name)
        if knob is None:
            raise ValueError(f"{node._cls} has no knob {name}.")
        knob._from_script(raw)


def read_knobs(node: Node, text: str) -> None:
    """`knob value knob value …`, as createNode's arguments and readKnobs have it."""
    words = iter(tcl.split(text))
    for name in words:
        value = next(words, None)
        if value is None:
            raise ValueError(f"{name} has no value.")
        if name == "addUserKnob":
            knob = user_knob(tcl._user_knob(value))
            node.addKnob(knob)
        elif name == "name":
            node.setName(value)
        else:
            found = followed(node._knobs.get(name))
            if found is None:
                raise ValueError(f"{node._cls} has no knob {name}.")
            found.fromScript(value)


@contextmanager
def _loading(world: World) -> Iterator[None]:
    before = world.loading
    world.loading = True
    try:
        yield
    finally:
        world.loading = before


# ---------------------------------------------------------------- gizmos
def gizmo_file(world: World, cls: str) -> Path | None:
    """The first Cls.gizmo on the plugin path."""
    paths = (folder / f"{cls}.gizmo" for folder in world.plugin_path)
    return next((path for path in paths if path.is_file()), None)


def gizmo_node(world: World, path: Path) -> Gizmo:
    """A node of the class that a .gizmo file defines, at its defaults."""
    script = _gizmo(path, path.stat().st_mtime_ns)
    add_layers(world, script)
    definition = script.nodes[0]
    node = Gizmo(world, path.stem, facts.knobs_of("Gizmo"))
    node._file = path.as_posix()
    with _loading(world):
        _fill(world, node, definition)
    node._defined = frozenset(knob._name for knob in node._user)
    for knob in node._knobs.values():
        knob._take_default()
    return node


@lru_cache(maxsize=8)
def _gizmo(path: Path, _changed: int) -> tcl.Script:
    return tcl.load_gizmo(path.read_text(encoding="utf-8"))


def group_from(gizmo: Gizmo) -> Group:
    """A Group with the gizmo's knobs, values and inside, beside it, connected to nothing."""
    assert gizmo._parent is not None
    text = node_text(gizmo, as_group=True)
    stack = [None] * 32
    loaded = tcl.load(text, stack).nodes
    loaded[0].inputs = []
    loaded[0].knobs.pop("selected", None)
    with _loading(gizmo._world):
        group = _build(gizmo._world, loaded, gizmo._parent, {})[0]
    assert isinstance(group, Group)
    return group
