"""One setting: its name, a field, and a mark where it is animated; what moves it is added."""

from __future__ import annotations

from typing import Any

from reage.errors import SettingsError
from reage.settings import Setting
from reage_host.values import checked, parsed
from reage_ui.colors import AMBER, hued
from reage_ui.looks import number_text, tip
from reage_ui.number_field import NumberField
from reage_ui.qt import QtGui, QtWidgets, Signal

_KEYED = "Animated: a change sets a key at the current frame."


class SettingControl(QtWidgets.QWidget):
    """Shows a value and says what the artist makes of it.

    moved     (name, value) while a handle is held: for the preview, not for the node
    chosen    (name, value) when the handle is let go, at a key, or after typing
    refused   a sentence: what was typed is not accepted
    """

    moved = Signal(str, object)
    chosen = Signal(str, object)
    refused = Signal(str)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.value: Any = setting.type(setting.default)
        self.keyed = False
        self.label = QtWidgets.QLabel(setting.label)
        self.mark = _Diamond()
        self.field = NumberField(setting)
        self.label.setBuddy(self.field)
        self.row = QtWidgets.QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(5)
        self.row.addWidget(self.label)
        self.row.addWidget(self.mark)
        self._name(self, self.field)
        self.field.stepped.connect(self._step)
        self.field.typed.connect(self._type)
        self.field.show_value(self.value)

    def _name(self, *widgets: QtWidgets.QWidget) -> None:
        for widget in widgets:
            widget.setToolTip(tip(self.setting))
            widget.setAccessibleName(self.label.text())

    @property
    def moving(self) -> bool:
        """Whether it has a value that the host has not: a handle is held."""
        return False

    @property
    def held(self) -> bool:
        """Whether the artist has it in hand: the host's value must wait."""
        return self.moving or (self.field.hasFocus() and self.field.edited)

    def show_value(self, value: float | str, keyed: bool) -> None:
        """What the host has. Tells nobody; does nothing while the control is held."""
        self.keyed = keyed
        self.mark.shown = keyed
        self.mark.setToolTip(_KEYED if keyed else "")
        self.mark.update()
        if not self.held:
            self._show(value)

    def _show(self, value: float | str) -> None:
        self.value = self.setting.type(value)
        self.field.show_value(self.value)

    def _step(self, by: float) -> None:
        """Never past what the setting accepts."""
        if isinstance(self.value, str):
            return  # a file has no next one
        low, high = self.setting.limits or (float("-inf"), float("inf"))
        self._choose(min(max(round(self.value + by, 6), low), high))

    def _type(self, text: str) -> None:
        try:
            self._choose(parsed(self.setting, text))
        except SettingsError as e:
            self.field.show_value(self.value)
            self.refused.emit(f"{e} It stays at {number_text(self.value)}.")

    def _choose(self, value: float | str) -> None:
        self._show(checked(self.setting, value))
        self.chosen.emit(self.setting.name, self.value)


class _Diamond(QtWidgets.QWidget):
    """The mark of an animated setting; keeps its place when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = False
        self.setFixedSize(9, 9)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        if self.shown:
            painter = QtGui.QPainter(self)
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            painter.setPen(hued(self.palette(), AMBER))
            painter.setBrush(hued(self.palette(), AMBER))
            painter.translate(4.5, 4.5)
            painter.rotate(45)
            painter.drawRect(-2, -2, 4, 4)
