"""The drawn patterns to choose from, as thumbnails."""

from __future__ import annotations

from reage import home
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets, Signal

_ACROSS, _COUNT = 4, 16
_CELL, _TITLE = 180, 20
"""Px of a thumbnail in the sheet (`reage pattern --sheet`, at three fifths), and of the line
above it."""

_SHOWN = 96


def thumbnail(seed: int) -> QtGui.QPixmap:
    """A drawn pattern of the sheet; a null pixmap where it has none."""
    sheet = QtGui.QPixmap(str(home.root() / "icons" / "patterns.jpg"))
    if not 0 <= seed < _COUNT:
        return QtGui.QPixmap()
    row, column = divmod(seed, _ACROSS)
    return sheet.copy(column * _CELL, row * (_CELL + _TITLE) + _TITLE, _CELL, _CELL)


class PatternPicker(QtWidgets.QFrame):
    """A popup; goes away with a choice, or a click beside it.

    chosen   a seed
    """

    chosen = Signal(int)

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        grid = QtWidgets.QGridLayout(self)
        grid.setSpacing(2)
        self.buttons = {seed: self._button(seed) for seed in range(_COUNT)}
        for seed, button in self.buttons.items():
            grid.addWidget(button, *divmod(seed, _ACROSS))

    def _button(self, seed: int) -> QtWidgets.QToolButton:
        button = QtWidgets.QToolButton()
        button.setIcon(QtGui.QIcon(thumbnail(seed)))
        button.setIconSize(QtCore.QSize(_SHOWN, _SHOWN))
        button.setText(str(seed))
        button.setToolTip(f"The drawn pattern {seed}.")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setAutoRaise(True)
        button.clicked.connect(lambda *_: self._choose(seed))
        return button

    def _choose(self, seed: int) -> None:
        self.close()
        self.chosen.emit(seed)
