"""The slate, and the button that begins and ends a take."""

from __future__ import annotations

from reage_live.look import RECORD
from reage_live.recording import Slate
from reage_ui.qt import QtGui, QtWidgets, Signal
from reage_ui.widgets import Heading, inner_row, push


class SlateBar(QtWidgets.QWidget):
    """asked: the button was pressed; typed: Return in a field"""

    asked = Signal()
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scene, self.camera = QtWidgets.QLineEdit(), QtWidgets.QLineEdit("A")
        self.take = QtWidgets.QSpinBox()
        self.take.setRange(1, 999)
        for typing in (self.scene, self.camera):
            typing.returnPressed.connect(self.typed)
        self.button = push("Record", "Begin or end a take (R).", self.asked.emit)
        self.button.setMinimumHeight(34)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(Heading("Slate"))
        row = inner_row(column)
        for name, field, share in (
            ("Scene", self.scene, 3), ("Take", self.take, 2), ("Camera", self.camera, 2),
        ):  # fmt: skip
            cell = QtWidgets.QVBoxLayout()
            row.addLayout(cell, share)
            label = QtWidgets.QLabel(name)
            label.setBuddy(field)
            field.setAccessibleName(name)
            cell.addWidget(label)
            cell.addWidget(field)
        column.addWidget(self.button)

    @property
    def slate(self) -> Slate:
        return Slate(self.scene.text().strip(), self.take.value(), self.camera.text().strip())

    def show_taking(self, taking: bool) -> None:
        """The fields are fixed while a take is on; after it the next number is up."""
        if self.scene.isEnabled() == (not taking):
            return
        for field in (self.scene, self.take, self.camera):
            field.setEnabled(not taking)
        if not taking:
            self.take.setValue(self.take.value() + 1)
        self.button.setText("Stop" if taking else "Record")
        palette = QtGui.QPalette()
        if taking:
            palette.setColor(QtGui.QPalette.ColorRole.Button, RECORD.darker(210))
            palette.setColor(QtGui.QPalette.ColorRole.ButtonText, QtGui.QColor(255, 255, 255))
        self.button.setPalette(palette)
