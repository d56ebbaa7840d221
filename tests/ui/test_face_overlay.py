"""The face over the preview, on a real widget: painted where it is, and dragged by the mouse."""

import pytest

from helpers.hands import drag
from reage_ui.picture import Picture
from reage_ui.qt import Qt, QtCore, QtGui
from reage_ui.shown_face import ABOVE, CHIN, ShownFace
from reage_ui.wipe_view import WipeView

REGION = (100.0, 50.0, 80.0, 120.0)
"""Of a plate that is squeezed by 2: 160 × 120 square px."""


def picture(face):
    gray = bytes((60, 60, 60)) * (160 * 120)
    return Picture(160, 120, gray, gray, region=REGION, aspect=2.0, face=face)


@pytest.fixture
def view(qtbot):
    view = WipeView()
    qtbot.addWidget(view)
    view.resize(320, 240)
    view.set_wipe(0.02)
    view.show()
    qtbot.waitExposed(view)
    return view


FACE = ShownFace(280.0, 110.0, 60.0, 0.0, mesh=((0.25, 0.3), (-0.1, 0.0)))


def on_screen(unit, face=FACE):
    """Where a point of the face lies in the widget: two of its px for each of the plate's rows."""
    x, y = face.at(unit)
    return QtCore.QPoint(round(2 * (x - 200)), round(2 * (y - 50)))


def pull(qtbot, view, start, *steps):
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for step in steps:
        start = start + QtCore.QPoint(*step)
        drag(view, start)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start)


def color(view, at):
    return QtGui.QColor(view.grab().toImage().pixel(at)).getRgb()[:3]


def test_it_is_painted_only_where_it_is_asked_for(view):
    view.show_picture(picture(FACE))
    assert color(view, on_screen(CHIN)) == (60, 60, 60)
    view.overlay.on = True
    assert min(color(view, on_screen(CHIN))) > 200 and min(color(view, on_screen(ABOVE))) > 200
    assert color(view, on_screen((0.1, 0.1))) == (60, 60, 60)
    assert color(view, on_screen((0.25, 0.3)))[2] > 150  # a landmark
    view.show_picture(picture(ShownFace(280.0, 110.0, 60.0, 0.0, key=True)))
    r, _, b = color(view, on_screen(CHIN))
    assert r > 200 > b


@pytest.mark.parametrize(
    ("unit", "step", "want"),
    [
        ((0.1, 0.1), (-40, 20), (260.0, 120.0, 60.0, 0.0)),
        (CHIN, (0, 40), (280.0, 110.0, 100.0, 0.0)),
        (ABOVE, (86, 86), (280.0, 110.0, 60.0, 90.0)),
    ],
)
def test_a_hand_moves_sizes_and_turns_it(qtbot, view, unit, step, want):
    view.overlay.on = True
    view.show_picture(picture(FACE))
    dropped = []
    view.overlay.dropped.connect(dropped.append)
    pull(qtbot, view, on_screen(unit), (3, 3), (-3, -3), step)
    (face,) = dropped
    assert (face.x, face.y, face.size, face.degrees) == pytest.approx(want, abs=1.0)
    assert view.wipe == pytest.approx(0.02)
    assert min(color(view, on_screen(CHIN, face))) > 200  # it stays there till the next picture


def test_beside_the_face_and_without_the_toggle_the_wipe_is_dragged(qtbot, view):
    dropped = []
    view.overlay.dropped.connect(dropped.append)
    view.show_picture(picture(FACE))
    pull(qtbot, view, on_screen((0.1, 0.1)), (20, 0))
    assert view.wipe > 0.4
    view.overlay.on = True
    pull(qtbot, view, QtCore.QPoint(20, 20), (12, 0))
    assert view.wipe == pytest.approx(0.1) and dropped == []


def test_escape_puts_it_back_and_a_click_alone_sets_no_key(qtbot, view):
    view.overlay.on = True
    view.show_picture(picture(FACE))
    dropped = []
    view.overlay.dropped.connect(dropped.append)
    start = on_screen((0.1, 0.1))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    drag(view, start + QtCore.QPoint(30, 0))
    assert view.overlay.face != FACE
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start)
    pull(qtbot, view, start)
    assert view.overlay.face == FACE and dropped == []


def test_a_picture_that_comes_while_a_hand_has_it_does_not_take_it_away(qtbot, view):
    view.overlay.on = True
    view.show_picture(picture(FACE))
    start = on_screen((0.1, 0.1))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    drag(view, start + QtCore.QPoint(30, 0))
    view.show_picture(picture(FACE))
    assert view.overlay.face.x == pytest.approx(295.0)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start)


def test_where_there_is_no_face_one_is_drawn_from_its_middle_to_its_chin(qtbot, view):
    view.overlay.on = True
    view.show_picture(picture(None))
    dropped = []
    view.overlay.dropped.connect(dropped.append)
    pull(qtbot, view, QtCore.QPoint(160, 100), (0, 3))
    assert dropped == []
    pull(qtbot, view, QtCore.QPoint(160, 100), (0, 30), (0, 30))
    assert dropped == [ShownFace.placed((280.0, 100.0), (280.0, 130.0))]
