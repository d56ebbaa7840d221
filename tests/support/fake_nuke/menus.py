"""Menus and toolbars: a tree of entries that tests can look at and press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fake_nuke.callbacks import run_python

if TYPE_CHECKING:
    from fake_nuke.world import World

NAMES = ("Nuke", "Pane", "Nodes", "Properties", "Animation", "Viewer", "Node Graph", "Axis")


@dataclass
class MenuItem:
    """One entry; `script` is Python text or something to call."""

    _name: str
    _script: str | Callable[[], Any] = ""
    _shortcut: str = ""
    _icon: str = ""
    _tooltip: str = ""
    _world: World | None = None
    _enabled: bool = True

    def name(self) -> str:
        return self._name

    def script(self) -> str | Callable[[], Any]:
        return self._script

    def shortcut(self) -> str:
        return self._shortcut

    def icon(self) -> str:
        return self._icon

    def setEnabled(self, enabled: bool) -> None:
        self._enabled = enabled

    def invoke(self) -> None:
        """Choose the entry: one undo group, as Nuke wraps them."""
        assert self._world is not None
        self._world.undoing.begin(self._name)
        try:
            if callable(self._script):
                self._script()
            else:
                run_python(self._world, self._script)
        finally:
            self._world.undoing.end()


@dataclass
class Menu(MenuItem):
    """An entry that holds entries. A name with slashes goes down into submenus."""

    _items: list[MenuItem] = field(default_factory=list)

    def items(self) -> list[MenuItem]:
        return list(self._items)

    def findItem(self, name: str) -> MenuItem | None:
        head, _, tail = name.partition("/")
        found = next((item for item in self._items if item._name == head), None)
        if not tail:
            return found
        return found.findItem(tail) if isinstance(found, Menu) else None

    def addCommand(
        self,
        name: str,
        command: str | Callable[[], Any] = "",
        shortcut: str = "",
        icon: str = "",
        tooltip: str = "",
        index: int = -1,
        readonly: bool = False,
        shortcutContext: int = 0,
    ) -> MenuItem:
        """An entry of the same name is replaced."""
        head, _, tail = name.partition("/")
        if tail:
            return self.addMenu(head).addCommand(tail, command, shortcut, icon, tooltip, index)
        return self._put(MenuItem(name, command, shortcut, icon, tooltip, self._world), index)

    def addMenu(
        self, name: str, icon: str = "", tooltip: str = "", index: int = -1, tearoff: bool = True
    ) -> Menu:
        """The menu of that name, made where it is missing."""
        head, _, tail = name.partition("/")
        menu = self.findItem(head)
        if not isinstance(menu, Menu):
            menu = Menu(head, "", "", icon, tooltip, self._world)
            self._put(menu, index)
        return menu.addMenu(tail, icon) if tail else menu

    def addSeparator(self, index: int = -1) -> MenuItem:
        separator = MenuItem("")
        self._items.append(separator)
        return separator

    def removeItem(self, name: str) -> bool:
        found = self.findItem(name)
        if found is None:
            return False
        self._items.remove(found)
        return True

    def _put(self, item: MenuItem, index: int) -> MenuItem:
        self._items = [other for other in self._items if other._name != item._name]
        self._items.insert(index if index >= 0 else len(self._items), item)
        return item


class Menus:
    """The session's menus and toolbars."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._menus = {name: Menu(name, _world=world) for name in NAMES}
        self._toolbars = {"Nodes": self._menus["Nodes"]}

    def menu(self, name: str) -> Menu:
        if not self.world.gui:
            raise RuntimeError("not in GUI mode")
        if name not in self._menus:
            raise ValueError(f"There is no menu {name}; there are {', '.join(NAMES)}.")
        return self._menus[name]

    def toolbar(self, name: str) -> Menu:
        if not self.world.gui:
            raise RuntimeError("not in GUI mode")
        return self._toolbars.setdefault(name, Menu(name, _world=self.world))
