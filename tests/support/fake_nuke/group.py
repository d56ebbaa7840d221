"""Groups, which hold nodes, and gizmos, whose inside comes from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fake_nuke import facts
from fake_nuke.addresses import node_at
from fake_nuke.evaluating import number_of
from fake_nuke.node import Node

if TYPE_CHECKING:
    from fake_nuke.world import World


class Group(Node):
    """A node that holds nodes. `with group:` makes it the place where nodes are made."""

    _holds_nodes = True

    def __init__(self, world: World, cls: str, known: dict[str, facts.KnobFact]) -> None:
        super().__init__(world, cls, known)
        self._children: list[Node] = []

    def _child(self, name: str) -> Node | None:
        return next((c for c in self._children if c._knobs["name"]._held == name), None)

    def _doors(self) -> dict[int, Node]:
        """Input number → the Input node inside."""
        doors = [child for child in self._children if child._cls == "Input"]
        return {int(number_of(door, "number")): door for door in doors}

    def maxInputs(self) -> int:
        return max(self._doors(), default=-1) + 1

    maximumInputs = maxInputs

    def nodes(self) -> list[Node]:
        return [self._world.hand(child) for child in self._children]

    def numNodes(self) -> int:
        return len(self._children)

    def node(self, name: str) -> Node | None:
        return self._world.hand(node_at(self, name))

    def output(self) -> Node | None:
        return next((child for child in self._children if child._cls == "Output"), None)

    def begin(self) -> Group:
        self._world.groups.append(self)
        return self

    def end(self) -> None:
        if not self._world.groups or self._world.groups[-1] is not self:
            raise RuntimeError(f"{self.name()}.end() without its begin().")
        self._world.groups.pop()

    def __enter__(self) -> Group:
        return self.begin()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.end()

    def run(self, call: Callable[[], Any]) -> Any:
        with self:
            return call()

    def subgraphLocked(self) -> bool:
        return False

    def _every(self) -> Iterator[Node]:
        """All nodes inside, those of inner groups too."""
        for child in list(self._children):
            yield child
            if isinstance(child, Group):
                yield from child._every()


class Gizmo(Group):
    """A group whose inside and knobs come from a file on the plugin path."""

    def __init__(self, world: World, cls: str, known: dict[str, facts.KnobFact]) -> None:
        super().__init__(world, cls, known)
        self._file = ""
        self._defined: frozenset[str] = frozenset()

    def command(self) -> str:
        return self._cls

    def _is_defined(self) -> bool:
        return True

    def filename(self) -> str:
        return self._file

    def makeGroup(self) -> Group:
        """A Group that is a copy of this; unselected, and connected to nothing."""
        from fake_nuke.making import group_from

        return group_from(self)
