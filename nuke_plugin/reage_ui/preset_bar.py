"""Presets of the shot, and values from node to node."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reage.errors import ReageError, SettingsError
from reage_host.presets import PresetFile, from_text, to_text
from reage_ui.qt import QtGui, QtWidgets, Signal
from reage_ui.widgets import Heading, inner_row, tool


class PresetBar(QtWidgets.QWidget):
    """A name that one types or chooses, and what to do with it.

    file     where presets are kept
    values   the node's values as they are now
    chosen   values for the node, out of a preset or the clipboard
    said     a line for the log: it is done
    failed   a sentence: it is not
    noticed  a sentence of something that happened to the file
    """

    chosen = Signal(object)
    said = Signal(str)
    failed = Signal(str)
    noticed = Signal(str)

    def __init__(self, file: PresetFile, values: Callable[[], Mapping[str, float]]) -> None:
        super().__init__()
        self.file, self._values, self._shot = file, values, ""
        self.names = QtWidgets.QComboBox()
        self.names.setEditable(True)
        self.names.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self.names.setMinimumWidth(48)
        self.names.setAccessibleName("Preset")
        self.names.setToolTip("Choose a preset of this shot, or type a name for a new one.")
        typing = QtWidgets.QLineEdit()
        typing.setPlaceholderText("name")
        self.names.setLineEdit(typing)
        self.load_button = self._tool("Load", "Give the node the preset's values.", self._load)
        self.save_button = self._tool(
            "Save", "Keep the node's values under this name, for this shot.", self._save
        )
        self.delete_button = self._tool("Delete", "Forget the preset.", self._delete)
        self.copy_button = self._tool("Copy", "Copy the node's values.", self._copy)
        self.paste_button = self._tool("Paste", "Give the node the copied values.", self._paste)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Heading("Presets", self.copy_button, self.paste_button))
        row = inner_row(column)
        row.addWidget(self.names, 1)
        for button in (self.load_button, self.save_button, self.delete_button):
            row.addWidget(button)

    def turn_to(self, shot: str) -> None:
        """Show the presets of a shot."""
        self._shot = shot
        self._attempt(self._list)

    # ------------------------------------------------------------ what the buttons do

    def _load(self) -> None:
        presets = self.file.of(self._shot)
        if not self._name:
            raise SettingsError("Choose a preset, then load it.")
        if self._name not in presets:
            raise SettingsError(f"There is no preset {self._name!r} in this shot.")
        self.chosen.emit(presets[self._name])

    def _save(self) -> None:
        self.file.save(self._shot, self._name, self._values())
        self._list()
        self.said.emit(f"Preset {self._name!r} saved.")

    def _delete(self) -> None:
        name = self._name
        self.file.delete(self._shot, name)
        self.names.setEditText("")
        self._list()
        self.said.emit(f"Preset {name!r} deleted.")

    def _copy(self) -> None:
        QtGui.QGuiApplication.clipboard().setText(to_text(self._values()))

    def _paste(self) -> None:
        self.chosen.emit(from_text(QtGui.QGuiApplication.clipboard().text()))

    @property
    def _name(self) -> str:
        return self.names.currentText().strip()

    def _list(self) -> None:
        """The shot's presets; what was typed stays."""
        presets, typed = self.file.of(self._shot), self.names.currentText()
        blocked = self.names.blockSignals(True)
        self.names.clear()
        self.names.addItems(sorted(presets, key=str.casefold))
        self.names.setEditText(typed)
        self.names.blockSignals(blocked)

    def _tool(self, text: str, tip: str, do: Callable[[], None]) -> QtWidgets.QToolButton:
        return tool(text, tip, lambda: self._attempt(do))

    def _attempt(self, do: Callable[[], None]) -> None:
        try:
            do()
        except ReageError as e:
            self.failed.emit(str(e))
        notice, self.file.notice = self.file.notice, ""
        if notice:
            self.noticed.emit(notice)
