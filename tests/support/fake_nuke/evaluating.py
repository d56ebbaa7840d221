"""What knobs say when they hold Tcl or an expression."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fake_nuke import expression
from fake_nuke.addresses import find, find_knob
from fake_nuke.animation import number
from fake_nuke.knobs.array import Array_Knob
from fake_nuke.knobs.base import Knob, followed
from fake_nuke.knobs.choice import Enumeration_Knob
from fake_nuke.tcl import tkinter

if TYPE_CHECKING:
    from fake_nuke.node import Node

_PARTS = {name: i for names in ("xyz", "wh", "rgba", "uv") for i, name in enumerate(names)}
_BOX_PARTS = {"x": 0, "y": 1, "r": 2, "t": 3}


class KnobNames:
    """The names in the expression of one knob, at one time."""

    def __init__(self, node: Node, time: float) -> None:
        self.node = node
        self.time = time

    def value(self, name: str) -> float:
        return self.value_at(name, self.time)

    def value_at(self, name: str, time: float) -> float:
        if name in ("frame", "t", "x"):
            return time
        if name == "$gui":
            return float(self.node._world.gui)
        knob, part = find_knob(self.node, name), 0
        if knob is None:
            head, _, tail = name.rpartition(".")
            knob = find_knob(self.node, head) if head else None
            parts = _BOX_PARTS if knob is not None and knob.Class() == "BBox_Knob" else _PARTS
            part = int(tail) if tail.isdigit() else parts.get(tail, -1)
        if isinstance(knob, Array_Knob) and 0 <= part < len(knob._held):
            return float(knob._numbers(time)[part])
        return self._of_node(name)

    def _of_node(self, name: str) -> float:
        head, _, tail = name.rpartition(".")
        node = find(self.node, head) if head else self.node
        if node is not None and not isinstance(node, Knob) and tail in ("width", "height"):
            return float(getattr(node, tail)())
        raise KeyError(name)

    def tcl(self, script: str) -> str:
        with self.node._world.at(self.time, self.node._world.view):
            return run_tcl(self.node, script)


_parsed = lru_cache(maxsize=None)(expression.parse)


def knob_expression(knob: Knob, text: str, time: float) -> float:
    """The number that a knob's expression gives at a time; ExpressionError with the knob's name."""
    assert knob._node is not None
    try:
        return float(_parsed(text)(KnobNames(knob._node, time)))
    except expression.ExpressionError as error:
        raise expression.ExpressionError(f"{knob._node.fullName()}.{knob._name}: {error}") from None


# ---------------------------------------------------------------- Tcl
def evaluated(node: Node, text: str) -> str:
    """The text with its [Tcl] worked out, for a node."""
    if not re.search(r"(?<!\\)\[", text):
        return text.replace("\\[", "[")
    return run_tcl(node, f"subst -novariables {{{text}}}")


def run_tcl(node: Node, script: str) -> str:
    """What a piece of Tcl says for a node; RuntimeError with Tcl's words where it fails."""
    commands = _commands()
    commands.nodes.append(node)
    commands.failure = None
    try:
        return str(commands.tcl.eval(script))
    except tkinter.TclError as error:
        reason = commands.failure or error
        raise RuntimeError(f"{node.fullName()}: [{script}] fails: {reason}") from None
    finally:
        commands.nodes.pop()


@lru_cache(maxsize=1)
def _commands() -> _Commands:
    return _Commands()


class _Commands:
    """A Tcl interpreter with Nuke's own commands; they speak for the last of `nodes`."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.failure: Exception | None = None
        self.tcl = tkinter.Tcl()
        for name in ("value", "knob", "exists", "frame", "view", "root", "python"):
            self.tcl.createcommand(name, getattr(self, name))

    @property
    def node(self) -> Node:
        return self.nodes[-1]

    def value(self, address: str) -> str:
        """A knob's value, worked out: a word for an enumeration."""
        knob = find_knob(self.node, address)
        if knob is None:
            part = address.rpartition(".")[0] and KnobNames(self.node, self.node._world.frame)
            try:
                return number(part.value(address)) if part else self._nothing(address)
            except KeyError:
                return self._nothing(address)
        if isinstance(knob, Enumeration_Knob):
            return str(knob._shown(knob._numbers(None), None))
        if isinstance(knob, Array_Knob):
            return " ".join(number(v) for v in knob._numbers(None))
        return evaluated(self.node, knob._script())

    def knob(self, address: str) -> str:
        """A knob's raw text."""
        knob = find_knob(self.node, address)
        return knob._script() if knob is not None else self._nothing(address)

    def exists(self, address: str) -> str:
        return "1" if find(self.node, address) is not None else "0"

    def frame(self, *_: str) -> str:
        return number(self.node._world.frame)

    def view(self, *_: str) -> str:
        return self.node._world.view

    def root(self, *_: str) -> str:
        return "root"

    def python(self, *words: str) -> str:
        code = words[-1]
        with self.node._world.being(self.node):
            try:
                return str(eval(code, {"nuke": self.node._world.nuke}))
            except Exception as error:
                self.failure = error
                raise

    def _nothing(self, address: str) -> str:
        self.failure = KeyError(f"there is nothing called {address}")
        raise self.failure


# ---------------------------------------------------------------- a node's knobs, now
def number_of(node: Node, knob: str) -> float:
    """A node's numeric knob at the session's frame."""
    return numbers_of(node, knob)[0]


def numbers_of(node: Node, knob: str) -> list[float]:
    found: Any = followed(node._knobs[knob])
    return [float(v) for v in found._numbers(None)]


def word_of(node: Node, knob: str) -> str:
    """A node's text or choice at the session's frame, its Tcl worked out."""
    found = followed(node._knobs[knob])
    if isinstance(found, Enumeration_Knob):
        return str(found._shown(found._numbers(None), None))
    assert found is not None
    return evaluated(node, found._script())
