"""A part of the panel that folds away under its heading."""

from __future__ import annotations

from reage_ui.colors import dim
from reage_ui.pieces import inner_row
from reage_ui.qt import Qt, QtGui, QtWidgets


class Fold(QtWidgets.QWidget):
    """Open at first. `heading` opens and closes it; `buttons` stand at the heading's right."""

    def __init__(
        self, text: str, tip: str, parts: tuple[QtWidgets.QWidget, ...],
        *buttons: QtWidgets.QWidget,
    ) -> None:  # fmt: skip
        super().__init__()
        self.heading = QtWidgets.QToolButton()
        self.heading.setText(text)
        self.heading.setToolTip(tip)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow comes last
        self.heading.setStyleSheet("QToolButton { border: none; padding: 0; }")
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
        arrow = Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow
        self.heading.setArrowType(arrow)
        self.inside.setVisible(opened)
