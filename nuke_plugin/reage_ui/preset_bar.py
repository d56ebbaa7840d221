"""Presets of the shot, and values from node to node."""

from __future__ import annotations

from collections.abc import Iterable

from reage_ui.pieces import Heading, inner_row, tool
from reage_ui.qt import QtWidgets, Signal


class PresetBar(QtWidgets.QWidget):
    """A name that one types or chooses, and what to do with it. Reads and writes nothing.

    load, save, delete   the name
    copy, paste          values by way of the clipboard
    """

    load = Signal(str)
    save = Signal(str)
    delete = Signal(str)
    copy = Signal()
    paste = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.names = QtWidgets.QComboBox()
        self.names.setEditable(True)
        self.names.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self.names.setMinimumWidth(70)
        self.names.setAccessibleName("Preset")
        self.names.setToolTip("Choose a preset of this shot, or type a name for a new one.")
        typing = QtWidgets.QLineEdit()
        typing.setPlaceholderText("name")
        self.names.setLineEdit(typing)
        self.load_button = tool(
            "Load", "Give the node the preset's values.", lambda: self.load.emit(self.name)
        )
        self.save_button = tool(
            "Save", "Keep the node's values under this name, for this shot.",
            lambda: self.save.emit(self.name),
        )
        self.delete_button = tool(
            "Delete", "Forget the preset.", lambda: self.delete.emit(self.name)
        )
        self.copy_button = tool("Copy", "Copy the node's values.", self.copy.emit)
        self.paste_button = tool(
            "Paste", "Give the node the copied values.", self.paste.emit
        )
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Heading("Presets", self.copy_button, self.paste_button))
        row = inner_row(column)
        row.addWidget(self.names, 1)
        for button in (self.load_button, self.save_button, self.delete_button):
            row.addWidget(button)

    def show_names(self, names: Iterable[str]) -> None:
        """The shot's presets; what was typed stays."""
        typed = self.names.currentText()
        blocked = self.names.blockSignals(True)
        self.names.clear()
        self.names.addItems(sorted(names, key=str.casefold))
        self.names.setEditText(typed)
        self.names.blockSignals(blocked)

    @property
    def name(self) -> str:
        return self.names.currentText().strip()
