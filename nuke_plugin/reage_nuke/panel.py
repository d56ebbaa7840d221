"""The dockable panel inside Nuke: `reage_ui`'s widgets, with Nuke as their host."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nuke

from reage.errors import ReageError, SettingsError
from reage.settings import SHOWN, Setting
from reage_host import engine, track
from reage_nuke import (
    baking,
    cache,
    clearing,
    events,
    nodes,
    plates,
    progress,
    show,
    space,
    waiting,
)
from reage_nuke.graph import NodeView
from reage_ui.host import (
    Event,
    FrameChanged,
    HostError,
    Listener,
    NodesChanged,
    NodeState,
    PreviewRequest,
)
from reage_ui.panel import ReAgePanel
from reage_ui.qt import QtCore

LOOK_EVERY = 150
"""ms between two looks at the script."""

_AROUND = 1.6
"""Face sizes to each side of its center that a preview is given: the default model sees .75, turned
by any angle 1.06, and a hand that drags the face wants some more."""

_STEP = 64


class Panel(ReAgePanel):
    """What Nuke's Pane menu makes; Nuke gives it no arguments."""

    def __init__(self) -> None:
        self.nuke_host = NukeHost()
        super().__init__(self.nuke_host, shot_of=lambda node: Path(cache.script_file()).stem)


class NukeHost:
    """`reage_ui.host.Host` for Nuke. All methods are called on the main thread."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._seen: tuple[object, ...] = ()
        self._scratch = Path(tempfile.mkdtemp(prefix="reage_preview_"))
        self._previewed: dict[tuple[str, int], object] = {}
        # Not updateUI, which Nuke calls for each node that is in sight.
        self._look_again = QtCore.QTimer(interval=LOOK_EVERY)
        self._look_again.timeout.connect(self._look)

    def nodes(self) -> Sequence[NodeState]:
        return [_state_of(node) for node in nodes.all_nodes()]

    def selected(self) -> str | None:
        chosen = nodes.selected()
        return str(chosen[0].fullName()) if chosen else None

    def create(self) -> str:
        return str(nuke.createNode(nodes.CLASS).fullName())

    def reveal(self, node: str) -> None:
        found = _node(node)
        for each in nuke.selectedNodes():
            each["selected"].setValue(False)
        found["selected"].setValue(True)
        found.showControlPanel()
        nuke.zoomToFitSelected()

    def set_value(self, node: str, setting: str, value: Any) -> None:
        found = _node(node)
        if setting == "pattern":
            nodes.set_pattern(found, value)
        elif found[setting].isAnimated():
            found[setting].setValueAt(value, nuke.frame())
        else:
            found[setting].setValue(value)
        waiting.refresh_later(found)

    def bake(self, node: str, current_frame_only: bool) -> None:
        frame = nuke.frame() if current_frame_only else None
        try:
            progress.bake(_node(node), frame, frame)
        except ReageError as e:
            raise HostError(str(e)) from e
        self._tell(NodesChanged())

    def submit(self, node: str) -> None:
        try:
            progress.submit(_node(node))
        except ReageError as e:
            raise HostError(str(e)) from e
        self._tell(NodesChanged())

    def cancel(self, node: str) -> None:
        baking.BAKES.cancel(node)

    def clear(self, node: str) -> None:
        try:
            clearing.clear(_node(node))
        except ReageError as e:
            raise HostError(str(e)) from e
        self._tell(NodesChanged())

    def busy(self) -> bool:
        return bool(nuke.executing())

    def preview_request(self, node: str) -> PreviewRequest:
        found, frame = _node(node), int(nuke.frame())
        try:
            return self._preview_request(found, frame)
        except ReageError as e:
            raise HostError(str(e)) from e

    def _preview_request(self, node: Any, frame: int) -> PreviewRequest:
        view = str(nuke.thisView() or nuke.views()[0])
        plates.check(node.input(nodes.PLATE), node.name())
        faces = _track(node, view)
        box = _around_face(node, faces, frame)
        plate, ages, hair = (
            self._picture(node, which, view, frame, box)
            for which in (nodes.PLATE, nodes.AGE_MAP, nodes.HAIR)
        )
        assert plate is not None
        settings = {k: v for k, v in nodes.still_values(node).items() if v is not None}
        settings |= nodes.keyed_values(node, frame, view)
        settings["colorspace"] = space.working_space(node)
        settings |= {"age_map": ages} if ages else {}
        settings |= {"hair_matte": hair} if hair else {}
        device = str(node["device"].value())
        return PreviewRequest(plate, frame, settings, device, faces)

    def _picture(
        self, node: Any, which: int, view: str, frame: int, box: Sequence[float]
    ) -> str | None:
        """Where an input's frame is, written anew only where it is another; None without one."""
        source = node.input(which)
        if source is None:
            return None
        folder = self._scratch / node.fullName() / str(which)
        footage = plates.footage(source, view, (frame, frame), folder)
        if footage.direct:
            return footage.pattern
        known, key = (node.fullName(), which), (view, frame, box, footage.key(frame).look())
        if self._previewed.get(known) != key:
            plates.forget(folder)
            plates.write_preview(node, which, footage, frame, box)
            self._previewed[known] = key
        return footage.pattern

    def engine(self) -> Sequence[str]:
        try:
            return engine.command()
        except ReageError as e:
            raise HostError(str(e)) from e

    def engine_environment(self) -> Mapping[str, str]:
        return space.engine_environment()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)
        self._look_again.start()
        events.listen(self._tell)

    def unlisten(self, listener: Listener) -> None:
        self._listeners.remove(listener)
        if not self._listeners:
            self._look_again.stop()
            events.unlisten(self._tell)
            plates.forget(self._scratch)

    def _look(self) -> None:
        """Nothing but this tells of another frame."""
        if nuke.executing():
            return
        seen = (nuke.frame(), self.selected(), tuple(n.fullName() for n in nodes.all_nodes()))
        before, self._seen = self._seen, seen
        if before[:1] != seen[:1]:
            self._tell(FrameChanged())
        if before[1:] != seen[1:]:
            self._tell(NodesChanged())

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)


