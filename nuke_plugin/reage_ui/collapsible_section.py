"""A part of the panel that folds away under its heading."""

from __future__ import annotations

from reage_ui.colors import dim
from reage_ui.qt import QtGui, QtWidgets
from reage_ui.widgets import inner_row

_FLAT = """
QPushButton { border: none; padding: 0; text-align: left; }
QPushButton:focus { text-decoration: underline; }
"""
"""So that it reads as the other headings do, and still shows the keyboard's focus."""


class CollapsibleSection(QtWidgets.QWidget):
    """Open at first. `heading` opens and closes it; `buttons` stand at the heading's right."""

    def __init__(
        self, text: str, tip: str, parts: tuple[QtWidgets.QWidget, ...],
        *buttons: QtWidgets.QWidget,
    ) -> None:  # fmt: skip
        super().__init__()
        self._text = text
        self.heading = QtWidgets.QPushButton()
        self.heading.setAccessibleName(text)
        self.heading.setToolTip(tip)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setStyleSheet(_FLAT)
        palette = self.heading.palette()
        palette.setColor(QtGui.QPalette.ColorRole.ButtonText, dim(palette))
        self.heading.setPalette(palette)
        self.inside = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        row = inner_row(column)
        row.addWidget(self.heading)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        column.addWidget(self.inside)
        lines = QtWidgets.QVBoxLayout(self.inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        for part in parts:
            lines.addWidget(part)
        self.heading.toggled.connect(self._turn)
        self._turn(True)

    def _turn(self, opened: bool) -> None:
        self.heading.setText(f"{self._text} {'▾' if opened else '▸'}")
        self.inside.setVisible(opened)
