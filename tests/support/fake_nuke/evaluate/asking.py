"""Asking a node for its picture, at a frame and a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_nuke.errors import RenderError
from fake_nuke.evaluate.pictures import Picture, channel
from fake_nuke.evaluating import number_of, numbers_of, word_of
from fake_nuke.expression import ExpressionError
from fake_nuke.group import Group
from fake_nuke.node import Node

Maker = Callable[["Asked"], Picture]

MAKERS: dict[str, Maker] = {}
"""Node class → what makes its picture."""


def makes(*classes: str) -> Callable[[Maker], Maker]:
    """Decorator: this function makes the pictures of these classes."""

    def put(maker: Maker) -> Maker:
        MAKERS.update(dict.fromkeys(classes, maker))
        return maker

    return put


@dataclass
class Asked:
    """One node, asked at one frame and view. `known` holds what was made already."""

    node: Node
    frame: float
    view: str
    known: dict[tuple[Node, float, str], Picture] = field(default_factory=dict)

    def picture(self) -> Picture:
        """RenderError, with the node that is to blame."""
        key = (self.node, self.frame, self.view)
        if key not in self.known:
            with self.node._world.at(self.frame, self.view):
                try:
                    self.known[key] = self._made()
                except RenderError:
                    raise
                except (ExpressionError, RuntimeError) as error:
                    raise RenderError(self.node, str(error)) from error
        return self.known[key]

    def _made(self) -> Picture:
        if number_of(self.node, "disable"):
            return self.input(0)
        cls = "Group" if isinstance(self.node, Group) else self.node._cls
        if cls not in MAKERS:
            raise RenderError(self.node, f"the evaluator does not know {cls}.")
        return MAKERS[cls](self)

    # ------------------------------------------------------------ for the makers
    def of(self, node: Node, frame: float | None = None) -> Picture:
        when = self.frame if frame is None else frame
        return Asked(node, when, self.view, self.known).picture()

    def input(self, i: int, frame: float | None = None) -> Picture:
        """An input's picture; black, and without channels, where nothing is connected."""
        node = self.node._connected(i)
        return self.of(node, frame) if node is not None else self.black()

    def connected(self, i: int) -> bool:
        return self.node._connected(i) is not None

    def black(self) -> Picture:
        format = self.node._world.root.format()
        return Picture(format, (0, 0, format.width(), format.height()))

    def number(self, knob: str) -> float:
        return number_of(self.node, knob)

    def numbers(self, knob: str) -> list[float]:
        return numbers_of(self.node, knob)

    def word(self, knob: str) -> str:
        return word_of(self.node, knob)

    def channels(self, knob: str, there: Sequence[str]) -> list[str]:
        """The channels that a channel knob means, out of `there` where it says all."""
        return channels_of(self.node._world, self.word(knob), there)

    def refuse(self, sentence: str) -> RenderError:
        return RenderError(self.node, sentence)


def channels_of(world: Any, text: str, there: Sequence[str]) -> list[str]:
    """Words of a channel knob → full names, in order; -name takes one out."""
    found: dict[str, None] = {}
    for word in text.replace("{", " ").replace("}", " ").split():
        name = channel(word.lstrip("-"))
        if name == "all":
            members: Sequence[str] = there
        elif name == "none":
            members = ()
        else:
            members = world.layers.get(name, (name,))
        for member in members:
            if word.startswith("-"):
                found.pop(member, None)
            else:
                found[member] = None
    return list(found)
