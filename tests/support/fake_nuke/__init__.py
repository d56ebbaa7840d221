"""A strict fake of Nuke's Python modules, for tests: never more lenient than Nuke.

    session = fake_nuke.install(gui=False)     # `import nuke` now gives the fake Nuke
    …
    session.pump(until=lambda: done)         # serve what threads asked of the main thread
    session.uninstall()

What it does not know raises: a module attribute, a node class, a knob, a word of an
enumeration, a layer. So does a call on the graph from another thread, a box without a GUI,
`nuke.execute` from a callback, and an object whose node is gone. README.md, beside this file,
says what it promises, where its facts come from, and how to use it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from fake_nuke import evaluate, module, panels
from fake_nuke.menus import Menus
from fake_nuke.node import Node, dummy_knob
from fake_nuke.paths import Plugins
from fake_nuke.progress import Tasks
from fake_nuke.scripts import Scripts
from fake_nuke.threads import MainQueue
from fake_nuke.world import World

__all__ = ["NO_CURVE_EDITOR", "Session", "install"]

NO_CURVE_EDITOR = 0x20000000
"""A knob's flag of Nuke's C++ headers, for which Nuke's Python has no name."""


class Session:
    """One run of the fake Nuke: what a test can do beyond what Nuke's Python can."""

    def __init__(
        self, gui: bool = False, plugins: Sequence[str] = (), edition: str = ""
    ) -> None:
        self._anew = {"nuke", "nukescripts", *plugins}
        self.world = World(gui=gui, edition=edition)
        self.world.evaluator = evaluate
        self.scripts = Scripts(self.world)
        self.scripts.new()
        self.plugins = Plugins(self.world)
        self.menus = Menus(self.world)
        self.queue = MainQueue()
        self.tasks = Tasks()
        self.nuke: Any = module.build(
            self.world, self.scripts, self.plugins, self.menus, self.queue, self.tasks
        )
        self._before: dict[str, ModuleType] = {}

    def install(self) -> Session:
        self._before = {name: sys.modules.pop(name) for name in self._held()}
        sys.modules["nuke"] = self.nuke
        sys.modules.update(panels.modules(self.world, self.menus, self.queue))
        return self

    def uninstall(self) -> None:
        for name in self._held():
            del sys.modules[name]
        sys.modules.update(self._before)
        self.plugins.forget()

    def _held(self) -> list[str]:
        """Modules that know this session, or the one before it."""
        return [name for name in sys.modules if name.partition(".")[0] in self._anew]

    def pump(self, until: Callable[[], object] | None = None, timeout: float = 60.0) -> None:
        """Serve calls from other threads; see MainQueue.pump."""
        self.queue.pump(until, timeout)

    def start(self, folder: Path) -> None:
        """Start up with a folder on NUKE_PATH: its init.py, with a GUI its menu.py."""
        self.plugins.start(folder)

    def open_panel(self, node: Node) -> None:
        """Open a node's properties, as a double click does; fires knobChanged(showPanel)."""
        node._shown = True
        self.world.callbacks.knob_changed(node, dummy_knob("showPanel", node))

    def idle(self) -> None:
        """Let updateUI run on every node of the script."""
        for node in list(self.world.root._every()):
            self.world.callbacks.fire("UpdateUI", node)

    def autolabel(self, node: Node) -> str | None:
        """What the graph shows on the node, where someone has a say."""
        return self.world.callbacks.autolabel(node)

    def curve_editor(self, node: Node) -> set[str]:
        """Names of the knobs whose curves the Curve Editor shows of a node whose panel is open:
        that a knob is hidden there is not known to keep it out, so here it does not."""
        knobs = (knob for knob in node._knobs.values() if not knob.getFlag(NO_CURVE_EDITOR))
        return {k._name for k in knobs if k.isAnimated() or k.hasExpression()}

    @property
    def said(self) -> list[tuple[str, str]]:
        """(level, text) of every message, box and complaint so far."""
        return [(said.level, said.text) for said in self.world.said]

    @property
    def answers(self) -> list[Any]:
        """What the next questions will be answered, first one first."""
        return self.world.answers

    @property
    def registered_panels(self) -> dict[str, panels.Panel]:
        found: dict[str, panels.Panel] = sys.modules["nukescripts.panels"].registered
        return found

    @property
    def lost(self) -> list[str]:
        """Knobs inside of gizmos that were set: no script saves them, so they are lost."""
        return self.world.lost

    def display(self, node: Node, frame: float, view: str = "main") -> Any:
        """Show a frame in the Viewer, which holds the files that it is read from until another one
        is shown: with a shared lock, which a program that acts as on Windows looks at."""
        for path in list(self.world.held):
            self.world.held.pop(path).close()
        self.world.displaying = True
        try:
            return evaluate.picture(node, frame, view)
        finally:
            self.world.displaying = False

    def viewed(self, node: Node, frame: float, view: str = "main") -> Any:
        """The picture as a Viewer shows it: out of its cache, on disk in Nuke and kept over
        scripts and sessions, where one of the same hash was seen (Foundry's NDK guide, "Op hashing
        & caching": ops of one hash are treated as having the same data)."""
        key = evaluate.op_hash(node, frame, view)
        if key not in self.world.seen:
            self.world.seen[key] = evaluate.picture(node, frame, view)
        return self.world.seen[key]

    def cancel_render_at(self, frame: float) -> None:
        """The artist presses Esc when nuke.execute comes to that frame."""
        self.world.cancel_at = frame


def install(gui: bool = False, plugins: Sequence[str] = (), edition: str = "") -> Session:
    """A fresh session in sys.modules.

    plugins: packages that import nuke and so hold on to a session; each session imports them
             anew, as each start of Nuke does
    edition: "indie" or "nc", whose Python reaches ten nodes
    """
    return Session(gui, plugins, edition).install()
