"""A host that keeps everything in memory, and is strict: a wrong call fails the test.

Not a mock: it does what `reage_ui.host.Host` says, to nodes that are only values.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reage.service.client import engine_command
from reage.settings import SHOWN, Settings, settings_of
from reage_ui.host import (
    BakeEnded,
    BakeProgress,
    Event,
    FrameChanged,
    HostError,
    Listener,
    NodesChanged,
    NodeState,
    PreviewRequest,
    Said,
)

_SETTINGS = {s.name: s for s in settings_of(Settings)}


class MemoryHost:
    """values_set: every (node, setting, value) that the panel wrote, in order."""

    def __init__(self) -> None:
        self.states: dict[str, NodeState] = {}
        self.plates: dict[str, str] = {}
        self.extra: dict[str, Any] = {"colorspace": "ACEScg", "crop_size": 256}
        self.frame = 1
        self.values_set: list[tuple[str, str, Any]] = []
        self.revealed: list[str] = []
        self.submitted: list[str] = []
        self.refuses = ""
        self.command: Sequence[str] = ()
        self._selected: str | None = None
        self._listeners: list[Listener] = []

    # ------------------------------------------------------------ what a test does to it

    def change(self, node: str, **what: Any) -> None:
        self.states[node] = replace(self.states[node], **what)
        self.tell(NodesChanged())

    def select(self, node: str | None) -> None:
        assert node is None or node in self.states
        self._selected = node
        self.tell(NodesChanged())

    def go_to(self, frame: int) -> None:
        self.frame = frame
        self.tell(FrameChanged())

    def remove(self, node: str) -> None:
        del self.states[node]
        if self._selected == node:
            self._selected = None
        self.tell(NodesChanged())

    def tell(self, event: Event) -> None:
        _on_the_gui_thread()
        for listener in list(self._listeners):
            listener(event)

    def say(self, text: str) -> None:
        self.tell(Said(text))

    def step(self, node: str, done: int, total: int, left: float | None = None) -> None:
        assert self.states[node].busy
        self.tell(BakeProgress(node, f"{1000 + done}: done", done, total, left))

    def end(self, node: str, text: str = "all done", error: str = "") -> None:
        assert self.states[node].busy
        self.states[node] = replace(self.states[node], busy=False)
        self.tell(BakeEnded(node, text, error))

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    # ------------------------------------------------------------ Host

    def nodes(self) -> Sequence[NodeState]:
        _on_the_gui_thread()
        return [self.states[name] for name in sorted(self.states)]

    def selected(self) -> str | None:
        _on_the_gui_thread()
        return self._selected

    def create(self) -> str:
        self._ask()
        name = f"ReAge{len(self.states) + 1}"
        values = {setting.name: setting.default for setting in SHOWN}
        self.states[name] = NodeState(name, values, missing=8, model="test model")
        self._selected = name
        self.tell(NodesChanged())
        return name

    def reveal(self, node: str) -> None:
        self._ask(node)
        self.revealed.append(node)

    def set_value(self, node: str, setting: str, value: Any) -> None:
        self._ask(node)
        known = _SETTINGS[setting]
        assert isinstance(value, int | str if known.grammar else known.type), (setting, value)
        _SETTINGS[setting].check(value)
        state = self.states[node]
        self.states[node] = replace(state, values={**state.values, setting: value})
        self.values_set.append((node, setting, value))
        self.tell(NodesChanged())

    def bake(self, node: str, current_frame_only: bool) -> None:
        self._ask(node)
        assert not self.states[node].busy, "The panel must not offer a second bake."
        assert isinstance(current_frame_only, bool)
        self.change(node, busy=True)

    def submit(self, node: str) -> None:
        self._ask(node)
        assert not self.states[node].busy, "The panel must not offer it while a bake runs."
        self.submitted.append(node)
        self.change(node, busy=True)

    def cancel(self, node: str) -> None:
        self._ask(node)
        assert self.states[node].busy, "The panel must not offer to cancel nothing."
        self.end(node, "cancelled")

    def clear(self, node: str) -> None:
        self._ask(node)
        state = self.states[node]
        assert not state.busy
        self.change(node, baked=0, stale=0, missing=state.total)

    def busy(self) -> bool:
        return False

    def preview_request(self, node: str) -> PreviewRequest:
        self._ask(node)
        if node not in self.plates:
            raise HostError(f"{node} has no plate; connect one.")
        values: Mapping[str, Any] = self.states[node].values
        return PreviewRequest(self.plates[node], self.frame, {**values, **self.extra}, "cpu")

    def engine_environment(self) -> Mapping[str, str]:
        return {}

    def engine(self) -> Sequence[str]:
        _on_the_gui_thread()
        return self.command or engine_command(Path(os.devnull))

    def listen(self, listener: Listener) -> None:
        assert listener not in self._listeners
        self._listeners.append(listener)

    def unlisten(self, listener: Listener) -> None:
        self._listeners.remove(listener)

    def _ask(self, node: str | None = None) -> None:
        _on_the_gui_thread()
        if self.refuses:
            raise HostError(self.refuses)
        if node is not None and node not in self.states:
            raise HostError(f"{node} is no longer in the script.")


def _on_the_gui_thread() -> None:
    assert threading.current_thread() is threading.main_thread(), "a host call off the GUI thread"