def _node(name: str) -> Any:
    found = nuke.toNode(name)
    if found is None:
        raise HostError(f"{name} is no longer in the script.")
    return found


def _shown(node: Any, setting: Setting) -> Any:
    if setting.name != "pattern":
        return setting.type(node[setting.name].value())
    try:
        return nodes.pattern(node)
    except SettingsError:  # typed into the node; its status says so
        return int(node["pattern"].value())


def _state_of(node: Any) -> NodeState:
    found = show.shown(node)
    return NodeState(
        name=node.fullName(),
        values={s.name: _shown(node, s) for s in SHOWN},
        keyed=frozenset(s.name for s in SHOWN if node[s.name].isAnimated()),
        **found.counts(),
        model=str(node["model"].value() or "").rpartition("/")[2],
        busy=baking.BAKES.is_busy(node.fullName()),
        message=found.error,
    )


def _track(node: Any, view: str) -> str | None:
    """The face track that the node's next bake goes by in a view; None before the first one."""
    if not nodes.pattern_of(node["cache"]):
        return None
    first, last = nodes.frame_range(node)
    layers = cache.layers_pattern(node)
    return track.followed(NodeView.of(node, view, layers, range(first, last + 1)))


def _around_face(node: Any, faces: str | None, frame: int) -> tuple[float, float, float, float]:
    """x, y, right and top in Nuke's px of what a preview needs around the face; empty, for all of
    the plate, where the track does not say, or where only the engine knows how much a model of the
    artist's own sees."""
    found = track.read(Path(faces)) if faces else None
    face = found.frames.get(frame) if found else None
    if found is None or face is None or face["state"] == "none" or node["model"].value():
        return (0.0, 0.0, 0.0, 0.0)
    (x, y), reach = face["center"], _AROUND * face["size"]
    wide = reach / found.aspect
    # The box steps, so that a face that is dragged about asks for few anew.
    left, right = (_STEP * round(v / _STEP) for v in (x - wide, x + wide))
    low, high = (_STEP * round((found.height - v) / _STEP) for v in (y + reach, y - reach))
    return (left, low, right, high)
