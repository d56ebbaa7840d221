"""Callbacks: who is registered for what, and calling them the way Nuke does."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fake_nuke.constants import KNOB_CHANGED_RECURSIVE

if TYPE_CHECKING:
    from fake_nuke.knobs import Knob
    from fake_nuke.node import Node
    from fake_nuke.world import World

KINDS = {
    "OnUserCreate": "*",
    "OnCreate": "*",
    "OnDestroy": "*",
    "OnScriptLoad": "*",
    "OnScriptSave": "*",
    "OnScriptClose": "*",
    "KnobChanged": "*",
    "UpdateUI": "*",
    "Autolabel": "*",
    "BeforeRender": "Write",
    "BeforeFrameRender": "Write",
    "AfterFrameRender": "Write",
    "AfterRender": "Write",
    "RenderProgress": "Write",
    "FilenameFilter": "*",
}
"""Kind → the node class it is for unless said otherwise."""

NODE_KNOBS = {
    "OnCreate": "onCreate",
    "OnDestroy": "onDestroy",
    "KnobChanged": "knobChanged",
    "UpdateUI": "updateUI",
    "BeforeRender": "beforeRender",
    "BeforeFrameRender": "beforeFrameRender",
    "AfterFrameRender": "afterFrameRender",
    "AfterRender": "afterRender",
}
"""Kind → the node's own knob whose Python runs then."""

Entry = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], Any]


class Callbacks:
    """The session's callbacks. What one raises comes out where it was fired: tests see it."""

    world: World

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, list[Entry]]] = {kind: {} for kind in KINDS}
        self._running: set[tuple[str, int]] = set()

    def add(self, kind: str, node_class: str, entry: Entry) -> None:
        if not callable(entry[0]):
            raise ValueError(f"nuke.add{kind} needs something to call, not {entry[0]!r}.")
        entries = self._entries[kind].setdefault(node_class, [])
        if entry not in entries:
            entries.append(entry)

    def remove(self, kind: str, node_class: str, entry: Entry) -> None:
        entries = self._entries[kind].get(node_class, [])
        if entry in entries:
            entries.remove(entry)

    def registered(self, kind: str) -> list[tuple[str, Callable[..., Any]]]:
        """(node class, function) of each registration, for tests to look at."""
        return [(cls, e[0]) for cls, entries in self._entries[kind].items() for e in entries]

    def fire(self, kind: str, node: Node, knob: Knob | None = None) -> None:
        """Call all that are registered for the node, then the node's own Python knob."""
        with self._calling(node, knob):
            for call, args, kwargs, only in self._for(kind, node):
                if only is None or only is node:
                    call(*args, **kwargs)
            own = node._knobs.get(NODE_KNOBS.get(kind, ""))
            if own is not None and own._text.strip():
                run_python(self.world, own._text)

    def knob_changed(self, node: Node, knob: Knob) -> None:
        """As `fire`, but a change made from inside knobChanged does not fire again."""
        key = ("KnobChanged", id(node))
        if key in self._running and not knob._flags & KNOB_CHANGED_RECURSIVE:
            return
        self._running.add(key)
        try:
            self.fire("KnobChanged", node, knob)
        finally:
            self._running.discard(key)

    def autolabel(self, node: Node) -> str | None:
        """The last one that has something to say wins; None where nobody has."""
        with self._calling(node, None):
            for call, args, kwargs, _ in reversed(list(self._for("Autolabel", node))):
                label = call(*args, **kwargs)
                if label is not None:
                    return str(label)
            own = node._knobs["autolabel"]._text
            if own.strip():
                return str(eval(own, {"nuke": self.world.nuke}))
        return None

    def filtered(self, filename: str) -> str:
        """A file name as the farm's path mapping leaves it."""
        for entries in self._entries["FilenameFilter"].values():
            for call, args, kwargs, _ in entries:
                filename = call(*args, filename, **kwargs) or filename
        return filename

    def _for(self, kind: str, node: Node) -> Iterator[Entry]:
        yield from list(self._entries[kind].get("*", ()))
        yield from list(self._entries[kind].get(node._cls, ()))

    @contextmanager
    def _calling(self, node: Node, knob: Knob | None) -> Iterator[None]:
        self.world.in_callback += 1
        try:
            with self.world.being(node, knob):
                yield
        finally:
            self.world.in_callback -= 1


def run_python(world: World, code: str) -> None:
    """Run a knob's Python as Nuke does: `nuke` is there, and nothing else."""
    names = {"nuke": world.nuke, "__name__": "__main__", "__builtins__": __builtins__}
    exec(compile(textwrap.dedent(code), "<knob>", "exec"), names)
