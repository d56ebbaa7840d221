"""What all knobs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_nuke import tcl
from fake_nuke.constants import DISABLED, DO_NOT_WRITE, INVISIBLE
from fake_nuke.guard import MainThreadOnly

if TYPE_CHECKING:
    from fake_nuke.node import Node
    from fake_nuke.world import World


class Knob(MainThreadOnly):
    """Holds one frozen value in `_held`; `_put` is the only way to another.

    A subclass says what `_held` is, and turns it into a script's word and back.
    """

    _held: Any = ""
    _is_link = False

    def __init__(self, name: str, label: str | None = None) -> None:
        if not isinstance(name, str):
            raise TypeError(f"A knob's name is a string, not {name!r}.")
        self._name = name
        self._label = label
        self._tooltip = ""
        self._flags = 0
        self._line_flags: tuple[str, ...] = ()
        self._node: Node | None = None
        self._default: Any = self._held

    def __repr__(self) -> str:
        return f"<{self.Class()} {self._name}>"

    def _check_alive(self) -> None:
        if self._node is not None:
            self._node._check_alive()

    @property
    def _world(self) -> World | None:
        return self._node._world if self._node is not None else None

    def _put(self, held: Any) -> bool:
        """Hold another value; tells the node. Returns whether it is another."""
        before = self._held
        if held == before:
            return False
        self._held = held
        if self._node is not None:
            self._node._world.undoing.note(lambda: self._put(before))
            self._node._changed(self, before)
        return True

    def _take_default(self) -> None:
        """What it says now is what the gizmo's file gives it."""
        self._default = self._held

    def _is_default(self) -> bool:
        return bool(self._held == self._default)

    # ------------------------------------------------------------ who and where
    def Class(self) -> str:
        return type(self).__name__

    def name(self) -> str:
        return self._name

    def setName(self, name: str) -> None:
        self._name = name

    def label(self) -> str:
        return self._label or ""

    def setLabel(self, label: str) -> None:
        self._label = label

    def tooltip(self) -> str:
        return self._tooltip

    def setTooltip(self, text: str) -> None:
        self._tooltip = text

    def node(self) -> Node | None:
        return self._node

    def fullyQualifiedName(self, channel: int = -1) -> str:
        owner = self._node.fullName() + "." if self._node is not None else ""
        return owner + self._name + (f".{channel}" if channel >= 0 else "")

    # ------------------------------------------------------------ looks
    def setFlag(self, flag: int) -> None:
        self._flags |= int(flag)

    def clearFlag(self, flag: int) -> None:
        self._flags &= ~int(flag)

    def getFlag(self, flag: int) -> bool:
        return bool(self._flags & int(flag))

    def setEnabled(self, enabled: bool) -> None:
        self._flags = self._flags & ~DISABLED if enabled else self._flags | DISABLED

    def enabled(self) -> bool:
        return not self._flags & DISABLED

    def setVisible(self, visible: bool) -> None:
        self._flags = self._flags & ~INVISIBLE if visible else self._flags | INVISIBLE

    def visible(self) -> bool:
        return not self._flags & INVISIBLE

    def _written(self) -> bool:
        return not self._flags & DO_NOT_WRITE

    def error(self, message: str) -> None:
        self._complain("error", message)

    def warning(self, message: str) -> None:
        self._complain("warning", message)

    def debug(self, message: str) -> None:
        self._complain("debug", message)

    def critical(self, message: str) -> None:
        if self._world is None or not self._world.gui:
            raise RuntimeError(f"knob.critical opens a box, and there is no GUI: {message}")
        self._complain("critical", message)

    def _complain(self, level: str, message: str) -> None:
        if self._world is not None:
            self._world.tell(level, message)

    def getLinkedKnob(self) -> Knob | None:
        return None

    # ------------------------------------------------------------ animation: most have none
    def isAnimated(self, channel: int = 0) -> bool:
        return False

    def hasExpression(self, index: int = -1) -> bool:
        return False

    # ------------------------------------------------------------ scripts
    def toScript(self, quote: bool = False, context: Any = None) -> str:
        script = self._script()
        return "{" + script + "}" if quote else script

    def fromScript(self, script: str) -> bool:
        self._from_script(str(script))
        return True

    def _script(self) -> str:
        """The raw value: what stands in a .nk file when its quotes are undone."""
        raise NotImplementedError

    def _from_script(self, script: str) -> None:
        raise NotImplementedError

    def _line(self) -> str:
        """The value as a .nk file writes it."""
        return tcl.quote(self._script())


def followed(knob: Knob | None) -> Knob | None:
    """The knob at the end of a chain of links."""
    while knob is not None and knob._is_link:
        knob = knob.getLinkedKnob()
    return knob
