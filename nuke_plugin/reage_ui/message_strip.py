"""A strip for one sentence: an error, a note, or a question. Never a dialog that blocks."""

from __future__ import annotations

from collections.abc import Callable

from reage_ui.colors import AMBER, RED, tinted
from reage_ui.qt import Qt, QtGui, QtWidgets
from reage_ui.wording import spoken


class MessageStrip(QtWidgets.QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.label = QtWidgets.QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.yes = QtWidgets.QPushButton()
        self.no = QtWidgets.QPushButton("Keep")
        self.close_button = QtWidgets.QToolButton()
        self.close_button.setText("×")
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Put the message away.")
        self._then: Callable[[], None] | None = None
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.addWidget(self.label, 1)
        for button in (self.yes, self.no, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.yes.clicked.connect(self._agree)
        self.no.clicked.connect(self.put_away)
        self.close_button.clicked.connect(self.put_away)
        self.put_away()

    @property
    def text(self) -> str:
        """What stands there; "" while hidden."""
        return self.label.text() if not self.isHidden() else ""

    def show_error(self, sentence: str) -> None:
        self._show(sentence, RED, None, "")

    def show_note(self, sentence: str) -> None:
        self._show(sentence, AMBER, None, "")

    def ask(self, question: str, yes: str, then: Callable[[], None]) -> None:
        """`then` is done when the artist agrees; another message takes the question away."""
        self._show(question, AMBER, then, yes)
        self.no.setFocus()

    def put_away(self) -> None:
        self._then = None
        self.hide()

    def _show(self, sentence: str, hue: int, then: Callable[[], None] | None, yes: str) -> None:
        palette = QtGui.QPalette()
        role = QtGui.QPalette.ColorRole
        palette.setColor(role.Window, tinted(palette, hue))
        self.setPalette(palette)
        self.label.setText(spoken(sentence))
        self._then = then
        self.yes.setText(yes)
        self.yes.setVisible(then is not None)
        self.no.setVisible(then is not None)
        self.close_button.setVisible(then is None)
        self.show()

    def _agree(self) -> None:
        then = self._then
        self.put_away()
        if then is not None:
            then()
