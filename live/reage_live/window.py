"""The mirror's window: two large pictures, a strip of figures, and a column of controls."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from reage.errors import ReageError
from reage_host.presets import PresetFile
from reage_live.controls import Controls
from reage_live.look import palette
from reage_live.mirror import Mirror
from reage_live.monitor import Monitor
from reage_live.presets import KEYS
from reage_live.recording import LiveFrame
from reage_live.status_line import StatusLine
from reage_ui.places import default_presets
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets, Signal

_REFRESH = 250
"""Milliseconds between two looks at figures, messages and faces."""


class MirrorWindow(QtWidgets.QMainWindow):
    """Shows a mirror that somebody else starts; closing the window stops it.

    layout  "side", "wipe" or "two"
    """

    _came = Signal()

    def __init__(self, mirror: Mirror, layout: str = "side", presets: Path | None = None) -> None:
        super().__init__()
        self.setWindowTitle("ReAge live")
        self.setPalette(palette())
        self.mirror = mirror
        self.camera, self.result = Monitor("camera"), Monitor("re-aged")
        self.second = SecondWindow(self)
        self.status = StatusLine()
        file = PresetFile(presets or default_presets())
        self.controls = Controls(file, mirror.recorder is not None)
        self._words = ""
        self._place_parts()
        self._connect()
        self.set_layout(layout)
        self._show_face()
        self.result.setFocus()
        self._came.connect(self._take_frame, Qt.ConnectionType.QueuedConnection)
        mirror.arrived = self._came.emit
        self._timer = QtCore.QTimer(self, interval=_REFRESH)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    # ------------------------------------------------------------ parts

    def _place_parts(self) -> None:
        whole = QtWidgets.QWidget()
        across = QtWidgets.QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        column = QtWidgets.QVBoxLayout()
        across.addLayout(column, 1)
        column.setSpacing(0)
        pictures = QtWidgets.QWidget()
        self._pictures = QtWidgets.QHBoxLayout(pictures)
        self._pictures.setContentsMargins(0, 0, 0, 0)
        self._pictures.setSpacing(2)
        self._pictures.addWidget(self.camera, 1)
        self._pictures.addWidget(self.result, 1)
        column.addWidget(pictures, 1)
        column.addWidget(self.status)
        across.addWidget(self.controls)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        controls = self.controls
        for control in controls.sliders.values():
            control.moved.connect(lambda name, value: self.set_values({name: value}))
            control.chosen.connect(lambda name, value: self.set_values({name: value}))
            control.refused.connect(self.say)
        controls.presets.chosen.connect(self._take_preset)
        controls.presets.wanted.connect(self._store_preset)
        controls.presets.failed.connect(self.say)
        controls.slate.asked.connect(self.toggle_take)
        controls.slate.typed.connect(self.result.setFocus)
        controls.face_wanted.connect(self.choose)
        controls.layout_wanted.connect(self.set_layout)
        controls.full_wanted.connect(self.full_screen)
        controls.flip.toggled.connect(self._flip)
        for monitor in (self.camera, self.result):
            monitor.clicked.connect(self._click)
        self.result.painted.connect(self.mirror.shown)
        for key in KEYS:
            self._key(key, partial(controls.presets.load, key))
            self._key(f"Ctrl+{key}", partial(self._store_preset, key))
        self._key("R", self.toggle_take)
        self._key("F", controls.flip.toggle)
        self._key("H", lambda: controls.setVisible(not controls.isVisible()))
        self._key("F11", lambda: self.full_screen(max(0, controls.screens.currentIndex())))
        self._key("Esc", self.leave_full_screen)

    def _key(self, keys: str, then: Callable[[], object]) -> None:
        shortcut = QtGui.QShortcut(QtGui.QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)  # from the second window, too
        shortcut.activated.connect(then)

    # ------------------------------------------------------------ the operator

    def set_values(self, values: Mapping[str, float]) -> None:
        """Of the face in hand; from the next frame on."""
        try:
            self.mirror.face_settings.set(**values)
            self.say("")
        except ReageError as e:
            self.say(str(e))

    def choose(self, number: int) -> None:
        """Take a face in hand: its sliders show."""
        self.mirror.face_settings.choose(number)
        self._show_face()

    def set_layout(self, layout: str) -> None:
        self.layout_name = layout
        self.result.shows = "wipe" if layout == "wipe" else "re-aged"
        self.result.update()
        if layout == "two":
            self.second.take(self.camera)
        else:
            self.second.hide()
            self._pictures.insertWidget(0, self.camera, 1)
            self.camera.setVisible(layout == "side")
        self.controls.layout_box.setCurrentIndex(self.controls.layout_box.findData(layout))

    def full_screen(self, number: int) -> None:
        """The re-aged picture fills that screen; of two windows the camera's takes the next."""
        screens = QtGui.QGuiApplication.screens()
        self.controls.hide()
        _fill(self, screens[number % len(screens)])
        if self.layout_name == "two" and len(screens) > 1:
            _fill(self.second, screens[(number + 1) % len(screens)])

    def leave_full_screen(self) -> None:
        self.controls.show()
        for window in (self, self.second):
            if window.isFullScreen():
                window.showNormal()

    def toggle_take(self) -> None:
        recorder = self.mirror.recorder
        if recorder is None:
            self.say("There is no folder for takes; start the mirror with --takes DAY to record.")
            return
        try:
            if recorder.taking:
                self.mirror.end_take()
            else:
                self.mirror.record(self.controls.slate.slate)
        except ReageError as e:
            self.say(str(e))
        self.refresh()

    def say(self, words: str) -> None:
        """A line of the window's own, until the next one."""
        self._words = words
        self._show_words()

    # ------------------------------------------------------------ what the mirror tells

    def _take_frame(self) -> None:
        frame: LiveFrame | None = self.mirror.results.get(0)
        if frame is None:
            return
        present, chosen = self.mirror.present, self.mirror.face_settings.chosen
        for monitor in (self.camera, self.result):
            monitor.show_frame(frame, present, chosen)
        recorder = self.mirror.recorder
        self.status.show_timecode(frame.timecode.text, recorder is not None and recorder.taking)

    def refresh(self) -> None:
        """Figures, messages, faces, screens."""
        frame, mirror = self.result.frame, self.mirror
        figures = mirror.meter.recent(time.monotonic())
        self.status.show_figures(figures, frame.crop_size if frame else 0)
        numbers = tuple(each.number for each in mirror.present)
        self.controls.show_faces(numbers, mirror.face_settings.chosen)
        if mirror.recorder is not None:
            self.controls.slate.show_taking(mirror.recorder.taking)
        names = [s.name() or f"Screen {n}" for n, s in enumerate(QtGui.QGuiApplication.screens())]
        box = self.controls.screens
        if [box.itemText(n) for n in range(box.count())] != names:
            box.clear()
            box.addItems(names)
        self._show_words()

    def _show_words(self) -> None:
        own = (self._words,) if self._words else ()
        self.status.show_messages((*own, *self.mirror.lines))

    def _show_face(self) -> None:
        """The chosen face's values on the sliders."""
        settings = self.mirror.face_settings.of(self.mirror.face_settings.chosen)
        for name, control in self.controls.sliders.items():
            control.show_value(getattr(settings, name), False)
        self.controls.show_faces(
            tuple(each.number for each in self.mirror.present), self.mirror.face_settings.chosen
        )

    def _click(self, x: float, y: float) -> None:
        number = self.mirror.face_at(x, y)
        if number is not None:
            self.choose(number)

    def _flip(self, on: bool) -> None:
        for monitor in (self.camera, self.result):
            monitor.flip = on
            monitor.update()

    def _take_preset(self, values: Mapping[str, float]) -> None:
        self.set_values(values)
        self._show_face()

    def _store_preset(self, key: str) -> None:
        self.controls.presets.store(key, self.controls.values())

    # ------------------------------------------------------------ Qt

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        self._compare(event, True)

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        self._compare(event, False)

    def _compare(self, event: QtGui.QKeyEvent, on: bool) -> None:
        if event.key() != int(Qt.Key.Key_Space):
            event.ignore()
        elif not event.isAutoRepeat():
            self.result.compare = on
            self.result.update()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        self._timer.stop()
        self.mirror.arrived = lambda: None
        self.second.close()
        self.mirror.stop()
        super().closeEvent(event)


class SecondWindow(QtWidgets.QWidget):
    """The camera's picture for a monitor of its own; keys go to the first window."""

    def __init__(self, first: MirrorWindow) -> None:
        super().__init__()
        self._first = first
        self.setWindowTitle("ReAge live: camera")
        self.resize(960, 540)
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def take(self, monitor: Monitor) -> None:
        self._column.addWidget(monitor)
        monitor.show()
        self.show()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        QtWidgets.QApplication.sendEvent(self._first, event)

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        QtWidgets.QApplication.sendEvent(self._first, event)


def _fill(window: QtWidgets.QWidget, screen: QtGui.QScreen) -> None:
    window.setGeometry(screen.geometry())
    window.showFullScreen()
