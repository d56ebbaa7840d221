"""A host with no Nuke: plates on disk, values in memory, bakes by the worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reage.errors import ReageError
from reage.farm.parameters import CHUNK
from reage.media.patterns import beside_all
from reage.settings import Settings
from reage_host import engine, track
from reage_host.bake import Bake
from reage_host.bakes import Bakes, Report
from reage_host.clearing import clear
from reage_host.plate_files import PlateFiles
from reage_host.report import Observer, Step
from reage_ui.desktop_graph import DesktopGraph
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
from reage_ui.qt import Qt, QtCore, QtGui, Signal


class DesktopHost(QtCore.QObject):
    """`reage_ui.host.Host` without a node graph: each opened plate is a node.

    Bakes run in a worker of their own, so that a preview never waits for one.

    opened   there is a new node; the window shows its plate's frames
    """

    opened = Signal(str)
    _came = Signal(object)

    def __init__(self, settings: Settings | None = None, device: str = "auto") -> None:
        super().__init__()
        self.frame = 1
        self._settings, self._device = settings or Settings(), device
        self._nodes: dict[str, DesktopGraph] = {}
        self._selected: str | None = None
        self._listeners: list[Listener] = []
        self._engine, self._bakes = engine.Engine(self.engine), Bakes()
        self._came.connect(self._call, Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------ what the window adds

    def open(self, path: str) -> str:
        """Open a plate; returns its node's name. Raises MissingFrames."""
        node = self._add(PlateFiles.at(path), self._settings)
        self._tell(Said(f"Opened {node.files}."))
        self.opened.emit(node.name)
        return node.name

    def select(self, node: str) -> None:
        """The artist turned to a node: a new one is made of its plate."""
        self._selected = self._node(node).name

    def plate(self, node: str) -> PlateFiles:
        return self._node(node).files

    def settings(self, node: str) -> Settings:
        return self._node(node).values

    def set_frame(self, frame: int) -> None:
        self.frame = frame
        self._tell(FrameChanged())

    def set_colorspace(self, name: str | None) -> None:
        """For every plate, and those to come."""
        self._settings = replace(self._settings, colorspace=name)
        for node in list(self._nodes.values()):
            self._give(node, colorspace=name)
        self._tell(NodesChanged())
        self._tell(FrameChanged())

    def set_frames(self, node: str, chosen: str) -> None:
        """The frames that Bake range bakes, such as 1001-1100; "" for all."""
        self._put(node, chosen=chosen)

    def set_folder(self, node: str, folder: str) -> None:
        """Where the node's bake goes; "" for the folder reage_layers beside the plate."""
        self._put(node, folder=Path(folder).expanduser().absolute() if folder else None)

    def fields(self, node: str) -> tuple[str, str, str, str]:
        """Color space, face, frames and folder of a node, as its fields show them."""
        found = self._node(node)
        values, folder = found.values, found.folder
        return values.colorspace or "", values.face, found.chosen, str(folder or "")

    def _put(self, node: str, **what: Any) -> None:
        self._nodes[node] = replace(self._node(node), **what)
        self._tell(NodesChanged())

    def close(self) -> None:
        """End what is at work."""
        self._bakes.cancel_all()
        self._engine.close()

    # ------------------------------------------------------------ Host

    def nodes(self) -> Sequence[NodeState]:
        return [self._nodes[name].state(self._bakes.is_busy(name)) for name in sorted(self._nodes)]

    def selected(self) -> str | None:
        return self._selected

    def create(self) -> str:
        """Another node on the selected one's plate: for other ages, or another face."""
        if self._selected is None:
            raise HostError("Open a plate first; each plate is a node.")
        of = self._nodes[self._selected]
        name = self._add(of.files, self._settings).name
        self.opened.emit(name)
        return name

    def reveal(self, node: str) -> None:
        folder = self._node(node).baked
        if not folder.is_dir():
            folder = folder.parent
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))

    def set_value(self, node: str, setting: str, value: Any) -> None:
        found = self._node(node)
        try:
            self._give(found, **{setting: None if value == "" else value})
        except ReageError as e:
            raise HostError(str(e)) from e
        self._tell(NodesChanged())

    def bake(self, node: str, current_frame_only: bool) -> None:
        frames = (self.frame,) if current_frame_only else None
        self._begin(node, lambda bake: bake.run(frames))

    def submit(self, node: str) -> None:
        folder = beside_all(self._node(node).layers, ".farm")
        self._begin(node, lambda bake: bake.submit(folder, CHUNK))

    def _begin(self, node: str, do: Callable[[Bake], Report]) -> None:
        found = self._node(node)

        def tell(step: Step) -> None:
            self._later(lambda: self._tell(BakeProgress.of(node, step)))
            self._later(lambda: self._tell(NodesChanged()))  # one more frame stands

        def run(cancelled: Callable[[], bool]) -> Report:
            observer, how = Observer(tell, cancelled), {"device": self._device, "missing": "skip"}
            return do(Bake(found, self._engine.worker, observer, how))

        def ended(text: str, error: str) -> None:
            self._later(lambda: self._tell(BakeEnded(node, text, error)))
            self._later(lambda: self._tell(NodesChanged()))

        try:
            self.engine()
            found.baked.mkdir(parents=True, exist_ok=True)
            self._bakes.start(node, run, ended)
        except (ReageError, OSError) as e:
            raise HostError(f"{node} cannot be baked: {e}") from e
        self._tell(NodesChanged())

    def _later(self, call: Callable[[], None]) -> None:
        """From a bake's thread to the GUI's."""
        with suppress(RuntimeError):  # the window is gone
            self._came.emit(call)

    def cancel(self, node: str) -> None:
        self._bakes.cancel(self._node(node).name)

    def clear(self, node: str) -> None:
        found = self._node(node)
        if self._bakes.is_busy(node):
            raise HostError(f"{node} is being baked; cancel that first.")
        self._tell(Said(f"{node}: {clear((found.layers,))}."))
        self._tell(NodesChanged())

    def busy(self) -> bool:
        return False

    def preview_request(self, node: str) -> PreviewRequest:
        found = self._node(node)
        settings = {k: v for k, v in asdict(found.values).items() if v is not None}
        followed = track.followed(found)
        return PreviewRequest(found.files.pattern, self.frame, settings, self._device, followed)

    def engine_environment(self) -> Mapping[str, str]:
        """Nothing: the worker reads this process's own $OCIO."""
        return {}

    def engine(self) -> Sequence[str]:
        """This very Python, where it has the engine; $REAGE_PYTHON goes first."""
        if os.environ.get("REAGE_PYTHON") or find_spec("numpy") is None:
            return engine.command()
        return [sys.executable, "-m", "reage.cli", "worker"]

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def unlisten(self, listener: Listener) -> None:
        self._listeners.remove(listener)

    # ------------------------------------------------------------ inside

    def _add(self, plate: PlateFiles, settings: Settings) -> DesktopGraph:
        names = [plate.name, *(f"{plate.name}_{n}" for n in range(2, len(self._nodes) + 3))]
        name = next(name for name in names if name not in self._nodes)
        node = self._nodes[name] = DesktopGraph(name, plate, settings)
        self._selected = name
        if not plate.first <= self.frame <= plate.last:
            self.frame = plate.first
        self._tell(NodesChanged())
        return node

    def _give(self, node: DesktopGraph, **values: Any) -> None:
        self._nodes[node.name] = replace(node, values=replace(node.values, **values))

    def _node(self, name: str) -> DesktopGraph:
        if name not in self._nodes:
            raise HostError(f"There is no {name} any more.")
        return self._nodes[name]

    def _call(self, call: Callable[[], None]) -> None:
        call()

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)
