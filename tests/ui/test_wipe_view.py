"""The wipe: whose pixels stand where."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.hands import drag
from reage_ui.picture import Picture
from reage_ui.qt import Qt, QtCore, QtGui
from reage_ui.wipe_view import WipeView

RED, BLUE = (200, 20, 10), (10, 20, 200)


def picture(width=40, height=30, note=""):
    size = width * height
    return Picture(width, height, bytes(RED) * size, bytes(BLUE) * size, note)


@pytest.fixture
def view(qtbot):
    view = WipeView()
    qtbot.addWidget(view)
    view.resize(200, 150)
    view.show_picture(picture())
    view.show()
    qtbot.waitExposed(view)
    return view


def color(view, x, y):
    return QtGui.QColor(view.grab().toImage().pixel(x, y)).getRgb()[:3]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(wipe=st.floats(-0.5, 1.5), x=st.floats(0.03, 0.97))
def test_left_of_the_line_stands_the_plate_and_right_of_it_the_result(view, wipe, x):
    view.set_wipe(wipe)
    assert view.wipe == min(max(wipe, 0.0), 1.0)
    place = view.frame()
    at, line = place.left() + x * place.width(), place.left() + view.wipe * place.width()
    if abs(at - line) > 6:
        assert color(view, int(at), 30) == (RED if at < line else BLUE)


def test_the_line_is_dragged_and_keyed_and_centered(qtbot, view):
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(50, 60))
    assert view.wipe == pytest.approx(0.25, abs=0.01)
    drag(view, QtCore.QPoint(500, 60))
    assert view.wipe == 1.0
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(500, 60))
    for key, wipe in (
        (Qt.Key.Key_Home, 0.0), (Qt.Key.Key_Right, 0.01), (Qt.Key.Key_PageUp, 0.11),
        (Qt.Key.Key_Left, 0.1), (Qt.Key.Key_PageDown, 0.0), (Qt.Key.Key_End, 1.0),
    ):  # fmt: skip
        qtbot.keyClick(view, key)
        assert view.wipe == pytest.approx(wipe)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(10, 10))
    assert view.wipe == 0.5


@pytest.mark.parametrize("size", [(200, 150), (200, 400), (400, 100)])
def test_the_picture_fits_with_its_own_shape(view, size):
    view.resize(*size)
    place = view.frame()
    assert place.width() / place.height() == pytest.approx(40 / 30, rel=0.01)
    assert QtCore.QRectF(view.rect()).adjusted(-0.1, -0.1, 0.1, 0.1).contains(place)
    assert place.width() == pytest.approx(size[0]) or place.height() == pytest.approx(size[1])


def test_the_height_that_fits_a_width(view):
    assert view.height_for(400) == 300
    view.show_words("nothing")
    assert view.height_for(400) == 400


def test_each_new_picture_is_told_once_it_stands(qtbot, view):
    painted = []
    view.painted.connect(lambda: painted.append(1))
    with qtbot.waitSignal(view.painted):
        view.show_picture(picture(20, 20))
    view.set_wipe(0.2)
    view.repaint()
    assert painted == [1]


def test_words_stand_instead_of_a_picture_or_over_it(view):
    before = color(view, 20, 30)
    view.show_words("The plate is gone.", bad=True, keep=True)
    assert view.picture is not None
    darker = color(view, 20, 30)
    assert sum(darker) < sum(before) / 2
    view.show_words("")
    assert view.picture is None
    view.show_picture(picture())
    assert color(view, 20, 30) == RED


def test_a_result_whose_sizes_disagree_is_refused():
    rows = base64.b64encode(bytes(3 * 4)).decode()
    result = {"width": 2, "height": 2, "before": rows, "after": rows, "note": "", "seconds": {},
              "region": [0, 0, 2, 2], "pixel_aspect": 1.0, "face": None}  # fmt: skip
    assert Picture.of({**result, "height": 1, "width": 4}).width == 4
    with pytest.raises(ValueError, match="3×2 px"):
        Picture.of({**result, "width": 3})


def test_a_plate_that_is_not_sent_again_is_the_last_pictures():
    rows = base64.b64encode(bytes(range(12))).decode()
    result = {"width": 2, "height": 2, "before": rows, "after": rows, "note": "", "seconds": {},
              "region": [0, 0, 2, 2], "pixel_aspect": 1.0, "face": None,
              "fingerprint": "1f"}  # fmt: skip
    last = Picture.of(result)
    again = Picture.of({**result, "before": None}, last)
    assert again == last and last.fingerprint == "1f" and len(last.before) == 12
    with pytest.raises(ValueError, match="2×2 px"):
        Picture.of({**result, "before": None})
