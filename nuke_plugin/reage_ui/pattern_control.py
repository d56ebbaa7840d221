"""The pattern: a seed as `SeedControl` has it, a file, or one that photographs are made into."""

from __future__ import annotations

from pathlib import Path

from reage.album import Page
from reage.bundle import is_bundle
from reage.mix import ENDING, Mix
from reage.settings import Setting
from reage_ui.pattern_maker import PatternMaker, look_of
from reage_ui.pattern_picker import PatternPicker, thumbnail
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets
from reage_ui.seed_control import SeedControl
from reage_ui.widgets import tool

_SIDE = 30
_PICTURES = "Photographs (*.jpg *.jpeg *.png *.tif *.tiff *.exr *.dpx *.hdr);;All files (*)"


class PatternControl(SeedControl):
    """Shows a thumbnail; a menu leads to the sheet, to files, and to photographs."""

    def __init__(self, setting: Setting, maker: PatternMaker) -> None:
        self.thumbnail = QtWidgets.QLabel()
        super().__init__(setting)
        self._maker = maker
        self.thumbnail.setFixedSize(_SIDE, _SIDE)
        self.picker = PatternPicker(self)
        self.picker.chosen.connect(self._choose)
        tip = "Choose a drawn pattern, a file, or make one from photographs."
        self.more = tool("…", tip, self._show_menu)
        self.menu = menu = QtWidgets.QMenu(self)
        menu.addAction("Drawn patterns…", self._pick)
        menu.addAction("Pattern file…", self._open)
        menu.addAction("Album of an actor…", self._open_album)
        self.from_photographs = menu.addAction("From photographs…", self._ask_for_photographs)
        self.stop = menu.addAction("Stop making a pattern", maker.cancel)
        self.row.insertWidget(self.row.indexOf(self.die), self.thumbnail)
        self.row.insertWidget(self.row.indexOf(self.die), self.more)
        maker.busy.connect(self._busy)
        maker.made.connect(lambda path, _: self._choose(path))
        self._busy(False)
        self._show(self.value)

    def _show(self, value: float | str) -> None:
        super()._show(value)
        self.field.setToolTip(str(value))
        shown = self._picture()
        self.thumbnail.setVisible(not shown.isNull())
        if not shown.isNull():
            way = Qt.TransformationMode.SmoothTransformation
            self.thumbnail.setPixmap(
                shown.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, way)
            )

    def _picture(self) -> QtGui.QPixmap:
        """Of the first pattern in the mix; null where there is none, as in a bundle, which would
        have to be unpacked."""
        source = Mix.of(self.value).terms[0].source
        if isinstance(source, int):
            return thumbnail(source)
        if isinstance(source, Page) and is_bundle(Path(source.folder)):
            return QtGui.QPixmap()
        return _pixmap(look_of(source.files[0] if isinstance(source, Page) else Path(source)))

    def _busy(self, busy: bool) -> None:
        self.from_photographs.setEnabled(not busy)
        self.stop.setEnabled(busy)

    def _show_menu(self) -> None:
        self.menu.popup(self._below())  # which, unlike a button's own menu, waits for nobody

    def _pick(self) -> None:
        self.picker.adjustSize()
        self.picker.move(self._below())
        self.picker.show()

    def _below(self) -> QtCore.QPoint:
        return self.more.mapToGlobal(QtCore.QPoint(0, self.more.height()))

    def _open(self) -> None:
        path, _ = QtWidgets.QFileDialog.getOpenFileName(
            self, "A pattern", "", f"Patterns (*{ENDING})"
        )
        if path:
            self._type(path)

    def _open_album(self) -> None:
        folder = QtWidgets.QFileDialog.getExistingDirectory(self, "A book, or its album")
        if folder:
            self._type(str(Page(folder, None)))

    def _ask_for_photographs(self) -> None:
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(
            self, "Photographs of one face, from several sides", "", _PICTURES
        )
        if not names:
            return
        beside = str(Path(names[0]).with_suffix("")) + ENDING
        path, _ = QtWidgets.QFileDialog.getSaveFileName(
            self, "Where the pattern goes", beside, f"Patterns (*{ENDING})"
        )
        if path:
            bare = path.removesuffix(".exr").removesuffix(".pattern")
            self._maker.make(names, Path(bare + ENDING))


def _pixmap(path: Path) -> QtGui.QPixmap:
    return QtGui.QPixmap(str(path)) if path.is_file() else QtGui.QPixmap()
