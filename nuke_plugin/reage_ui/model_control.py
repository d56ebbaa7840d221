"""Which model a node has: the default one, an ONNX file, or the bundle of one actor."""

from __future__ import annotations

from contextlib import suppress

from reage.album import own_album
from reage.errors import ReageError
from reage.settings import Settings, settings_of
from reage_ui.qt import QtCore, QtWidgets, Signal
from reage_ui.widgets import tool

_FILES = "Models (*.onnx *.reage);;All files (*)"
_DEFAULT = "default model"


class ModelControl(QtWidgets.QWidget):
    """chosen  values by name: "model", a path, "" for the default one; with a bundle that has an
    album of its own "pattern" as well
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        (setting,) = (s for s in settings_of(Settings) if s.name == "model")
        self.label = QtWidgets.QLabel("Model")
        self.name = QtWidgets.QLabel(_DEFAULT)
        self.more = tool("…", "Choose a model, or the bundle of an actor.", self._show_menu)
        self.menu = menu = QtWidgets.QMenu(self)
        menu.addAction("Model or bundle…", self._open)
        menu.addAction("The default model", lambda: self.choose(""))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.label)
        row.addWidget(self.name, 1)
        row.addWidget(self.more)
        for widget in (self, self.name):
            widget.setToolTip(setting.help)

    def show_model(self, name: str) -> None:
        """What the host calls the node's model; "" for the default one."""
        self.name.setText(name or _DEFAULT)

    def choose(self, path: str) -> None:
        """As if the artist had chosen a file."""
        values = {"model": path}
        with suppress(ReageError):  # the preview will say what is wrong with the file
            if page := own_album(path):
                values["pattern"] = str(page)
        self.chosen.emit(values)

    def _show_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(QtCore.QPoint(0, self.more.height())))

    def _open(self) -> None:
        path, _ = QtWidgets.QFileDialog.getOpenFileName(self, "A model", "", _FILES)
        if path:
            self.choose(path)
