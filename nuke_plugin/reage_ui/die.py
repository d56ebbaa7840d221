"""A small button with a die on it: draw another of many alike."""

from __future__ import annotations

from reage_ui.qt import QtCore, QtGui, QtWidgets

_SIDE = 13
_PIPS = ((0.27, 0.27), (0.73, 0.27), (0.5, 0.5), (0.27, 0.73), (0.73, 0.73))


class Die(QtWidgets.QToolButton):
    """Drawn in the palette's own color, so that it suits any host."""

    def __init__(self, tip: str) -> None:
        super().__init__()
        self.setToolTip(tip)
        self.setFixedWidth(_SIDE + 13)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        super().paintEvent(event)
        group = QtGui.QPalette.ColorGroup.Normal
        if not self.isEnabled():
            group = QtGui.QPalette.ColorGroup.Disabled
        color = self.palette().color(group, QtGui.QPalette.ColorRole.ButtonText)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.translate((self.width() - _SIDE) / 2, (self.height() - _SIDE) / 2)
        painter.setPen(QtGui.QPen(color, 1.2))
        painter.drawRoundedRect(QtCore.QRectF(0.5, 0.5, _SIDE - 1, _SIDE - 1), 2.5, 2.5)
        painter.setBrush(color)
        painter.setPen(QtGui.QPen(color, 0))
        for x, y in _PIPS:
            painter.drawEllipse(QtCore.QPointF(x * _SIDE, y * _SIDE), 1.1, 1.1)
