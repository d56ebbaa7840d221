"""The ReAge nodes of the script, two lines each: name and model, what is baked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reage_ui.colors import AMBER, GREEN, dim, hued, line
from reage_ui.host import NodeState
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets, Signal
from reage_ui.wording import node_text, state_text

_STATE = int(Qt.ItemDataRole.UserRole)
_ROWS = 4
"""Rows that are seen without scrolling, at most."""

if TYPE_CHECKING:
    AnyIndex = QtCore.QModelIndex | QtCore.QPersistentModelIndex


class NodeList(QtWidgets.QListWidget):
    """`turned` tells the name of the node that the artist chose."""

    turned = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Row(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("ReAge nodes")
        self.currentItemChanged.connect(self._turn)
        self.show_nodes((), None)

    def show_nodes(self, nodes: Sequence[NodeState], current: str | None) -> None:
        """All nodes anew, with one chosen; tells nobody."""
        blocked = self.blockSignals(True)
        try:
            while self.count() > len(nodes):
                self.takeItem(self.count() - 1)
            for row, node in enumerate(nodes):
                item = self.item(row)
                if item is None:
                    item = QtWidgets.QListWidgetItem(self)
                item.setData(_STATE, node)
                item.setText(node_text(node))
                item.setToolTip(node_text(node))
                if node.name == current:
                    self.setCurrentItem(item)
            if current is None:
                self.setCurrentRow(-1)
        finally:
            self.blockSignals(blocked)
        rows = min(max(len(nodes), 1), _ROWS)
        self.setFixedHeight(rows * _height(self.fontMetrics()) + 2 * self.frameWidth())

    def _turn(self, item: QtWidgets.QListWidgetItem | None) -> None:
        if item is not None:
            self.turned.emit(item.data(_STATE).name)


class _Row(QtWidgets.QStyledItemDelegate):
    def sizeHint(
        self, option: QtWidgets.QStyleOptionViewItem, index: AnyIndex
    ) -> QtCore.QSize:
        return QtCore.QSize(0, _height(option.fontMetrics))

    def paint(
        self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        painter.save()
        self.initStyleOption(option, index)
        option.text = ""  # the style paints the ground, the words come below
        style = option.widget.style()
        style.drawControl(
            QtWidgets.QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget
        )
        chosen = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        _paint_words(painter, option, index.data(_STATE), chosen)
        _paint_bar(painter, option, index.data(_STATE))
        painter.restore()


def _height(metrics: QtGui.QFontMetrics) -> int:
    return 2 * metrics.height() + 13


def _paint_words(
    painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, node: NodeState, chosen: bool
) -> None:
    palette, metrics = option.palette, option.fontMetrics
    role = QtGui.QPalette.ColorRole
    strong = palette.color(role.HighlightedText if chosen else role.Text)
    weak = strong if chosen else dim(palette)
    box = option.rect.adjusted(7, 3, -7, -7)
    room = box.width() - metrics.horizontalAdvance(node.name) - 12
    model = metrics.elidedText(node.model, Qt.TextElideMode.ElideRight, max(0, room))
    state = state_text(node) + (f" – {node.message}" if node.message else "")
    state = metrics.elidedText(state, Qt.TextElideMode.ElideRight, box.width())
    top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    painter.setPen(weak)
    painter.drawText(box, int(top | right), model if room > 30 else "")
    painter.drawText(box, int(bottom | left), state)
    painter.setPen(strong)
    painter.drawText(box, int(top | left), node.name)


def _paint_bar(
    painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, node: NodeState
) -> None:
    """A thin bar: how much is baked, how much of it stale."""
    bar = QtCore.QRectF(option.rect.left() + 7, option.rect.bottom() - 4, 0, 2)
    whole = option.rect.width() - 14
    parts = (
        (node.baked, hued(option.palette, GREEN)),
        (node.stale, hued(option.palette, AMBER)),
        (node.missing, line(option.palette)),
    )
    for frames, color in parts:
        if frames:
            bar.setWidth(whole * frames / node.total)
            painter.fillRect(bar, color)
            bar.moveLeft(bar.right())
