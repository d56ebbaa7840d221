"""A slider that counts in a setting's steps."""

from __future__ import annotations

from reage.settings import Setting
from reage_ui.qt import Qt, QtGui, QtWidgets, Signal, point

_KEYS: dict[int, tuple[str, int]] = {
    int(Qt.Key.Key_Left): ("step", -1), int(Qt.Key.Key_Down): ("step", -1),
    int(Qt.Key.Key_Right): ("step", 1), int(Qt.Key.Key_Up): ("step", 1),
    int(Qt.Key.Key_PageDown): ("page", -1), int(Qt.Key.Key_PageUp): ("page", 1),
}  # fmt: skip


class Slider(QtWidgets.QSlider):
    """Spans a setting's slider range; a click puts the handle where the pointer is.

    stepped     an arrow or page key: what to add to the value
    dragged     the value under the handle while it is held
    released    the handle was let go
    reset       double click: the default is wanted
    """

    stepped = Signal(float)
    dragged = Signal(float)
    released = Signal()
    reset = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        assert setting.slider is not None
        self._low, high = setting.slider
        self.setting = setting
        self.setRange(0, round((high - self._low) / setting.step))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(60)

    def show_value(self, value: float) -> None:
        """Put the handle there, or at the end that is nearest; says nothing."""
        self.setValue(round((value - self._low) / self.setting.step))

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() in _KEYS:
            size, sign = _KEYS[event.key()]
            self.stepped.emit(sign * getattr(self.setting, size))
        else:
            event.ignore()

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the panel; it must not change ages on the way

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event)

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        self.reset.emit()

    def drag_to(self, position: int) -> None:
        """The handle is held at a position, in steps."""
        self.setValue(position)
        self.dragged.emit(self._low + self.value() * self.setting.step)

    def _drag(self, event: QtGui.QMouseEvent) -> None:
        handle = self.style().pixelMetric(
            QtWidgets.QStyle.PixelMetric.PM_SliderLength, None, self
        )
        room = max(1, self.width() - handle)
        x = round(point(event).x()) - handle // 2
        self.drag_to(
            QtWidgets.QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x, room)
        )
