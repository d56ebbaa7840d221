"""What the panel asks of its host: Nuke, or the desktop window that needs no Nuke.

Standard library only. All calls are made, and all listeners are told, on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from reage_host.report import Step


@dataclass(frozen=True)
class NodeState:
    """One ReAge node as the panel lists it.

    name     full name in the script, which `Host` methods take
    values   setting name → value at the current frame, for the settings that the panel shows
    keyed    settings that are animated: the panel marks them, and a change sets a key
    baked, stale, missing   frames of the node's range, counted
    busy     whether it is being baked
    message  one sentence for the artist, or ""
    """

    name: str
    values: Mapping[str, Any]
    keyed: frozenset[str] = frozenset()
    baked: int = 0
    stale: int = 0
    missing: int = 0
    model: str = ""
    busy: bool = False
    message: str = ""

    @property
    def total(self) -> int:
        return self.baked + self.stale + self.missing


@dataclass(frozen=True)
class BakeProgress:
    """A step of a bake. `left` in seconds, None while it cannot be told."""

    node: str
    text: str
    done: int
    total: int
    left: float | None = None

    @classmethod
    def of(cls, node: str, step: Step) -> BakeProgress:
        """A step of `reage_host`'s bake; the frame that came, where one did."""
        return cls(node, step.frame or step.text, step.done, step.total, step.left)


@dataclass(frozen=True)
class BakeEnded:
    """A bake came to its end. `error` is a sentence, or "" where all went well."""

    node: str
    text: str
    error: str = ""


@dataclass(frozen=True)
class NodesChanged:
    """Nodes came, went, or changed their state; ask again."""


@dataclass(frozen=True)
class FrameChanged:
    """The host stands at another frame: animated values differ, and so does the preview."""


@dataclass(frozen=True)
class Said:
    """A line for the panel's log."""

    text: str


Event = BakeProgress | BakeEnded | NodesChanged | FrameChanged | Said
Listener = Callable[[Event], None]


@dataclass(frozen=True)
class PreviewRequest:
    """What the worker's `preview` is to be asked (see docs/worker.md).

    plate, frame   a file pattern and a frame number
    settings       fields of `reage.settings.Settings`
    device         as `RenderJob.device`
    track          the face track that a bake goes by, where there is one
    """

    plate: str
    frame: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    device: str = "auto"
    track: str | None = None


class HostError(Exception):
    """What the host cannot do, in a sentence or two for the artist."""


class Host(Protocol):
    """Methods raise HostError with a sentence where they cannot do what they are asked."""

    def nodes(self) -> Sequence[NodeState]:
        """All ReAge nodes of the script, in the order of their names."""

    def selected(self) -> str | None:
        """The node that the panel should turn to: the one selected in the graph."""

    def create(self) -> str:
        """A new node; returns its name."""

    def reveal(self, node: str) -> None:
        """Show the node in the graph."""

    def set_value(self, node: str, setting: str, value: Any) -> None:
        """Set a knob; at the current frame where it is animated."""

    def bake(self, node: str, current_frame_only: bool) -> None:
        """Start a bake; it goes on in the background and tells the listeners."""

    def submit(self, node: str) -> None:
        """Write what is missing or stale for a render farm, in the background; what was written is
        told as the end of a bake is."""

    def cancel(self, node: str) -> None:
        """End the node's bake; finished frames stay."""

    def clear(self, node: str) -> None:
        """Delete the node's baked frames."""

    def busy(self) -> bool:
        """Whether the host renders: a preview, which may need a plate of it, waits."""

    def preview_request(self, node: str) -> PreviewRequest:
        """What to preview at the current frame."""

    def engine(self) -> Sequence[str]:
        """The command that starts the worker."""

    def engine_environment(self) -> Mapping[str, str]:
        """What the worker's environment has to say beyond the host's own: $OCIO, say."""

    def listen(self, listener: Listener) -> None:
        """Tell `listener` of every event from now on."""

    def unlisten(self, listener: Listener) -> None:
        """Stop telling it."""
