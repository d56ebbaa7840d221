"""The preview with its heading and caption: what is seen, and what it took."""

from __future__ import annotations

from reage_ui.colors import dim
from reage_ui.previewer import ShownPreview
from reage_ui.qt import QtGui, QtWidgets, Signal
from reage_ui.widgets import Heading, tool
from reage_ui.wipe_view import WipeView
from reage_ui.wording import spoken

SIDES = (256, 384, 512, 768, 1024)
"""Longest sides in px that are asked for, so that a widget's every px is no new request."""


class PreviewPane(QtWidgets.QWidget):
    """`refresh` asks for a preview; `follow` is checked while they come by themselves.

    shown   the preview that came last, for the node that is shown now
    """

    refresh = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: ShownPreview | None = None
        self.view = WipeView()
        self.caption = QtWidgets.QLabel()
        self.caption.setWordWrap(True)
        palette = self.caption.palette()
        palette.setColor(QtGui.QPalette.ColorRole.WindowText, dim(palette))
        self.caption.setPalette(palette)
        self.follow = QtWidgets.QCheckBox("Live")
        self.follow.setToolTip("Preview whenever a value or the frame changes.")
        self.follow.setChecked(True)
        self.follow.toggled.connect(self._follow)
        self.face = QtWidgets.QCheckBox("Face")
        self.face.setToolTip(
            "Show the face's outline and mesh.\nDrag it to move it, its chin to size it, the grip "
            "above to turn it: that sets a key in the shot's face track.\nWhere no face was found, "
            "draw one from its middle to its chin; its nose turns it."
        )
        self.face.toggled.connect(self._show_face)
        self.refresh_button = tool(
            "Refresh", "Preview the current frame now, from the files as they are.",
            self.refresh.emit,
        )
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Heading("Preview", self.face, self.follow, self.refresh_button))
        column.addWidget(self.view, 1)
        column.addWidget(self.caption)

    @property
    def side(self) -> int:
        """The longest side that is worth asking for."""
        longest = max(self.view.width(), self.view.height()) * self.view.devicePixelRatioF()
        return next((side for side in SIDES if side >= longest), SIDES[-1])

    def show_preview(self, shown: ShownPreview) -> None:
        self.shown, picture = shown, shown.picture
        self.view.show_picture(picture)
        model = picture.seconds.get("infer", 0.0)
        took = f"frame {shown.asked.request.frame}, {shown.seconds:.2f} s, model {model:.2f} s"
        told = (spoken(picture.note), picture.rights, took)
        self.caption.setText("\n".join(filter(None, told)))

    def show_words(self, words: str, bad: bool = False) -> None:
        """Why there is no picture. An error stays over the last one, darkened."""
        self.shown = self.shown if bad else None
        self.view.show_words(spoken(words), bad, keep=bad)
        self.caption.setText("")

    def _show_face(self, on: bool) -> None:
        self.view.overlay.on = on
        self.view.update()

    def _follow(self, on: bool) -> None:
        if on:
            self.refresh.emit()
