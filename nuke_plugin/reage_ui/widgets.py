"""Small widgets that the parts of the panel are put together from."""

from __future__ import annotations

from collections.abc import Callable

from reage_ui.colors import dim
from reage_ui.qt import QtGui, QtWidgets


class Heading(QtWidgets.QWidget):
    """The line above a part: its name, and its small buttons at the right."""

    def __init__(self, text: str, *buttons: QtWidgets.QWidget) -> None:
        super().__init__()
        label = QtWidgets.QLabel(text)
        palette = label.palette()
        palette.setColor(QtGui.QPalette.ColorRole.WindowText, dim(palette))
        label.setPalette(palette)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(label, 1)
        for button in buttons:
            row.addWidget(button)


def inner_row(column: QtWidgets.QVBoxLayout) -> QtWidgets.QHBoxLayout:
    """An empty row in a column that has its widget.

    What is added to a layout without a widget stays Python's own, and would be deleted twice.
    """
    row = QtWidgets.QHBoxLayout()
    row.setSpacing(4)
    column.addLayout(row)
    return row


def tool(text: str, tip: str, then: Callable[[], object]) -> QtWidgets.QToolButton:
    """A small button."""
    button = QtWidgets.QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda *_: then())
    return button


def push(text: str, tip: str, then: Callable[[], object]) -> QtWidgets.QPushButton:
    """A button of normal size that may become narrow."""
    button = QtWidgets.QPushButton(text)
    button.setToolTip(tip)
    button.setMinimumWidth(button.fontMetrics().horizontalAdvance(text) + 12)
    button.clicked.connect(lambda *_: then())
    return button
