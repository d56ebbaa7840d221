"""The panel in a window of its own: plates are opened or dropped here, and frames chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reage.errors import ReageError
from reage_host import baked_folder
from reage_ui.desktop import DesktopHost
from reage_ui.host import HostError
from reage_ui.panel import ReAgePanel
from reage_ui.plate_bar import PlateBar
from reage_ui.qt import QtGui, QtWidgets
from reage_ui.widgets import inner_row, push

NO_PLATE = (
    "Drop a plate here, or press Open: one file of a sequence, a still or a movie.\n\n"
    "Each plate becomes a node; what is baked from it goes to the folder "
    f"{baked_folder.NAME} beside it."
)
_FILTER = (
    "Plates (*.exr *.dpx *.tif *.tiff *.png *.jpg *.jpeg *.mov *.mp4 *.m4v *.mxf *.mkv *.webm "
    "*.ts *.mts);;All files (*)"
)


class DesktopWindow(QtWidgets.QMainWindow):
    def __init__(self, host: DesktopHost, presets: Path | None = None) -> None:
        super().__init__()
        self.host = host
        self.setWindowTitle("ReAge")
        self.setAcceptDrops(True)
        self.panel = ReAgePanel(host, presets, lambda node: host.plate(node).name, NO_PLATE)
        self.open_button = push("Open…", "Open a plate.", self.choose)
        self.frame = QtWidgets.QSpinBox()
        self.frame.setToolTip("The frame that is previewed, and baked by Bake frame.")
        self.frame.setAccessibleName("Frame")
        self.frame.setEnabled(False)
        self.bar = PlateBar()
        whole = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(whole)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(0)
        row = inner_row(column)
        row.setContentsMargins(8, 0, 8, 2)
        row.addWidget(self.open_button)
        row.addStretch(1)
        row.addWidget(QtWidgets.QLabel("Frame"))
        row.addWidget(self.frame)
        column.addWidget(self.bar)
        column.addWidget(self.panel, 1)
        self.setCentralWidget(whole)
        host.opened.connect(self._opened)
        self.panel.nodes.turned.connect(self._turned)
        self.frame.valueChanged.connect(host.set_frame)
        self.panel.previewer.spaces.connect(self.bar.show_spaces)
        self.bar.colorspace.connect(self._set_colorspace)
        self.bar.face.connect(lambda text: self._with_node(self._set_face, text))
        self.bar.frames.connect(lambda text: self._with_node(host.set_frames, text))
        self.bar.folder.connect(lambda text: self._with_node(host.set_folder, text))
        self.bar.refused.connect(self.panel.message.show_error)

    def open(self, path: str) -> None:
        """Open a plate; what goes wrong stands in the panel's strip."""
        try:
            self.host.open(path)
        except ReageError as e:
            self.panel.message.show_error(str(e))

    def choose(self) -> None:
        path, _ = QtWidgets.QFileDialog.getOpenFileName(self, "Open a plate", "", _FILTER)
        if path:
            self.open(path)

    def _opened(self, node: str) -> None:
        self.panel.refresh()
        self._show_range(node)
        self.panel.previewer.ask_for_spaces()

    def _turned(self, node: str) -> None:
        self.host.select(node)
        self._show_range(node)

    def _show_range(self, node: str) -> None:
        plate = self.host.plate(node)
        blocked = self.frame.blockSignals(True)
        self.frame.setRange(plate.first, plate.last)
        self.frame.setValue(self.host.frame)
        self.frame.blockSignals(blocked)
        self.frame.setEnabled(plate.first != plate.last)
        self.bar.show_values(*self.host.fields(node))
        if self.frame.value() != self.host.frame:
            self.host.set_frame(self.frame.value())

    def _set_colorspace(self, text: str) -> None:
        name = text or None
        if (state := self.panel.state) and name != self.host.settings(state.name).colorspace:
            self.host.set_colorspace(name)

    def _set_face(self, node: str, text: str) -> None:
        self.host.set_value(node, "face", text.strip() or "0")
        self.host.set_frame(self.host.frame)  # for a new preview

    def _with_node(self, do: Callable[[str, str], object], text: str) -> None:
        if (state := self.panel.state) is None:
            return
        try:
            do(state.name, text)
        except (HostError, ReageError) as e:
            self.panel.message.show_error(str(e))

    # ------------------------------------------------------------ Qt

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QtGui.QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.open(url.toLocalFile())
        event.acceptProposedAction()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        self.panel.shutdown()
        self.host.close()
        super().closeEvent(event)
