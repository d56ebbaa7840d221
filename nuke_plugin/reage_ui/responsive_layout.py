"""One column in a side pane, two beside each other where there is room."""

from __future__ import annotations

from reage_ui.preview_pane import PreviewPane
from reage_ui.qt import QtCore, QtGui, QtWidgets

WIDE = 620
"""Width in px from which on the preview stands beside the controls."""

_SIDE = 290
_LOWEST_LOG = 96
_SHARE = 0.45
"""Of the height, what the preview takes at most when all stands in one column."""


class ResponsiveLayout(QtWidgets.QScrollArea):
    """Lays out listing, preview, steering and log by the width it gets; scrolls when low."""

    def __init__(
        self,
        listing: QtWidgets.QWidget,
        preview: PreviewPane,
        steering: QtWidgets.QWidget,
        log: QtWidgets.QWidget,
    ) -> None:
        super().__init__()
        self.listing, self.preview, self.steering, self.log = listing, preview, steering, log
        self.wide: bool | None = None
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        inside = QtWidgets.QWidget()
        self._grid = QtWidgets.QGridLayout(inside)
        self._grid.setContentsMargins(8, 8, 8, 8)
        self._grid.setSpacing(10)
        self.setWidget(inside)
        self.log.setMinimumHeight(_LOWEST_LOG)
        self.arrange()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(240, 200)

    def arrange(self) -> None:
        """Fit the parts to the width, and the preview's height to its picture."""
        wide = self.width() >= WIDE
        if wide != self.wide:
            self.wide = wide
            self._place(wide)
        view = self.preview.view
        if wide:
            view.setMinimumHeight(240)
            view.setMaximumHeight(16777215)
        else:
            whole = view.height_for(self.viewport().width() - 16)
            view.setFixedHeight(max(120, min(whole, round(self.height() * _SHARE))))

    def _place(self, wide: bool) -> None:
        grid, parts = self._grid, (self.listing, self.preview, self.steering, self.log)
        for part in parts:
            grid.removeWidget(part)
        if wide:
            grid.addWidget(self.listing, 0, 0)
            grid.addWidget(self.steering, 1, 0)
            grid.addWidget(self.log, 2, 0)
            grid.addWidget(self.preview, 0, 1, 3, 1)
        else:
            for row, part in enumerate(parts):
                grid.addWidget(part, row, 0)
        grid.setColumnMinimumWidth(0, _SIDE if wide else 0)
        grid.setColumnStretch(0, 0 if wide else 1)
        grid.setColumnStretch(1, 1 if wide else 0)
        for row in range(4):
            grid.setRowStretch(row, 1 if row == (2 if wide else 3) else 0)
