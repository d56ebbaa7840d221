"""A host with no Nuke: plates on disk, values in memory, bakes by the worker."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from importlib.util import find_spec
from typing import Any

from reage import home
from reage.client import Reply, engine_command
from reage.errors import ReageError
from reage.job import RenderJob
from reage.settings import Settings
from reage_ui.desktop_node import Node
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
from reage_ui.plate_files import PlateFiles
from reage_ui.previewer import Engine
from reage_ui.qt import Qt, QtCore, QtGui, Signal

_CHECKOUT = home.root()


class DesktopHost(QtCore.QObject):
    """`reage_ui.host.Host` without a node graph: each opened plate is a node.

    Bakes run in a worker of their own, so that a preview never waits for one.

    opened   a plate was opened; the window shows its frames
    """

    opened = Signal(str)
    _came = Signal(object)

    def __init__(self, settings: Settings | None = None, device: str = "auto") -> None:
        super().__init__()
        self.frame = 1
        self._settings, self._device = settings or Settings(), device
        self._nodes: dict[str, Node] = {}
        self._selected: str | None = None
        self._listeners: list[Listener] = []
        self._engine = Engine(self.engine)
        self._came.connect(self._call, Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------ what the window adds

    def open(self, path: str) -> str:
        """Open a plate; returns its node's name. Raises MissingFrames."""
        node = self._add(PlateFiles.at(path), self._settings)
        self._tell(Said(f"Opened {node.plate}."))
        self.opened.emit(node.name)
        return node.name

    def select(self, node: str) -> None:
        """The artist turned to a node: a new one is made of its plate."""
        self._selected = self._node(node).name

    def plate(self, node: str) -> PlateFiles:
        return self._node(node).plate

    def settings(self, node: str) -> Settings:
        return self._node(node).settings

    def set_frame(self, frame: int) -> None:
        self.frame = frame
        self._tell(FrameChanged())

    def set_colorspace(self, name: str | None) -> None:
        """For every plate, and those to come."""
        self._settings = replace(self._settings, colorspace=name)
        for node in self._nodes.values():
            node.settings = replace(node.settings, colorspace=name)
        self._tell(NodesChanged())
        self._tell(FrameChanged())

    def close(self) -> None:
        """End what is at work."""
        self._engine.close()

    # ------------------------------------------------------------ Host

    def nodes(self) -> Sequence[NodeState]:
        return [self._nodes[name].state() for name in sorted(self._nodes)]

    def selected(self) -> str | None:
        return self._selected

    def create(self) -> str:
        """Another node on the selected one's plate: for other ages, or another face."""
        if self._selected is None:
            raise HostError("Open a plate first; each plate is a node.")
        of = self._nodes[self._selected]
        return self._add(of.plate, self._settings).name

    def reveal(self, node: str) -> None:
        folder = self._node(node).plate.baked
        if not folder.is_dir():
            folder = folder.parent
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))

    def set_value(self, node: str, setting: str, value: Any) -> None:
        found = self._node(node)
        try:
            found.settings = replace(found.settings, **{setting: value})
        except ReageError as e:
            raise HostError(str(e)) from e
        self._tell(NodesChanged())

    def bake(self, node: str, current_frame_only: bool) -> None:
        found = self._node(node)
        if found.request is not None:
            raise HostError(f"{node} is being baked already.")
        frames = (self.frame,) if current_frame_only else found.plate.frames
        job = RenderJob(
            plate=found.plate.pattern,
            output=str(found.output()),
            settings=found.settings,
            track=str(found.track()),
            device=self._device,
            layers=("delta", "matte", "parts"),
            missing="skip",
            continue_on_error=True,
            resume=True,
        )
        marks = {frame: found.mark(frame) for frame in frames}
        rest = replace(job, frames=str(self.frame) if current_frame_only else None, marks=marks)
        try:
            found.plate.baked.mkdir(parents=True, exist_ok=True)
            if found.tracked == (made_from := found.to_track()) and found.track().is_file():
                self._render(found, rest)
            else:
                self._track(found, job, made_from, rest)
        except (ReageError, OSError) as e:
            raise HostError(f"{node} cannot be baked: {e}") from e
        self._tell(NodesChanged())

    def _track(self, node: Node, job: RenderJob, made_from: object, rest: RenderJob) -> None:
        """The face track of the whole plate, and then the rest."""

        def ended(reply: Reply) -> None:
            if reply.error is not None:
                self._end(node, _ended(node.name, reply))
                return
            node.tracked = made_from
            try:
                self._render(node, rest)
            except (ReageError, OSError) as e:
                self._end(node, BakeEnded(node.name, "", str(e)))

        arguments = {"job": _document(job), "path": str(node.track())}
        self._send(node, "track", arguments, ended)

    def _render(self, node: Node, job: RenderJob) -> None:
        self._send(
            node, "render", {"job": _document(job)},
            lambda reply: self._end(node, _ended(node.name, reply)),
        )

    def _send(
        self,
        node: Node,
        do: str,
        arguments: Mapping[str, Any],
        ended: Callable[[Reply], None],
    ) -> None:
        """Ask the worker; what it answers is told on the GUI thread."""

        def progress(step: Mapping[str, Any]) -> None:
            self._later(lambda: self._progress(_step(node.name, step)))

        def done(reply: Reply) -> None:
            self._later(lambda: ended(reply))

        node.request = self._engine.worker().send(do, arguments, done, progress)

    def _progress(self, step: BakeProgress) -> None:
        self._tell(step)
        self._tell(NodesChanged())  # one more frame stands

    def _end(self, node: Node, event: BakeEnded) -> None:
        node.request = None
        self._tell(event)
        self._tell(NodesChanged())

    def _later(self, call: Callable[[], None]) -> None:
        """From the client's thread to the GUI's."""
        with suppress(RuntimeError):  # the window is gone
            self._came.emit(call)

    def cancel(self, node: str) -> None:
        if (request := self._node(node).request) is not None:
            self._engine.cancel(request)

    def clear(self, node: str) -> None:
        found = self._node(node)
        if found.request is not None:
            raise HostError(f"{node} is being baked; cancel that first.")
        frames = found.standing()
        try:
            for frame in frames:
                found.file(frame).unlink()
        except OSError as e:
            raise HostError(f"{e.filename} cannot be deleted: {e.strerror}.") from e
        self._tell(Said(f"{node}: {len(frames)} baked frames deleted."))
        self._tell(NodesChanged())

    def preview_request(self, node: str) -> PreviewRequest:
        found = self._node(node)
        settings = {k: v for k, v in asdict(found.settings).items() if v is not None}
        return PreviewRequest(found.plate.pattern, self.frame, settings, self._device)

    def engine_environment(self) -> Mapping[str, str]:
        """Nothing: the worker reads this process's own $OCIO."""
        return {}

    def engine(self) -> Sequence[str]:
        """This very Python, where it has the engine; $REAGE_PYTHON goes first."""
        if os.environ.get("REAGE_PYTHON") or find_spec("numpy") is None:
            return engine_command(_CHECKOUT)
        return [sys.executable, "-m", "reage.cli", "worker"]

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def unlisten(self, listener: Listener) -> None:
        self._listeners.remove(listener)

    # ------------------------------------------------------------ inside

    def _add(self, plate: PlateFiles, settings: Settings) -> Node:
        names = [plate.name, *(f"{plate.name}_{n}" for n in range(2, len(self._nodes) + 3))]
        name = next(name for name in names if name not in self._nodes)
        node = self._nodes[name] = Node(name, plate, settings)
        self._selected = name
        if not plate.first <= self.frame <= plate.last:
            self.frame = plate.first
        self._tell(NodesChanged())
        return node

    def _node(self, name: str) -> Node:
        if name not in self._nodes:
            raise HostError(f"There is no {name} any more.")
        return self._nodes[name]

    def _call(self, call: Callable[[], None]) -> None:
        call()

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)


# ---------------------------------------------------------------- what the worker tells


def _document(job: RenderJob) -> Any:
    return json.loads(job.to_json())


def _step(node: str, step: Mapping[str, Any]) -> BakeProgress:
    tracking = step["stage"] == "track"
    text = "face track" if tracking else f"{step['frame']}: {step['outcome']}"
    return BakeProgress(node, text, step["done"], step["total"], step["left"])


def _ended(node: str, reply: Reply) -> BakeEnded:
    if reply.error is not None:
        stopped = reply.error.kind == "Cancelled"
        text = str(reply.error)
        return BakeEnded(node, text if stopped else "", "" if stopped else text)
    result = reply.result or {}
    failed = [f for f in result["frames"] if f["error"]]
    error = f"{len(failed)} frames failed; the first: {failed[0]['error']}" if failed else ""
    return BakeEnded(node, result["text"], error)
