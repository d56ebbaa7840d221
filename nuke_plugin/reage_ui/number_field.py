"""A field for one number of a setting."""

from __future__ import annotations

from reage.settings import Setting
from reage_ui.looks import number_text
from reage_ui.qt import Qt, QtGui, QtWidgets, Signal


class NumberField(QtWidgets.QLineEdit):
    """Takes typed text as it is; whoever listens judges it.

    typed     the text, at Return or when the field is left
    stepped   an arrow or page key: what to add to the value
    """

    typed = Signal(str)
    stepped = Signal(float)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._shown = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        widest = "0" * 10 if setting.grammar else "000.00"
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(widest) + 14)
        self.editingFinished.connect(self._finish)

    @property
    def edited(self) -> bool:
        """Whether something was typed that nobody has judged yet."""
        return self.text() != self._shown

    def show_value(self, value: float | str) -> None:
        self._shown = number_text(value)
        self.setText(self._shown)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        step, page = self._setting.step, self._setting.page
        steps: dict[int, float] = {
            int(Qt.Key.Key_Up): step, int(Qt.Key.Key_Down): -step,
            int(Qt.Key.Key_PageUp): page, int(Qt.Key.Key_PageDown): -page,
        }  # fmt: skip
        if event.key() in steps:
            self._finish()
            self.stepped.emit(steps[event.key()])
        elif event.key() == Qt.Key.Key_Escape and self.edited:
            self.setText(self._shown)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        if self.edited:
            self.typed.emit(self.text())
