"""A node of the desktop window: one way to re-age one plate on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reage.settings import SHOWN, Settings
from reage_host.baked_folder import beside
from reage_host.fingerprint import Sources
from reage_host.graph import PLATE
from reage_host.plate_files import PlateFiles, parse_range
from reage_host.report import Observer
from reage_host.state import states
from reage_ui.host import NodeState

T = TypeVar("T")


@dataclass(frozen=True)
class DesktopGraph:
    """`reage_host.graph.GraphAdapter` for a plate on disk and the values of one node. As nothing
    in it changes, it may be read at any time.

    folder: where its bake goes; None: the folder reage_layers beside the plate
    chosen: frames that Bake range bakes, as they were typed; "" for all
    """

    name: str
    files: PlateFiles
    values: Settings
    folder: Path | None = None
    chosen: str = ""

    @property
    def baked(self) -> Path:
        """The folder of its bake."""
        return self.folder or beside(Path(self.files.pattern).parent, self.name)

    @property
    def layers(self) -> str:
        return str(self.baked / f"{self.name}.%04d.exr")

    @property
    def frames(self) -> Sequence[int]:
        wanted = parse_range(self.chosen)
        there = self.files.frames
        return tuple(n for n in wanted if n in there) if wanted and there else wanted or there

    def reading(self, look: Callable[[], T]) -> T:
        return look()

    def settings(self, frame: int) -> Settings:
        return self.values

    def key(self, which: str, frame: int) -> Sources | None:
        if which == PLATE:
            return Sources(None, (str(self.files.file(frame)),), frame)
        named = self.plate(which, (frame,), Observer())
        return Sources(None, (named,), frame) if named else None

    def plate(self, which: str, frames: Sequence[int], observer: Observer) -> str | None:
        named: str | None = self.files.pattern if which == PLATE else getattr(self.values, which)
        return named

    def show(self) -> None:
        """Nothing: the window looks anew whenever its host tells of a step, or of the end."""

    def state(self, busy: bool) -> NodeState:
        """The node as the panel lists it."""
        found, model = states(self), self.values.model
        return NodeState(
            name=self.name,
            values={each.name: getattr(self.values, each.name) for each in SHOWN},
            keyed=frozenset(),
            **found.counts(),
            model=Path(model).stem if model else "default model",
            busy=busy,
            message=found.error,
        )
