"""Opening, saving, clearing a script; copying and pasting nodes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fake_nuke import graph, writing
from fake_nuke.making import read_text, remove
from fake_nuke.node import Node
from fake_nuke.root import Root

if TYPE_CHECKING:
    from fake_nuke.world import World

CLIPBOARD = "%clipboard%"


class Scripts:
    """The session's script files and its clipboard."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clipboard = ""

    def new(self) -> None:
        """An empty, unsaved script; handles of the old one are dead."""
        world = self.world
        if hasattr(world, "root"):
            for node in [*world.root._every(), world.root]:
                node._alive = False
        world.groups.clear()
        world.frame, world.view = 1.0, "main"
        Root(world)

    def save(self, path: str | None = None, overwrite: int = 1) -> bool:
        world = self.world
        target = path or str(world.root["name"].value())
        if not target:
            raise RuntimeError("The script was never saved; it has no name.")
        if path and not overwrite and Path(path).exists():
            raise RuntimeError(f"{path} is there already.")
        world.callbacks.fire("OnScriptSave", world.root)
        world.root["name"].setValue(Path(target).as_posix())
        Path(target).write_text(writing.script_text(world.root), encoding="utf-8")
        world.root.setModified(False)
        return True

    def open(self, path: str) -> None:
        text = Path(path).read_text(encoding="utf-8")
        self.close()
        read_text(self.world, text, self.world.root)
        self.world.root["name"].setValue(Path(path).as_posix())
        self.world.callbacks.fire("OnScriptLoad", self.world.root)

    def close(self) -> None:
        """OnScriptClose, OnDestroy of every node, then an empty script."""
        world = self.world
        world.callbacks.fire("OnScriptClose", world.root)
        for node in list(world.root._children):
            remove(world, node)
        self.new()

    def read(self, path: str) -> None:
        read_text(self.world, Path(path).read_text(encoding="utf-8"), self.world.group)

    def copy(self, path: str) -> bool:
        nodes = graph.selected(self.world)
        if not nodes:
            raise RuntimeError("no nodes selected")
        text = writing.copy_text(nodes)
        if path == CLIPBOARD:
            self.clipboard = text
        else:
            Path(path).write_text(text, encoding="utf-8")
        return True

    def paste(self, path: str) -> Node | None:
        """Below the selected node; what came is selected. Returns the last of it."""
        world = self.world
        text = self.clipboard if path == CLIPBOARD else Path(path).read_text(encoding="utf-8")
        above = graph.selected(world)
        for node in above:
            node.setSelected(False)
        group = world.group
        made = read_text(world, text, group, above[-1] if above else None)
        for node in made:
            node.setSelected(True)
        return made[-1] if made else None
