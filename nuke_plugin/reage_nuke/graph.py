"""One view of a node as a bake sees it: `reage_host.graph.GraphAdapter` for Nuke."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import nuke

from reage.errors import Cancelled, PlateError
from reage.settings import Settings
from reage_host.fingerprint import Sources
from reage_host.graph import AGE_MAP, HAIR_MATTE, PLATE
from reage_host.patterns import for_view
from reage_host.report import STOPPED, Observer, Step
from reage_host.rungs import ANY_AGE
from reage_nuke import nodes, plates, space
from reage_nuke.main_thread import on_main

T = TypeVar("T")

_SOCKETS = {PLATE: nodes.PLATE, AGE_MAP: nodes.AGE_MAP, HAIR_MATTE: nodes.HAIR}

_WRITING = {
    PLATE: "writing plates", AGE_MAP: "writing age maps", HAIR_MATTE: "writing hair mattes",
}  # fmt: skip

_CHANNELS = {PLATE: "rgb", AGE_MAP: "rgba", HAIR_MATTE: "rgba"}
"""Of what Nuke writes; `map_channel` says which of a map's counts."""


@dataclass(frozen=True)
class NodeView:
    """Made on the main thread.

    name    of the node, in full
    layers  the pattern, its view filled in
    frames  the node's range
    inputs  what is connected
    refresh told the node, on the bake's thread, when files may have come
    ladder  ages that it is baked at, in place of its age out, which then is no frame's business
    """

    node: Any
    name: str
    view: str
    layers: str
    frames: range
    inputs: Mapping[str, plates.NodeFootage]
    refresh: Callable[[Any], object]
    ladder: tuple[int, ...] = ()
    _unkeyed: dict[str, float] = field(default_factory=dict, compare=False)
    _made: dict[tuple[float, ...], Settings] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        node: Any,
        view: str,
        layers: str,
        frames: range,
        scratch: Path = Path(),
        refresh: Callable[[Any], object] = lambda node: None,
    ) -> NodeView:
        """layers: the pattern, views open; scratch: a folder for what Nuke must write."""
        span = (frames[0], frames[-1])
        inputs = {
            which: plates.footage(source, view, span, scratch / which, _CHANNELS[which])
            for which, socket in _SOCKETS.items()
            if (source := node.input(socket)) is not None
        }
        pattern = for_view(layers, view)
        rungs = nodes.ladder(node)
        return cls(node, node.fullName(), view, pattern, frames, inputs, refresh, rungs)

    @cached_property
    def still(self) -> Mapping[str, Any]:
        """The settings that hold for all frames, as they were when first asked for."""
        return {**nodes.still_values(self.node), "colorspace": space.working_space(self.node)}

    def reading(self, look: Callable[[], T]) -> T:
        found: T = on_main(self._look, look)
        return found

    def settings(self, frame: int) -> Settings:
        if not self._unkeyed:  # a thousand frames ask, and few knobs have keys
            self._unkeyed.update(nodes.unkeyed_values(self.node, frame, self.view))
        keyed = nodes.keyed_values(self.node, frame, self.view, self._unkeyed)
        if self.ladder:
            keyed["target_age"] = ANY_AGE
        if (key := tuple(keyed.values())) not in self._made:
            self._made[key] = Settings(**{**self.still, **keyed})
        return self._made[key]

    def key(self, which: str, frame: int) -> Sources | None:
        return self.inputs[which].key(frame) if which in self.inputs else None

    def plate(self, which: str, frames: Sequence[int], observer: Observer) -> str | None:
        """Nuke writes the frames that do not stand yet."""
        footage = self.inputs.get(which)
        if footage is None:
            return None
        if not footage.direct:
            self._write(footage, frames, observer, _WRITING[which])
        return footage.pattern

    def show(self) -> None:
        self.refresh(self.node)

    def _look(self, look: Callable[[], T]) -> T:
        """Raises Cancelled where the node was deleted."""
        if not nodes.alive(self.node):
            raise Cancelled(STOPPED)
        self._unkeyed.clear()
        return look()

    def _write(
        self, footage: plates.NodeFootage, frames: Sequence[int], observer: Observer, text: str
    ) -> None:
        began = time.monotonic()
        for done, frame in enumerate(frames):
            observer.check()
            while self.reading(nuke.executing):  # the artist renders something
                observer.check()
                time.sleep(0.2)
            if not footage.file(frame).is_file():
                on_main(plates.write_frame, footage, frame)
            left = (time.monotonic() - began) / (done + 1) * (len(frames) - done - 1)
            observer.tell(Step(text, done + 1, len(frames), left))
        if self.reading(footage.changed):
            raise PlateError(
                f"The script above {self.name} was changed while its plates were written; "
                "bake again."
            )
