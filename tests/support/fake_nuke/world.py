"""One session of the fake Nuke: all its state, and nothing at module level."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from fake_nuke.callbacks import Callbacks
from fake_nuke.layers import STANDARD_LAYERS
from fake_nuke.undo import Undoing

if TYPE_CHECKING:
    from types import ModuleType

    from fake_nuke.group import Group
    from fake_nuke.knobs import Knob
    from fake_nuke.node import Node
    from fake_nuke.root import Root


N = TypeVar("N", bound="Node | None")

REACH = 10
"""Nodes that Python reaches in a limited edition (said of Non-commercial by public tools)."""


@dataclass
class Said:
    """Something that the session told its user. level: message, alert, error, tprint, …"""

    level: str
    text: str


@dataclass
class World:
    """The session. `root` comes with `new_script`; `nuke` is the module that shows it all."""

    gui: bool = False
    edition: str = ""
    frame: float = 1.0
    view: str = "main"
    loading: bool = False
    executing: bool = False
    in_callback: int = 0
    said: list[Said] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    layers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plugin_path: list[Path] = field(default_factory=list)
    callbacks: Callbacks = field(default_factory=Callbacks)
    undoing: Undoing = field(default_factory=Undoing)
    groups: list[Group] = field(default_factory=list)
    these: list[tuple[Node, Knob | None]] = field(default_factory=list)
    cancel_at: float | None = None
    rendered: list[tuple[str, float, str]] = field(default_factory=list)
    handed: set[Node] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    seen: dict[int, Any] = field(default_factory=dict)
    displaying: bool = False
    held: dict[Path, IO[bytes]] = field(default_factory=dict)

    root: Root = field(init=False)
    nuke: ModuleType = field(init=False)
    evaluator: ModuleType = field(init=False)

    def __post_init__(self) -> None:
        self.layers.update(STANDARD_LAYERS)
        self.callbacks.world = self

    @property
    def group(self) -> Group:
        """The group that unqualified names are looked up in."""
        return self.groups[-1] if self.groups else self.root

    @contextmanager
    def at(self, frame: float, view: str) -> Iterator[None]:
        """For a while it is another frame and view; what a render does."""
        before = self.frame, self.view
        self.frame, self.view = frame, view
        try:
            yield
        finally:
            self.frame, self.view = before

    @contextmanager
    def being(self, node: Node, knob: Knob | None = None) -> Iterator[None]:
        """thisNode and thisKnob for a while. Inside a group's own code its nodes are near."""
        group: Any = node if node._holds_nodes else node._parent
        self.these.append((node, knob))
        self.groups.append(group or self.root)
        try:
            yield
        finally:
            self.these.pop()
            self.groups.pop()

    def hand(self, node: N) -> N:
        """A node on its way to Python. Indie and Non-commercial let ten through; which ten, and
        how they refuse the eleventh, is not known here: it raises."""
        if self.edition in ("indie", "nc") and node is not None and node is not self.root:
            self.handed = {n for n in self.handed if n._alive} | {node}
            if len(self.handed) > REACH:
                raise RuntimeError(f"This edition lets Python reach {REACH} nodes.")
        return node

    def channels(self) -> set[str]:
        return {channel for channels in self.layers.values() for channel in channels}

    def tell(self, level: str, text: str) -> None:
        self.said.append(Said(level, text))
