"""What a hand does to widgets, in few words."""

from __future__ import annotations

from reage_ui.panel import ReAgePanel
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets


def release(panel: ReAgePanel, setting: str, value: float) -> None:
    """Drag a handle to a value and let it go."""
    control = panel.controls[setting]
    slider = control.slider
    slider.setSliderDown(True)
    slider.drag_to(round((value - control.setting.slider[0]) / slider.setting.step))
    slider.setSliderDown(False)
    slider.released.emit()


def drag(widget: QtWidgets.QWidget, place: QtCore.QPoint) -> None:
    """Move the mouse with its left button down. (QTest's own move needs a real cursor in Qt 5.)"""
    left = Qt.MouseButton.LeftButton
    where, screen = QtCore.QPointF(place), QtCore.QPointF(widget.mapToGlobal(place))
    move = QtGui.QMouseEvent(
        QtCore.QEvent.Type.MouseMove, where, screen, Qt.MouseButton.NoButton, left,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QtCore.QCoreApplication.sendEvent(widget, move)


def destroy(widget: QtWidgets.QWidget) -> None:
    """As a host does it: what C++ holds goes at once, whatever Python still holds."""
    gone = []
    widget.destroyed.connect(lambda: gone.append(True))
    widget.deleteLater()
    QtCore.QCoreApplication.sendPostedEvents(widget, QtCore.QEvent.Type.DeferredDelete)
    assert gone == [True]
