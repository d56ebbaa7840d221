"""Before and after in one picture, parted by a line that one drags."""

from __future__ import annotations

from reage_ui.colors import RED, dim, hued
from reage_ui.face_overlay import FaceOverlay
from reage_ui.picture import Picture
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets, Signal, point

_KEYS: dict[int, float] = {
    int(Qt.Key.Key_Left): -0.01, int(Qt.Key.Key_Right): 0.01,
    int(Qt.Key.Key_PageDown): -0.1, int(Qt.Key.Key_PageUp): 0.1,
    int(Qt.Key.Key_Home): -1.0, int(Qt.Key.Key_End): 1.0,
}  # fmt: skip


class WipeView(QtWidgets.QWidget):
    """Left of the line the plate, right of it the result; fitted to the widget.

    wipe      0 shows only the result, 1 only the plate
    painted   a new picture stands on the screen (once for each `show_picture`)
    """

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wipe = 0.5
        self.picture: Picture | None = None
        self.words = ""
        self._bad = self._fresh = False
        self._before, self._after = QtGui.QImage(), QtGui.QImage()
        self.overlay = FaceOverlay()
        self.overlay.setParent(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding
        )
        self.setToolTip(
            "Left of the line the plate, right of it the result.\n"
            "Drag the line, or use arrow and page keys, Home and End; double click centers it."
        )
        self.setAccessibleName("Preview, before and after")

    # ------------------------------------------------------------ what is shown

    def show_picture(self, picture: Picture) -> None:
        self.picture, self.words, self._bad, self._fresh = picture, "", False, True
        self._before, self._after = _image(picture, picture.before), _image(picture, picture.after)
        self.overlay.show_face(picture.face)
        self.update()

    def show_words(self, words: str, bad: bool = False, keep: bool = False) -> None:
        """A sentence instead of the picture; with `keep` over it, darkened: it is out of date."""
        self.words, self._bad = words, bad
        if not keep:
            self.picture = None
            self._before = self._after = QtGui.QImage()
        self.update()

    def set_wipe(self, wipe: float) -> None:
        self.wipe = min(max(wipe, 0.0), 1.0)
        self.setCursor(Qt.CursorShape.SplitHCursor if self.picture else Qt.CursorShape.ArrowCursor)
        self.update()

    def height_for(self, width: int) -> int:
        """The height at which the picture fills that width; a square while there is none."""
        if self.picture is None:
            return width
        return round(width * self.picture.height / max(1, self.picture.width))

    def frame(self) -> QtCore.QRectF:
        """Where the picture lies in the widget."""
        assert self.picture is not None
        size = QtCore.QSizeF(self.picture.width, self.picture.height)
        size.scale(QtCore.QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        place = QtCore.QRectF(QtCore.QPointF(0, 0), size)
        place.moveCenter(QtCore.QRectF(self.rect()).center())
        return place

    # ------------------------------------------------------------ hands

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        picture = None if self.words else self.picture
        if picture is None or not self.overlay.press(picture, self.frame(), point(event)):
            self._drag(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.picture is not None and self.overlay.held:
            self.overlay.move(self.picture, self.frame(), point(event))
            self.update()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event)
        elif self.picture is not None:
            over = self.overlay.cursor(self.picture, self.frame(), point(event))
            self.setCursor(over or Qt.CursorShape.SplitHCursor)

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        self.overlay.release()

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        self.set_wipe(0.5)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.overlay.held:
            self.overlay.cancel()
            self.update()
        elif event.key() in _KEYS:
            self.set_wipe(self.wipe + _KEYS[event.key()])
        else:
            event.ignore()

    def _drag(self, event: QtGui.QMouseEvent) -> None:
        if self.picture is not None:
            place = self.frame()
            self.set_wipe((point(event).x() - place.left()) / max(1.0, place.width()))

    # ------------------------------------------------------------ paint

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        ground = self.palette().color(QtGui.QPalette.ColorRole.Base)
        painter.fillRect(self.rect(), ground.darker(130))
        if self.picture is not None:
            self._paint_picture(painter)
        if self.words:
            self._paint_words(painter)
        if self.hasFocus():
            painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        if self._fresh:
            self._fresh = False
            self.painted.emit()

    def _paint_picture(self, painter: QtGui.QPainter) -> None:
        place = self.frame()
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        line = place.left() + self.wipe * place.width()
        for image, left, right in (
            (self._before, place.left(), line), (self._after, line, place.right()),
        ):  # fmt: skip
            painter.save()
            painter.setClipRect(QtCore.QRectF(left, place.top(), right - left, place.height()))
            painter.drawImage(place, image)
            painter.restore()
        if self.words:
            return
        _paint_line(painter, line, place)
        assert self.picture is not None
        self.overlay.paint(painter, self.picture, place)
        _paint_tag(painter, "before", place, left=True, room=line - place.left())
        _paint_tag(painter, "after", place, left=False, room=place.right() - line)

    def _paint_words(self, painter: QtGui.QPainter) -> None:
        if self.picture is not None:
            painter.fillRect(self.rect(), QtGui.QColor(0, 0, 0, 170))
        ink = hued(self.palette(), RED) if self._bad else dim(self.palette())
        if self.picture is not None:  # on the darkened picture, whatever the palette
            ink = QtGui.QColor(255, 150, 140) if self._bad else QtGui.QColor(220, 220, 220)
        painter.setPen(ink)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(14, 14, -14, -14), int(flags), self.words)


def _image(picture: Picture, pixels: bytes) -> QtGui.QImage:
    """A copy, as QImage itself would only point at the bytes."""
    kind = QtGui.QImage.Format.Format_RGB888
    image = QtGui.QImage(pixels, picture.width, picture.height, 3 * picture.width, kind)
    # The screen's own format: scaled faster, once for all paints to come.
    return image.convertToFormat(QtGui.QImage.Format.Format_RGB32)


def _paint_line(painter: QtGui.QPainter, x: float, place: QtCore.QRectF) -> None:
    """White between dark edges: seen on any picture; with a grip in the middle."""
    top, bottom = QtCore.QPointF(x, place.top()), QtCore.QPointF(x, place.bottom())
    for width, color in ((3.0, QtGui.QColor(0, 0, 0, 120)), (1.0, QtGui.QColor(255, 255, 255))):
        painter.setPen(QtGui.QPen(color, width))
        painter.drawLine(top, bottom)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.setPen(QtGui.QPen(QtGui.QColor(0, 0, 0, 140), 1.0))
    painter.setBrush(QtGui.QColor(255, 255, 255))
    painter.drawEllipse(QtCore.QPointF(x, place.center().y()), 4.5, 4.5)


def _paint_tag(
    painter: QtGui.QPainter, text: str, place: QtCore.QRectF, left: bool, room: float
) -> None:
    """A word in a lower corner of its side, where there is room for it."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 10, metrics.height() + 2
    if room < width + 12:
        return
    x = place.left() + 6 if left else place.right() - 6 - width
    box = QtCore.QRectF(x, place.bottom() - 6 - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QtGui.QColor(0, 0, 0, 130))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QtGui.QColor(240, 240, 240))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
