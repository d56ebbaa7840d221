"""One setting: its name, a slider, a field, and a mark where it is animated."""

from __future__ import annotations

from reage.errors import SettingsError
from reage.settings import Setting
from reage_ui.colors import AMBER, hued
from reage_ui.looks import LOOKS, checked, number_text, parsed, tip
from reage_ui.number_field import NumberField
from reage_ui.qt import QtGui, QtWidgets, Signal
from reage_ui.slider import Slider

_KEYED = "Animated: a change sets a key at the current frame."


class SettingControl(QtWidgets.QWidget):
    """Shows a value and says what the artist makes of it.

    moved     (name, value) while the handle is held: for the preview, not for the node
    chosen    (name, value) when the handle is let go, at a key, or after typing
    refused   a sentence: what was typed is not accepted
    """

    moved = Signal(str, float)
    chosen = Signal(str, float)
    refused = Signal(str)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.value = float(setting.default)
        self.keyed = False
        self.label = QtWidgets.QLabel(LOOKS[setting.name].label)
        self.mark = _Diamond()
        self.slider = Slider(setting)
        self.field = NumberField(setting)
        self.label.setBuddy(self.field)
        for widget in (self, self.slider, self.field):
            widget.setToolTip(tip(setting))
            widget.setAccessibleName(self.label.text())
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for part in (self.label, self.mark, self.slider, self.field):
            row.addWidget(part, 1 if part is self.slider else 0)
        self.slider.dragged.connect(self._drag)
        self.slider.released.connect(self._release)
        self.slider.reset.connect(self.reset)
        self.slider.stepped.connect(self._step)
        self.field.stepped.connect(self._step)
        self.field.typed.connect(self._type)
        self._show(self.value)

    @property
    def held(self) -> bool:
        """Whether the artist has it in hand: the host's value must wait."""
        return self.slider.isSliderDown() or (self.field.hasFocus() and self.field.edited)

    def show_value(self, value: float, keyed: bool) -> None:
        """What the host has. Tells nobody; does nothing while the control is held."""
        self.keyed = keyed
        self.mark.shown = keyed
        self.mark.setToolTip(_KEYED if keyed else "")
        self.mark.update()
        if not self.held:
            self._show(value)

    def reset(self) -> None:
        """Choose the default."""
        self.slider.setSliderDown(False)
        self._choose(float(self.setting.default))

    def _show(self, value: float) -> None:
        self.value = float(value)
        self.slider.show_value(self.value)
        self.field.show_value(self.value)

    def _drag(self, value: float) -> None:
        self.value = round(value, 6)
        self.field.show_value(self.value)
        self.moved.emit(self.setting.name, self.value)

    def _release(self) -> None:
        self.chosen.emit(self.setting.name, self.value)

    def _step(self, by: float) -> None:
        """Never past what the setting accepts."""
        low, high = self.setting.limits or (float("-inf"), float("inf"))
        self._choose(min(max(round(self.value + by, 6), low), high))

    def _type(self, text: str) -> None:
        try:
            self._choose(parsed(self.setting, text))
        except SettingsError as e:
            self.field.show_value(self.value)
            self.refused.emit(f"{e} It stays at {number_text(self.value)}.")

    def _choose(self, value: float) -> None:
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
