"""The strip under the pictures: timecode, what is measured, and what there is to say."""

from __future__ import annotations

from reage_live.figures import Figures
from reage_live.look import ALERT, PLAIN, QUIET, RECORD, digits
from reage_ui.qt import Qt, QtGui, QtWidgets


class StatusLine(QtWidgets.QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.timecode, self.figures, self.messages = (QtWidgets.QLabel() for _ in range(3))
        self.timecode.setFont(digits(self.font(), 15))
        self.figures.setFont(digits(self.font(), 10))
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for label in (self.figures, self.messages):  # in a narrow window nothing is cut off
            label.setWordWrap(True)
        self.messages.setTextFormat(Qt.TextFormat.PlainText)
        for label, color in (
            (self.timecode, PLAIN), (self.figures, QUIET), (self.messages, ALERT),
        ):  # fmt: skip
            inked(label, color)
        for label in (self.figures, self.messages):
            label.setMinimumWidth(60)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(14, 6, 14, 8)
        grid.setHorizontalSpacing(18)
        grid.addWidget(self.timecode, 0, 0)
        grid.addWidget(self.figures, 0, 1)
        grid.addWidget(self.messages, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def show_timecode(self, text: str, taking: bool) -> None:
        self.timecode.setText(f"● {text}" if taking else text)
        inked(self.timecode, RECORD if taking else PLAIN)

    def show_figures(self, figures: Figures, crop_size: int) -> None:
        self.figures.setText(f"{figures.line} · crop {crop_size} px")
        self.figures.setToolTip(
            "Frames shown a second; dropped ones; the measured delay from capture to display, its "
            "median and 99th percentile, in milliseconds and in frames of the source; the crop "
            "that the model sees. All of the last ten seconds."
        )

    def show_messages(self, lines: tuple[str, ...]) -> None:
        self.messages.setText("\n".join(lines))
        self.messages.setVisible(bool(lines))


def inked(label: QtWidgets.QLabel, color: QtGui.QColor) -> None:
    palette = label.palette()
    if palette.color(QtGui.QPalette.ColorRole.WindowText) != color:
        palette.setColor(QtGui.QPalette.ColorRole.WindowText, color)
        label.setPalette(palette)
