"""One picture, as large as it fits: the camera's, the re-aged one, or both parted by a wipe."""

from __future__ import annotations

from typing import Literal

import numpy as np

from reage_live.look import GROUND, PLAIN, QUIET
from reage_live.mirror import Present
from reage_live.recording import LiveFrame, Picture
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets, Signal, point

Shows = Literal["camera", "re-aged", "wipe"]

_GRIP = 14
"""Px beside the wipe's line within which a press takes hold of it."""


class Monitor(QtWidgets.QWidget):
    """Paints frames; never keeps more than the last.

    shows     what it shows
    compare   the camera's picture wherever the re-aged one would be
    flip      left and right changed over, as in a mirror
    wipe      0 shows only the re-aged picture, 1 only the camera's
    clicked   a point in the picture's px
    painted   a frame stands on the screen, once for each
    """

    clicked = Signal(float, float)
    painted = Signal(object)

    def __init__(self, shows: Shows) -> None:
        super().__init__()
        self.shows: Shows = shows
        self.compare = self.flip = False
        self.wipe = 0.5
        self.frame: LiveFrame | None = None
        self._present: tuple[Present, ...] = ()
        self._chosen = 0
        self._fresh = self._dragging = False
        self.setMinimumSize(160, 90)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding
        )
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click ends typing: keys work again
        self.setAccessibleName(f"Monitor: {shows}")

    def show_frame(self, frame: LiveFrame, present: tuple[Present, ...], chosen: int) -> None:
        self.frame, self._present, self._chosen = frame, present, chosen
        self._fresh = True
        self.update()

    def place(self) -> QtCore.QRectF:
        """Where the picture lies in the widget."""
        whole = QtCore.QRectF(self.rect())
        if self.frame is None:
            return whole
        height, width = self.frame.raw.shape[:2]
        size = QtCore.QSizeF(width, height)
        size.scale(whole.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QtCore.QRectF(QtCore.QPointF(0, 0), size)
        place.moveCenter(whole.center())
        return place

    # ------------------------------------------------------------ hands

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.frame is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        where, place = point(event), self.place()
        line = place.left() + self.wipe * place.width()
        if self.shows == "wipe" and abs(where.x() - line) <= _GRIP:
            self._dragging = True
            return
        x = (where.x() - place.left()) / max(1.0, place.width())
        y = (where.y() - place.top()) / max(1.0, place.height())
        height, width = self.frame.raw.shape[:2]
        self.clicked.emit((1 - x if self.flip else x) * width, y * height)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        if self._dragging:
            place = self.place()
            along = (point(event).x() - place.left()) / max(1.0, place.width())
            self.wipe = min(max(along, 0.0), 1.0)
            self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        self._dragging = False

    # ------------------------------------------------------------ paint

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        if self.frame is not None:
            painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            self._paint_pictures(painter, self.frame, self.place())
        painter.end()
        if self._fresh:
            self._fresh = False
            self.painted.emit(self.frame)

    def _paint_pictures(
        self, painter: QtGui.QPainter, frame: LiveFrame, place: QtCore.QRectF
    ) -> None:
        if self.shows != "wipe":
            raw = self.shows == "camera" or self.compare
            self._paint(painter, frame.raw if raw else frame.result, place, place)
            self._paint_faces(painter, place, frame)
            _tag(painter, "camera" if raw else "re-aged", place, left=True)
            return
        line = place.left() + (1.0 if self.compare else self.wipe) * place.width()
        left, right = QtCore.QRectF(place), QtCore.QRectF(place)
        left.setRight(line)
        right.setLeft(line)
        self._paint(painter, frame.raw, place, left)
        self._paint(painter, frame.result, place, right)
        self._paint_faces(painter, place, frame)
        painter.setPen(QtGui.QPen(QtGui.QColor(255, 255, 255, 200), 1.2))
        painter.drawLine(QtCore.QPointF(line, place.top()), QtCore.QPointF(line, place.bottom()))
        if left.width() > 90:
            _tag(painter, "camera", left, left=True)
        if right.width() > 90:
            _tag(painter, "re-aged", right, left=False)

    def _paint(
        self, painter: QtGui.QPainter, picture: Picture, place: QtCore.QRectF, part: QtCore.QRectF
    ) -> None:
        painter.save()
        painter.setClipRect(part)
        if self.flip:
            painter.translate(place.left() + place.right(), 0)
            painter.scale(-1, 1)
        painter.drawImage(place, image(picture))
        painter.restore()

    def _paint_faces(
        self, painter: QtGui.QPainter, place: QtCore.QRectF, frame: LiveFrame
    ) -> None:
        """Corners around each face where there are several; the one in hand is brighter."""
        if len(self._present) < 2 or (self.shows == "camera" and self.compare):
            return
        height, width = frame.raw.shape[:2]
        for each in self._present:
            oval = each.face.oval()
            low, high = oval.min(0) / (width, height), oval.max(0) / (width, height)
            if self.flip:
                low[0], high[0] = 1 - high[0], 1 - low[0]
            box = QtCore.QRectF(
                place.left() + low[0] * place.width(), place.top() + low[1] * place.height(),
                (high[0] - low[0]) * place.width(), (high[1] - low[1]) * place.height(),
            )
            inked = each.number == self._chosen
            _corners(painter, box, PLAIN if inked else QtGui.QColor(222, 224, 228, 90))
            painter.drawText(box.topLeft() + QtCore.QPointF(2, -6), f"{each.number + 1}")


def image(picture: Picture) -> QtGui.QImage:
    """A picture for Qt, which points at its pixels: use it only while the picture lives."""
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
        return image(picture).copy()
    height, width = picture.shape[:2]
    pixels = np.ascontiguousarray(picture)
    made = QtGui.QImage(pixels.data, width, height, 3 * width, QtGui.QImage.Format.Format_RGB888)
    return made if pixels is picture else made.copy()


def _corners(painter: QtGui.QPainter, box: QtCore.QRectF, ink: QtGui.QColor) -> None:
    painter.setPen(QtGui.QPen(ink, 1.6))
    arm = min(box.width(), box.height()) * 0.14
    for x, dx in ((box.left(), arm), (box.right(), -arm)):
        for y, dy in ((box.top(), arm), (box.bottom(), -arm)):
            painter.drawLine(QtCore.QPointF(x, y), QtCore.QPointF(x + dx, y))
            painter.drawLine(QtCore.QPointF(x, y), QtCore.QPointF(x, y + dy))


def _tag(painter: QtGui.QPainter, text: str, place: QtCore.QRectF, left: bool) -> None:
    """A quiet word in an upper corner."""
    painter.setPen(QUIET)
    flags = Qt.AlignmentFlag.AlignTop
    flags |= Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    shade = QtGui.QColor(0, 0, 0, 150)
    box = place.adjusted(12, 10, -12, -10)
    painter.setPen(shade)
    painter.drawText(box.translated(1, 1), int(flags), text)
    painter.setPen(PLAIN)
    painter.drawText(box, int(flags), text)
