"""Knobs that arrange a panel, point at other knobs, or that the fake Nuke only carries along."""

from __future__ import annotations

from typing import Any

from fake_nuke.formats import Format, parse_format
from fake_nuke.knobs.base import Knob


class Tab_Knob(Knob):
    """A tab; with `count` 1, 2 or -1 it opens, opens closed, or ends a group of knobs."""

    def __init__(self, name: str, label: str | None = None, count: int = 0) -> None:
        super().__init__(name, label)
        self._count = count

    def _script(self) -> str:
        return ""

    def _from_script(self, script: str) -> None:
        """A script may keep whether the tab was open; that is no value."""

    def _written(self) -> bool:
        return False


class Link_Knob(Knob):
    """Another knob shown on this node. `_held` is its address from this node.

    In a script a gizmo's says what the other knob says, as that one's own node is not written.
    """

    _is_link = True
    _given: str | None = None
    """What the other knob says in the gizmo's file."""

    def setLink(self, address: str) -> None:
        self._put(address)

    def makeLink(self, node: str, knob: str) -> None:
        self._put(f"{node}.{knob}")

    def getLink(self) -> str:
        return str(self._held)

    def getLinkedKnob(self) -> Knob | None:
        return self._node._linked(self._held) if self._node is not None else None

    def _linked(self) -> Any:
        knob = self.getLinkedKnob()
        if knob is None:
            raise ValueError(f"{self._name} links to {self._held!r}, and there is no such knob.")
        return knob

    def value(self, *args: Any) -> Any:
        return self._linked().value(*args)

    def setValue(self, *args: Any) -> bool:
        return bool(self._linked().setValue(*args))

    def _take_default(self) -> None:
        self._given = self._linked()._script()

    def _is_default(self) -> bool:
        return bool(self._linked()._script() == self._given)

    def _written(self) -> bool:
        return self._given is not None and super()._written()

    def _script(self) -> str:
        return str(self._linked()._script())

    def _line(self) -> str:
        return str(self._linked()._line())

    def _from_script(self, script: str) -> None:
        self._linked()._from_script(script)


class Format_Knob(Knob):
    """`_held` is a Format."""

    _held: Format = Format(2048, 1556)

    def value(self) -> Format:
        return self._held

    def setValue(self, value: Format | str) -> bool:
        if isinstance(value, Format):
            return self._put(value)
        world = self._world
        if world is not None and value in world.root._formats:
            return self._put(world.root._formats[value])
        raise ValueError(f"There is no format {value!r}; nuke.addFormat makes one.")

    def _script(self) -> str:
        return self._held.script()

    def _from_script(self, script: str) -> None:
        named = self._world.root._formats.get(script) if self._world is not None else None
        self._put(named or parse_format(script))


class OpaqueKnob(Knob):
    """A knob whose value the fake Nuke carries as text and does not understand."""

    _type = "Knob"

    def Class(self) -> str:
        return self._type

    def value(self, *_: Any) -> Any:
        raise NotImplementedError(f"The fake Nuke does not understand {self._type} {self._name}.")

    setValue = value

    def _script(self) -> str:
        return str(self._held)

    def _from_script(self, script: str) -> None:
        self._put(script)

    def _line(self) -> str:
        return "{" + self._script() + "}"
