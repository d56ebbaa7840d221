"""The functions of the nuke module, by what they are about; `module.py` puts them together.

Each maker here gives name → function for one session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fake_nuke import constants, graph, making, rendering
from fake_nuke.addresses import node_at
from fake_nuke.callbacks import KINDS
from fake_nuke.evaluating import evaluated, run_tcl
from fake_nuke.file_names import file_at
from fake_nuke.formats import Format, parse_format
from fake_nuke.group import Group
from fake_nuke.layers import add_layer
from fake_nuke.node import Node
from fake_nuke.root import Root

if TYPE_CHECKING:
    from fake_nuke.paths import Plugins
    from fake_nuke.scripts import Scripts
    from fake_nuke.world import World

Functions = dict[str, Callable[..., Any]]


def of_the_graph(world: World) -> Functions:
    """Making and finding nodes."""

    def createNode(node: str, knobs: str = "", inpanel: bool = True) -> Node:
        return world.hand(graph.create(world, node, knobs, inpanel))

    def toNode(name: str) -> Node | None:
        return world.hand(graph.to_node(world, name))

    def allNodes(
        filter: str | None = None, group: Group | None = None, recurseGroups: bool = False
    ) -> list[Node]:
        return [world.hand(n) for n in graph.all_nodes(world, filter, group, recurseGroups)]

    def selectedNodes(filter: str | None = None) -> list[Node]:
        found = graph.selected(world)
        return [world.hand(n) for n in found if filter is None or n._cls == filter]

    def selectedNode() -> Node:
        nodes = graph.selected(world)
        if not nodes:
            raise ValueError("no node selected")
        return world.hand(nodes[-1])

    def selectAll() -> None:
        for node in world.group._children:
            node.setSelected(True)

    def delete(node: Node) -> None:
        graph.delete(world, node)

    def exists(name: str) -> bool:
        return graph.exists(world, name)

    def autoplace(node: Node) -> None:
        node.autoplace()

    def nodeAtPath(path: str) -> Node | None:
        return world.hand(node_at(world.root, path))

    def layers(node: Node | None = None) -> list[str]:
        return list(world.layers)

    def channels(node: Node | None = None) -> list[str]:
        return node.channels() if node is not None else sorted(world.channels())

    def Layer(name: str, channels: Sequence[str] = ()) -> None:
        add_layer(world, name, channels)

    def addFormat(text: str) -> Format:
        made = parse_format(text)
        world.root._formats[made.name()] = made
        return made

    def formats() -> list[Format]:
        return list(world.root._formats.values())

    def show(node: Node, forceFloat: bool = False) -> None:
        node.showControlPanel()

    def zoomToFitSelected() -> None:
        if not world.gui:
            raise RuntimeError("There is no graph to look at without a GUI.")

    return {f.__name__: f for f in list(locals().values()) if callable(f)}


def of_the_session(world: World) -> Functions:
    """Where the session stands: this node, this frame, this view; and rendering it."""

    def root() -> Root:
        return world.root

    def thisNode() -> Node:
        return world.hand(world.these[-1][0]) if world.these else world.root

    def thisKnob() -> Any:
        return world.these[-1][1] if world.these else None

    def thisGroup() -> Group:
        return world.group

    def thisParent() -> Group | None:
        return thisNode().parent()

    def thisRoot() -> Root:
        return world.root

    def thisClass() -> str:
        return thisNode().Class()

    def thisView() -> str:
        return world.view

    def views() -> list[str]:
        return world.root._views()

    def addView(name: str) -> None:
        knob = world.root._knobs["views"]
        knob._put(f"{knob._held}\n{name} #ffffff")

    def frame(number: float | None = None) -> int:
        if number is not None:
            world.root.setFrame(number)
        return int(world.frame)

    def filename(node: Node, mode: int | None = None) -> str:
        knob: Any = node["file"]
        return file_at(knob) if mode == constants.REPLACE else evaluated(node, knob._text)

    def tcl(command: str, *words: Any) -> str:
        return run_tcl(thisNode(), " ".join([command, *map(str, words)]))

    def execute(
        node: str | Node, start: Any = None, end: Any = None, *more: Any, **kw: Any
    ) -> None:
        rendering.execute(world, node, start, end, *more, **kw)

    def executing() -> bool:
        return world.executing

    def undo() -> None:
        world.undoing.undo()

    def modified() -> bool:
        return world.root.modified()

    return {f.__name__: f for f in list(locals().values()) if callable(f)}


def of_callbacks(world: World) -> Functions:
    """add… and remove… of every kind."""

    def pair(kind: str, default: str) -> Functions:
        def add(
            call: Callable[..., Any],
            args: tuple[Any, ...] = (),
            kwargs: dict[str, Any] | None = None,
            nodeClass: str = default,
            node: Node | None = None,
        ) -> None:
            world.callbacks.add(kind, nodeClass, (call, args, kwargs or {}, node))

        def remove(
            call: Callable[..., Any],
            args: tuple[Any, ...] = (),
            kwargs: dict[str, Any] | None = None,
            nodeClass: str = default,
            node: Node | None = None,
        ) -> None:
            world.callbacks.remove(kind, nodeClass, (call, args, kwargs or {}, node))

        add.__name__, remove.__name__ = f"add{kind}", f"remove{kind}"
        return {add.__name__: add, remove.__name__: remove}

    return {name: f for kind, cls in KINDS.items() for name, f in pair(kind, cls).items()}


def of_scripts(world: World, scripts: Scripts) -> Functions:
    """Scripts and the clipboard."""

    def scriptSave(filename: str = "", ignoreUnsavedChanges: bool = False) -> bool:
        return scripts.save(filename or None)

    def scriptSaveAs(filename: str = "", overwrite: int = -1) -> bool:
        return scripts.save(filename or None, overwrite != 0)

    def scriptOpen(filename: str) -> None:
        scripts.open(filename)

    def scriptClear(resetUndo: bool = False) -> None:
        scripts.close()

    def scriptClose(filename: str = "") -> bool:
        scripts.close()
        return True

    def scriptReadFile(filename: str) -> None:
        scripts.read(filename)

    def scriptReadText(text: str) -> None:
        making.read_text(world, text, world.group)

    def scriptName() -> str:
        name = str(world.root._knobs["name"]._held)
        if not name:
            raise RuntimeError("no script name")
        return name

    def nodeCopy(filename: str) -> bool:
        return scripts.copy(filename)

    def nodePaste(filename: str) -> Node | None:
        return scripts.paste(filename)

    return {f.__name__: f for f in list(locals().values()) if callable(f)}


def of_plugins(plugins: Plugins) -> Functions:
    world = plugins.world

    def pluginAddPath(args: Any, addToSysPath: bool = True) -> None:
        plugins.add(args, addToSysPath)

    def pluginAppendPath(args: Any, addToSysPath: bool = True) -> None:
        plugins.add(args, addToSysPath, front=False)

    def pluginPath() -> list[str]:
        return [path.as_posix() for path in world.plugin_path]

    def pluginExists(name: str) -> bool:
        stem = name.removesuffix(".gizmo")
        return making.gizmo_file(world, stem) is not None

    return {f.__name__: f for f in (pluginAddPath, pluginAppendPath, pluginPath, pluginExists)}
