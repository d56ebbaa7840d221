"""Of the desktop window: what of a plate is re-aged, how it is read, and where the bake goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reage.errors import SettingsError
from reage_host import baked_folder
from reage_host.plate_files import parse_range
from reage_ui.qt import QtWidgets, Signal
from reage_ui.widgets import tool

FROM_FILE = "from the file"


class PlateBar(QtWidgets.QWidget):
    """Fields for the node that is shown. Each says what the artist chose, "" where nothing.

    frames    a range such as 1001-1100, as it was typed; refused where it is none
    folder    where baked frames go
    """

    colorspace = Signal(str)
    face = Signal(str)
    frames = Signal(str)
    folder = Signal(str)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.space_list = QtWidgets.QComboBox()
        self.space_list.setEditable(True)
        self.space_list.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self.space_list.setMinimumContentsLength(12)
        self.space_list.setSizeAdjustPolicy(
            QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.show_spaces(())
        self.face_field = _field("Face", "the largest")
        self.frames_field = _field("Frames", "all")
        self.folder_field = _field("Output", f"a folder {baked_folder.NAME} beside the plate")
        self.browse = tool("…", "Choose the folder.", self._browse)
        tips = {
            self.space_list: "The color space that the plate is in. Choose one, or type its "
            "OpenColorIO name; else what the file says counts.",
            self.face_field: "Which face: empty for the largest, 1 for the next; or a point on it, "
            "as 960,540, in px from the top-left corner.",
            self.frames_field: "The frames that Bake range bakes, as 1001-1100 or 1001, 1010-1020; "
            "empty for all.",
            self.folder_field: "The folder that baked frames go to.",
        }
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(8, 0, 8, 2)
        grid.setSpacing(4)
        places = (
            ("Color space", self.space_list, 0, 0), ("Face", self.face_field, 0, 3),
            ("Output", self.folder_field, 1, 0), ("Frames", self.frames_field, 1, 3),
        )  # fmt: skip
        for words, widget, row, column in places:
            widget.setToolTip(tips[widget])
            widget.setAccessibleName(words)
            grid.addWidget(QtWidgets.QLabel(words), row, column)
            grid.addWidget(widget, row, column + 1, 1, 2 if widget is self.space_list else 1)
        grid.addWidget(self.browse, 1, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(4, 1)
        self.space_list.activated.connect(lambda *_: self._chosen())
        edit = self.space_list.lineEdit()
        assert edit is not None, "an editable list has a field"
        edit.editingFinished.connect(self._chosen)
        self.face_field.editingFinished.connect(lambda: self.face.emit(self.face_field.text()))
        self.folder_field.editingFinished.connect(
            lambda: self.folder.emit(self.folder_field.text().strip())
        )
        self.frames_field.editingFinished.connect(self._check_frames)
        self.setEnabled(False)

    def show_spaces(self, names: Sequence[str]) -> None:
        """What the list offers; what is chosen stays."""
        now = self.space_list.currentText()
        self.space_list.clear()
        self.space_list.addItems([FROM_FILE, *names])
        self.space_list.setCurrentText(now or FROM_FILE)

    def show_values(self, colorspace: str, face: str, frames: str, folder: str) -> None:
        """Those of the node that is shown."""
        self.setEnabled(True)
        self.space_list.setCurrentText(colorspace or FROM_FILE)
        for field, text in (
            (self.face_field, "" if face == "0" else face),
            (self.frames_field, frames), (self.folder_field, folder),
        ):  # fmt: skip
            field.setText(text)

    def _chosen(self) -> None:
        text = self.space_list.currentText().strip()
        self.colorspace.emit("" if text == FROM_FILE else text)

    def _check_frames(self) -> None:
        text = self.frames_field.text().strip()
        try:
            parse_range(text)
        except SettingsError as e:
            self.refused.emit(str(e))
            return
        self.frames.emit(text)

    def _browse(self) -> None:
        chosen = QtWidgets.QFileDialog.getExistingDirectory(
            self, "Where baked frames go", self.folder_field.text() or str(Path.home())
        )
        if chosen:
            self.folder_field.setText(chosen)
            self.folder.emit(chosen)


def _field(name: str, empty: str) -> QtWidgets.QLineEdit:
    field = QtWidgets.QLineEdit()
    field.setPlaceholderText(empty)
    field.setMinimumWidth(60)
    return field
