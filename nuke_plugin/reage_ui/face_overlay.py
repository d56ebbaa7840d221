"""The face over the preview: outline, mesh and the two grips, painted and dragged."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reage_ui.picture import Picture
from reage_ui.qt import Qt, QtCore, QtGui, Signal
from reage_ui.shown_face import ABOVE, CHIN, LOOK, MOVE, SIZE, TURN, Point, ShownFace

_REACH = 10.0
"""Px of the widget around a grip that are the grip."""

_PLACE = "place"
"""Drawing a face where there is none, from its middle to its chin."""

_CURSORS = {
    MOVE: Qt.CursorShape.SizeAllCursor,
    SIZE: Qt.CursorShape.SizeVerCursor,
    TURN: Qt.CursorShape.CrossCursor,
    LOOK: Qt.CursorShape.PointingHandCursor,
    _PLACE: Qt.CursorShape.CrossCursor,
}


@dataclass(frozen=True)
class _Place:
    """Where a preview lies in a widget: square px of the plate to the widget's, and back."""

    picture: Picture
    frame: QtCore.QRectF

    def to_widget(self, point: Point) -> QtCore.QPointF:
        x, y, width, height = self.picture.region
        across, down = (point[0] / self.picture.aspect - x) / width, (point[1] - y) / height
        return QtCore.QPointF(
            self.frame.left() + across * self.frame.width(),
            self.frame.top() + down * self.frame.height(),
        )

    def to_plate(self, point: QtCore.QPointF) -> Point:
        x, y, width, height = self.picture.region
        across = (point.x() - self.frame.left()) / max(1.0, self.frame.width())
        down = (point.y() - self.frame.top()) / max(1.0, self.frame.height())
        return (x + across * width) * self.picture.aspect, y + down * height

    @property
    def reach(self) -> float:
        """_REACH in square px."""
        return _REACH * self.picture.region[3] / max(1.0, self.frame.height())


class FaceOverlay(QtCore.QObject):
    """Where `on`, the face of the shown picture can be moved, sized by its chin, turned by the grip
    above it, and where a hand has placed it, made to look elsewhere by its nose; where there is
    none, one is drawn from its middle to its chin.

    dropped   a ShownFace, when the hand lets go of one that it has changed
    """

    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.on = False
        self.face: ShownFace | None = None
        self._held = ""
        self._start: Point = (0.0, 0.0)
        self._before: ShownFace | None = None

    @property
    def held(self) -> bool:
        """Whether a hand has hold of it."""
        return bool(self._held)

    def show_face(self, face: ShownFace | None) -> None:
        """The face of another picture; one that is in a hand stays there."""
        if not self._held:
            self.face = face

    def press(self, picture: Picture, frame: QtCore.QRectF, at: QtCore.QPointF) -> bool:
        """Whether the overlay takes this press."""
        self._held = self._grip(picture, frame, at)
        self._start, self._before = _Place(picture, frame).to_plate(at), self.face
        return self.held

    def move(self, picture: Picture, frame: QtCore.QRectF, at: QtCore.QPointF) -> None:
        place = _Place(picture, frame)
        now = place.to_plate(at)
        if self._held == _PLACE:  # a hand that only trembles draws none
            far = math.dist(now, self._start) > place.reach
            self.face = ShownFace.placed(self._start, now) if far else None
        elif self._held and self._before is not None:
            self.face = self._before.dragged(self._held, self._start, now)

    def release(self) -> None:
        changed = self.held and self.face != self._before
        self._held = ""
        if changed:
            self.dropped.emit(self.face)

    def cancel(self) -> None:
        """As if the hand had never come."""
        if self._held:
            self.face, self._held = self._before, ""

    def cursor(
        self, picture: Picture, frame: QtCore.QRectF, at: QtCore.QPointF
    ) -> Qt.CursorShape | None:
        """What a hand at this point would do; None beside the face."""
        return _CURSORS.get(self._held or self._grip(picture, frame, at))

    def _grip(self, picture: Picture, frame: QtCore.QRectF, at: QtCore.QPointF) -> str:
        if not self.on or not frame.contains(at):
            return ""
        place = _Place(picture, frame)
        if self.face is None:
            return _PLACE
        return self.face.grip(place.to_plate(at), place.reach)

    def paint(self, painter: QtGui.QPainter, picture: Picture, frame: QtCore.QRectF) -> None:
        if not self.on or self.face is None:
            return
        face, place = self.face, _Place(picture, frame)

        def at(unit: Point) -> QtCore.QPointF:
            return place.to_widget(face.at(unit))

        painter.save()
        painter.setClipRect(frame)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for width, color in ((3.2, QtGui.QColor(0, 0, 0, 70)), (1.8, QtGui.QColor(140, 230, 255))):
            painter.setPen(QtGui.QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoints([at(unit) for unit in face.mesh])
        outline = QtGui.QPolygonF([at(unit) for unit in face.outline])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, color in ((3.0, QtGui.QColor(0, 0, 0, 110)), (1.4, _ink(face))):
            painter.setPen(QtGui.QPen(color, width))
            painter.drawPolygon(outline)
            painter.drawLine(at((0.0, -0.5)), at(ABOVE))
        painter.setBrush(_ink(face))
        painter.setPen(QtGui.QPen(QtGui.QColor(0, 0, 0, 160), 1.0))
        chin = at(CHIN)
        painter.drawRect(QtCore.QRectF(chin.x() - 4.5, chin.y() - 4.5, 9.0, 9.0))
        painter.drawEllipse(at(ABOVE), 5.0, 5.0)
        if face.looks is not None:
            painter.drawEllipse(at(face.nose), 4.0, 4.0)
        painter.restore()


def _ink(face: ShownFace) -> QtGui.QColor:
    """Amber where a hand has set this frame, as keys are elsewhere in the panel."""
    return QtGui.QColor(255, 190, 90) if face.key else QtGui.QColor(235, 245, 255)
