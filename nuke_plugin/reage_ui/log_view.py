"""What happened, line by line; can be copied."""

from __future__ import annotations

import time

from reage_ui.qt import QtGui, QtWidgets
from reage_ui.widgets import Heading, tool
from reage_ui.wording import spoken

_MOST = 2000
"""Lines that are kept."""


class LogView(QtWidgets.QWidget):
    """Lines with the time of day; the newest is in sight unless the artist scrolled up."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = QtWidgets.QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setMaximumBlockCount(_MOST)
        self.lines.setAccessibleName("Log")
        policy = QtWidgets.QSizePolicy.Policy
        self.lines.setSizePolicy(policy.Expanding, policy.Ignored)  # takes what is left
        self.lines.setMinimumHeight(4 * self.fontMetrics().height())
        self.copy_button = tool("Copy log", "Copy the whole log to the clipboard.", self.copy)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Heading("Log", self.copy_button))
        column.addWidget(self.lines, 1)

    def say(self, text: str) -> None:
        clock = time.strftime("%H:%M:%S")
        for line in spoken(text).splitlines():
            self.lines.appendPlainText(f"{clock}  {line}")

    def text(self) -> str:
        return self.lines.toPlainText()

    def copy(self) -> None:
        QtGui.QGuiApplication.clipboard().setText(self.text())
