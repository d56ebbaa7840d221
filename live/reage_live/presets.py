"""Presets on the number keys, kept in the panel's own preset file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from reage.errors import ReageError
from reage_host.presets import PresetFile
from reage_ui.looks import number_text
from reage_ui.qt import Qt, QtWidgets, Signal
from reage_ui.widgets import Heading, inner_row, tool

SHOT = "on set"
"""The shot under which the file keeps them."""

KEYS = tuple(str(n) for n in range(1, 10))


class PresetKeys(QtWidgets.QWidget):
    """Nine buttons: a click loads, a click with Ctrl stores.

    chosen   values for the face in hand
    wanted   the number under which the face's values are to be stored
    failed   a sentence
    """

    chosen = Signal(object)
    wanted = Signal(str)
    failed = Signal(str)

    def __init__(self, file: PresetFile) -> None:
        super().__init__()
        self._file = file
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Heading("Presets"))
        row = inner_row(column)
        self.buttons = {key: tool(key, "", partial(self._click, key)) for key in KEYS}
        for button in self.buttons.values():
            button.setSizePolicy(
                QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed
            )
            row.addWidget(button)
        self.refresh()

    def load(self, key: str) -> None:
        try:
            values = self._file.of(SHOT).get(key)
        except ReageError as e:
            self.failed.emit(str(e))
            return
        if values is None:
            self.failed.emit(f"There is no preset {key} yet; Ctrl+{key} stores one.")
        else:
            self.chosen.emit(values)

    def store(self, key: str, values: Mapping[str, float]) -> None:
        try:
            self._file.save(SHOT, key, values)
        except ReageError as e:
            self.failed.emit(str(e))
        self.refresh()

    def refresh(self) -> None:
        """Show which there are."""
        try:
            held = self._file.of(SHOT)
        except ReageError as e:
            self.failed.emit(str(e))
            held = {}
        for key, button in self.buttons.items():
            values = held.get(key, {})
            button.setAutoRaise(key not in held)
            button.setToolTip(
                f"{key}: " + ", ".join(f"{n} {number_text(v)}" for n, v in values.items())
                if values
                else f"Ctrl+{key} stores the values of the face in hand."
            )

    def _click(self, key: str) -> None:
        held = QtWidgets.QApplication.keyboardModifiers()
        if held & Qt.KeyboardModifier.ControlModifier:
            self.wanted.emit(key)
        else:
            self.load(key)
