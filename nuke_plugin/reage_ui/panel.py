"""The panel: artists use it docked in their host, or alone as `python -m reage_ui`.

It knows its host by `reage_ui.host.Host` alone and the engine by its worker alone. What
the artist does goes to the host; what the host tells comes back and is shown.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reage.errors import ReageError
from reage.settings import SHOWN, STRENGTHS
from reage_host.engine import Engine
from reage_host.presets import PresetFile
from reage_ui.bake_bar import BakeBar
from reage_ui.collapsible_section import CollapsibleSection
from reage_ui.host import (
    BakeEnded,
    BakeProgress,
    Event,
    FrameChanged,
    Host,
    HostError,
    NodesChanged,
    NodeState,
    PreviewRequest,
    Said,
)
from reage_ui.log_view import LogView
from reage_ui.message_strip import MessageStrip
from reage_ui.model_control import ModelControl
from reage_ui.node_list import NodeList
from reage_ui.pattern_control import PatternControl
from reage_ui.pattern_maker import PatternMaker
from reage_ui.places import default_presets
from reage_ui.preset_bar import PresetBar
from reage_ui.preview_pane import PreviewPane
from reage_ui.previewer import Asked, PreviewRequests, ShownPreview
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets
from reage_ui.responsive_layout import ResponsiveLayout
from reage_ui.setting_control import SettingControl
from reage_ui.shown_face import ShownFace
from reage_ui.slider_control import SliderControl
from reage_ui.widgets import Heading, tool
from reage_ui.wording import clear_question

_REST = 300
"""ms that the playhead must stand still for a preview, which may have the host render a plate."""

_SOON = 30
"""Milliseconds in which a burst of changes becomes one look at the host."""

NO_NODE = "There is no ReAge node yet. Press New to make one."


class ReAgePanel(QtWidgets.QWidget):
    """The whole panel for one host.

    presets   the file that keeps the presets; by default one for the user
    shot_of   node → name of the shot whose presets it sees
    no_node   what stands in the preview's place while there is no node
    """

    def __init__(
        self,
        host: Host,
        presets: Path | None = None,
        shot_of: Callable[[str], str] = lambda node: "",
        no_node: str = NO_NODE,
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("ReAge")
        self.host, self.shot_of, self.no_node = host, shot_of, no_node
        self.state: NodeState | None = None
        self._states: dict[str, NodeState] = {}
        self._steps: dict[str, BakeProgress] = {}
        self._selected: str | None = None
        self._base: PreviewRequest | None = None
        self._failure = ""
        self._make_parts(PresetFile(presets or default_presets()))
        self._connect_parts()
        self._soon = QtCore.QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self.refresh)
        self._preview_soon = QtCore.QTimer(self, singleShot=True, interval=_SOON)
        self._preview_soon.timeout.connect(self._preview)
        self._resting = QtCore.QTimer(self, singleShot=True, interval=_REST)
        self._resting.timeout.connect(self._preview)
        listener = _PanelListener(self)
        host.listen(listener)
        engines = (self.previewer.engine, self.maker.engine)
        self.destroyed.connect(_Farewell(host, listener, engines))
        self.refresh()

    # ------------------------------------------------------------ parts

    def _make_parts(self, presets: PresetFile) -> None:
        self.message = MessageStrip()
        self.nodes = NodeList()
        self.new_button = tool("New", "Make a ReAge node.", self._create)
        self.reveal_button = tool("Reveal", "Show the node where it lives.", self._reveal)
        self.maker = PatternMaker(self.host.engine, self.host.engine_environment)
        self.maker.setParent(self)
        self.controls: dict[str, SettingControl] = {
            each.name: SliderControl(each) if each.slider else PatternControl(each, self.maker)
            for each in SHOWN
        }
        self.model = ModelControl()
        self.reset_button = tool("Reset", "Give each strength its default.", self._reset)
        self.strengths = CollapsibleSection(
            "Strengths", "How much of each part of the change shows. Live: needs no bake.",
            tuple(self.controls[name] for name in STRENGTHS), self.reset_button,
        )
        self.preset_bar = PresetBar(presets, self._values)
        self.bake_bar = BakeBar()
        self.preview = PreviewPane()
        self.log = LogView()
        self.previewer = PreviewRequests(self.host.engine, self.host.engine_environment)
        self.previewer.setParent(self)
        width = max(control.label.sizeHint().width() for control in self.controls.values())
        for label in (*(each.label for each in self.controls.values()), self.model.label):
            label.setFixedWidth(width)
        listing = _column(
            Heading("Nodes", self.new_button, self.reveal_button), self.nodes, spacing=3
        )
        single = (c for name, c in self.controls.items() if name not in STRENGTHS)
        above = (*single, self.model)
        steering = _column(*above, self.strengths, self.preset_bar, self.bake_bar, spacing=6)
        self.body = ResponsiveLayout(listing, self.preview, steering, self.log)
        outer = QtWidgets.QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.message)
        outer.addWidget(self.body, 1)

    def _connect_parts(self) -> None:
        self.nodes.turned.connect(self.turn_to)
        for control in self.controls.values():
            control.moved.connect(self._move)
            control.chosen.connect(self._choose)
            control.refused.connect(self._error)
        self.model.chosen.connect(self._set)
        bar, presets, previewer = self.bake_bar, self.preset_bar, self.previewer
        bar.bake_range.connect(lambda: self._bake(False))
        bar.bake_frame.connect(lambda: self._bake(True))
        bar.submit.connect(lambda: self._with_node(self.host.submit))
        bar.cancel.connect(lambda: self._with_node(self.host.cancel))
        bar.clear.connect(self._ask_to_clear)
        presets.chosen.connect(self._set)
        presets.said.connect(self._say)
        presets.failed.connect(self._error)
        presets.noticed.connect(self._note)
        self.maker.told.connect(self.log.say)
        self.maker.made.connect(lambda path, said: self._say(f"{path}: {said}"))
        self.maker.failed.connect(self._error)
        previewer.shown.connect(self._show_preview)
        previewer.failed.connect(self._preview_failed)
        self.preview.refresh.connect(lambda: self._preview(again=True))
        self.preview.view.overlay.dropped.connect(self._drop_face)
        previewer.moved.connect(self._face_moved, Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------ what the host tells

    def heard(self, event: Event) -> None:
        """Every event of the host, on the GUI thread."""
        if isinstance(event, BakeProgress):
            self._steps[event.node] = event
            self._show_bake()
        elif isinstance(event, BakeEnded):
            self._steps.pop(event.node, None)
            if event.text:
                self.log.say(f"{event.node}: {event.text}")
            if event.error:
                self._error(f"{event.node}: {event.error}")
            self._soon.start()
        elif isinstance(event, Said):
            self.log.say(event.text)
        elif isinstance(event, FrameChanged):
            self._soon.start()
            self._preview_soon.stop()
            self._resting.start()
        elif isinstance(event, NodesChanged):
            self._soon.start()

    def refresh(self) -> None:
        """Look at the host again; turn where its selection has turned."""
        try:
            states, selected = list(self.host.nodes()), self.host.selected()
        except HostError as e:
            self._error(str(e))
            return
        self._states = {state.name: state for state in states}
        shown = self.state.name if self.state else None
        if selected != self._selected and selected in self._states:
            shown = selected
        self._selected = selected
        if shown not in self._states:
            shown = next(iter(self._states), None)
        self._steps = {n: s for n, s in self._steps.items() if n in self._states}
        self._show_node(shown)

    def turn_to(self, node: str) -> None:
        """Show another node."""
        if node in self._states:
            self._show_node(node)

    def _show_node(self, name: str | None) -> None:
        before, self.state = self.state, self._states.get(name) if name else None
        state = self.state
        self.nodes.show_nodes(list(self._states.values()), state.name if state else None)
        self.reveal_button.setEnabled(state is not None)
        self.preset_bar.setEnabled(state is not None)
        self.reset_button.setEnabled(state is not None)
        self.model.setEnabled(state is not None)
        self.model.show_model(state.model if state else "")
        for control in self.controls.values():
            control.setEnabled(state is not None)
            if state is not None and control.setting.name in state.values:
                value = state.values[control.setting.name]
                control.show_value(value, control.setting.name in state.keyed)
        self._show_bake()
        other = before is None or state is None or before.name != state.name
        if other:
            self.previewer.turn_to(state.name if state else None)
            self.preview.show_words("" if state else self.no_node)
            self._base = None
            self.preset_bar.turn_to(self.shot_of(state.name) if state else "")
        changed = other or (before and state and before.values != state.values)
        if changed and not self._resting.isActive():
            self._preview_soon.start()

    def _show_bake(self) -> None:
        step = self._steps.get(self.state.name) if self.state else None
        self.bake_bar.show_state(self.state, step or next(iter(self._steps.values()), None))

    # ------------------------------------------------------------ values

    def _move(self, setting: str, value: float) -> None:
        """A handle moves: the preview follows, the node waits for its release."""
        if self.preview.follow.isChecked():
            self._preview_with({setting: value})

    def _choose(self, setting: str, value: float) -> None:
        self._set({setting: value})

    def _set(self, values: Mapping[str, float]) -> None:
        """Give the shown node values; those that it has already are left alone."""
        if (state := self.state) is None:
            return
        self.message.put_away()
        try:
            for name, value in values.items():
                if state.values.get(name) != value:
                    self.host.set_value(state.name, name, value)
        except (HostError, ReageError) as e:
            self._error(str(e))
        self._base = None
        self.refresh()
        self._preview()

    def _reset(self) -> None:
        self._set({s.name: s.default for s in SHOWN if s.name in STRENGTHS})

    def _values(self) -> dict[str, float]:
        return {name: control.value for name, control in self.controls.items()}

    # ------------------------------------------------------------ preview

    def _preview(self, again: bool = False) -> None:
        """Ask for what the host has now."""
        self._preview_soon.stop()
        state = self.state
        if state is None or not self.isVisible():
            return
        if not (again or self.preview.follow.isChecked()):
            return
        if self.host.busy():
            self._resting.start()
            return
        self._resting.stop()
        try:
            self._base = self.host.preview_request(state.name)
        except (HostError, ReageError) as e:
            self._preview_failed(str(e))
            return
        moving = {n: c.value for n, c in self.controls.items() if c.moving}
        self._preview_with(moving, again)

    def _preview_with(self, moving: Mapping[str, float], again: bool = False) -> None:
        """The host's request with values that only the panel has yet."""
        if self.state is None:
            return
        if self._base is None:
            self._preview_soon.start()
            return
        request = replace(self._base, settings={**self._base.settings, **moving})
        self.previewer.ask(Asked(self.state.name, request, self.preview.side), again)

    def _show_preview(self, shown: ShownPreview) -> None:
        self._failure = ""
        self.preview.show_preview(shown)
        self.body.arrange()

    def _preview_failed(self, sentence: str) -> None:
        self.preview.show_words(sentence, bad=True)
        if sentence != self._failure:  # a moved slider would say it a hundred times
            self.log.say(sentence)
        self._failure = sentence

    # ------------------------------------------------------------ the face

    def _drop_face(self, face: ShownFace) -> None:
        """The artist let go of the face: its place becomes a key of the track."""
        shown, state = self.preview.shown, self.state
        if shown is None or state is None:
            return
        request = shown.asked.request
        if request.track is None:
            self._face_moved("There is no face track yet: bake a frame first, which makes it.")
        elif state.busy:
            self._face_moved(f"{state.name} is being baked; move its face after that.")
        else:
            self.message.put_away()
            self.previewer.drag(request, face, shown.picture.aspect)

    def _face_moved(self, error: str) -> None:
        if error:
            self._error(error)
            if (picture := self.preview.view.picture) is not None:
                self.preview.view.overlay.show_face(picture.face)
                self.preview.view.update()
        else:
            self._preview(again=True)
        self._soon.start()

    # ------------------------------------------------------------ the host's part

    def _create(self) -> None:
        def create() -> None:
            name = self.host.create()
            self.refresh()
            self.turn_to(name)

        self._attempt(create)

    def _reveal(self) -> None:
        self._with_node(self.host.reveal)

    def _bake(self, current_frame_only: bool) -> None:
        self._with_node(lambda node: self.host.bake(node, current_frame_only))

    def _ask_to_clear(self) -> None:
        if (state := self.state) is not None:
            self.message.ask(
                clear_question(state), "Delete",
                lambda: self._attempt(lambda: self.host.clear(state.name)),
            )

    def _with_node(self, do: Callable[[str], Any]) -> None:
        if (state := self.state) is not None:
            self._attempt(lambda: do(state.name))

    def _attempt(self, do: Callable[[], Any]) -> None:
        """Do it; what goes wrong becomes a sentence in the strip, instead of the one before."""
        self.message.put_away()
        try:
            do()
        except (HostError, ReageError) as e:
            self._error(str(e))
        self._soon.start()

    def _say(self, line: str) -> None:
        self.message.put_away()
        self.log.say(line)

    def _note(self, sentence: str) -> None:
        self.message.show_note(sentence)
        self.log.say(sentence)

    def _error(self, sentence: str) -> None:
        self.message.show_error(sentence)
        self.log.say(sentence)

    # ------------------------------------------------------------ Qt

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()
        self._preview_soon.start()

    def shutdown(self) -> None:
        """End the workers now; a preview starts one again."""
        self.previewer.engine.close()
        self.maker.engine.close()


class _PanelListener:
    """Listens for a panel without keeping it alive."""

    def __init__(self, panel: ReAgePanel) -> None:
        self._panel = weakref.ref(panel)

    def __call__(self, event: Event) -> None:
        if (panel := self._panel()) is not None:
            panel.heard(event)


class _Farewell:
    """What remains to be done when the panel is gone: no more events, no more worker."""

    def __init__(self, host: Host, listener: _PanelListener, engines: Iterable[Engine]) -> None:
        self._host, self._listener, self._engines = host, listener, engines

    def __call__(self, *_: object) -> None:
        self._host.unlisten(self._listener)
        for engine in self._engines:
            engine.close()


def _column(*parts: QtWidgets.QWidget, spacing: int) -> QtWidgets.QWidget:
    whole = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for part in parts:
        column.addWidget(part)
    return whole
