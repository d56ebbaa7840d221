"""The window: real widgets without a display, a real mirror behind them."""

from __future__ import annotations

import signal
import time
from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtTest import QTest

from helpers.steered import MemoryRecorder, Script, SlowModel
from reage.faces import FaceFrame
from reage.settings import Settings
from reage_host.presets import PresetFile
from reage_live.application import show
from reage_live.figures import Figures
from reage_live.mirror import Mirror, Present
from reage_live.monitor import Monitor
from reage_live.recording import LiveFrame, Slate
from reage_live.synthetic import TestSource
from reage_live.window import MirrorWindow
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets

OLDER = Settings(source_age=25.0, target_age=75.0, crop_size=192)


@pytest.fixture
def window_of(qtbot, tmp_path):
    """window_of(source, …): shown, its mirror started; closed after the test."""
    made = []

    def make(source, layout="side", start=True, **more):
        mirror = Mirror(source, SlowModel(), OLDER, retry=0.05, **more)
        window = MirrorWindow(mirror, layout, tmp_path / "presets.json")
        made.append(window)
        window.resize(1200, 520)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        if start:
            mirror.start()
        return window

    yield make
    for window in made:
        window.close()


def shown(qtbot, window, faces=1):
    """Wait for a painted frame with so many faces."""
    qtbot.waitUntil(
        lambda: window.result.frame is not None and len(window.mirror.present) >= faces,
        timeout=30_000,
    )
    return window.result.frame


def pixels(widget) -> np.ndarray:
    """(h, w, 3) of a widget as it is painted."""
    image = widget.grab().toImage().convertToFormat(QtGui.QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def press(widget, place):
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(widget, left, Qt.KeyboardModifier.NoModifier, place)


def key(window, name, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, name, modifier)
    QtWidgets.QApplication.processEvents()


def still(head) -> LiveFrame:
    """A frame whose result is the raw picture turned dark."""
    raw = head(0)
    source = TestSource((640, 360))
    return LiveFrame(0, 0.0, source.timecode(0), raw, raw // 2, None, OLDER, (), 192, 0.1)


def test_frames_reach_the_screen_and_are_measured_there(window_of, qtbot):
    window = window_of(TestSource((640, 360)))
    shown(qtbot, window)
    qtbot.waitUntil(lambda: window.mirror.meter.recent(time.monotonic()).shown > 3, timeout=20_000)
    window.refresh()
    assert "fps" in window.status.figures.text()
    assert "crop 192 px" in window.status.figures.text()
    assert window.status.timecode.text().startswith("01:00:")
    assert pixels(window.camera).std() > 10


def test_a_slider_changes_the_next_frames(window_of, qtbot):
    window = window_of(TestSource((640, 360)))
    shown(qtbot, window)
    control = window.controls.sliders["target_age"]
    assert control.value == 75.0
    control.slider.setSliderDown(True)
    control.slider.drag_to(round((40 - 18) / control.slider.setting.step))
    qtbot.waitUntil(lambda: window.result.frame.settings.target_age == 40.0, timeout=10_000)
    control.slider.setSliderDown(False)
    control.slider.released.emit()
    assert window.mirror.face_settings.of(0).target_age == 40.0


def test_a_value_that_is_not_accepted_is_a_line(window_of, qtbot):
    window = window_of(TestSource((640, 360)), start=False)
    control = window.controls.sliders["target_age"]
    control.field.setText("400")
    control.field.typed.emit("400")
    assert "from 0 to 100" in window.status.messages.text()
    assert window.mirror.face_settings.of(0).target_age == 75.0


def test_each_layout_shows_what_it_says(window_of, qtbot, head):
    window = window_of(TestSource((640, 360)), start=False)
    frame = still(head)
    for layout, camera, second in (
        ("side", True, False), ("wipe", False, False), ("two", True, True), ("side", True, False),
    ):  # fmt: skip
        window.set_layout(layout)
        assert window.camera.isVisible() == camera
        assert window.second.isVisible() == second
        assert (window.camera.window() is window.second) == second
        for monitor in (window.camera, window.result):
            monitor.show_frame(frame, (), 0)
        light, dark = pixels(window.camera), pixels(window.result)
        if layout != "wipe":
            assert light.mean() > 1.5 * dark.mean()
        assert window.controls.layout_box.currentData() == layout
    assert window.controls.layout_box.count() == 3


def test_the_wipe_parts_camera_and_result_and_follows_the_hand(qtbot, head):
    monitor = Monitor("wipe")
    qtbot.addWidget(monitor)
    monitor.resize(640, 360)
    monitor.show()
    monitor.show_frame(still(head), (), 0)
    raw = head(0).astype(int)
    seen = pixels(monitor).astype(int)
    assert np.abs(seen[60:, :300] - raw[60:, :300]).mean() < 3
    assert np.abs(seen[60:, 340:] - raw[60:, 340:] // 2).mean() < 3
    QTest.mousePress(monitor, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(322, 200))
    QTest.mouseMove(monitor, QtCore.QPoint(160, 200))
    QTest.mouseRelease(monitor, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(160, 200))
    assert monitor.wipe == pytest.approx(0.25, abs=0.01)


def test_flip_changes_left_and_right_over_and_leaves_the_frame_alone(window_of, qtbot, head):
    window = window_of(TestSource((640, 360)), start=False)
    frame = still(head)
    window.result.show_frame(frame, (), 0)
    before = pixels(window.result)
    key(window, "f")
    after = pixels(window.result)
    middle = slice(before.shape[0] // 2 - 40, before.shape[0] // 2 + 40)
    assert np.abs(before[middle].astype(int) - after[middle, ::-1]).mean() < 3
    assert np.abs(before[middle].astype(int) - after[middle]).mean() > 5
    assert (frame.raw == head(0)).all()


def test_space_held_shows_the_camera(window_of, qtbot, head):
    window = window_of(TestSource((640, 360)), start=False)
    window.result.show_frame(still(head), (), 0)
    dark = pixels(window.result).mean()
    QTest.keyPress(window, Qt.Key.Key_Space)
    assert pixels(window.result).mean() > 1.5 * dark
    QTest.keyRelease(window, Qt.Key.Key_Space)
    assert pixels(window.result).mean() == pytest.approx(dark)


def test_number_keys_load_presets_and_with_control_store_them(window_of, qtbot, tmp_path):
    window = window_of(TestSource((640, 360)), start=False)
    window.set_values({"target_age": 33.0})
    window._show_face()
    key(window, "2", Qt.KeyboardModifier.ControlModifier)
    held = PresetFile(tmp_path / "presets.json").of("on set")
    assert held["2"]["target_age"] == 33.0
    window.set_values({"target_age": 60.0})
    key(window, "2")
    assert window.mirror.face_settings.of(0).target_age == 33.0
    assert window.controls.sliders["target_age"].value == 33.0
    key(window, "7")
    assert "no preset 7" in window.status.messages.text()


def test_digits_typed_in_the_slate_load_nothing(window_of, qtbot):
    window = window_of(TestSource((640, 360)), start=False, recorder=MemoryRecorder())
    window.controls.presets.store("2", {"target_age": 33.0})
    scene = window.controls.slate.scene
    scene.setFocus()
    QTest.keyClicks(scene, "12R")
    assert scene.text() == "12R"
    assert window.mirror.face_settings.of(0).target_age == 75.0
    assert not window.mirror.recorder.taking


def test_a_click_on_a_face_takes_it_in_hand(window_of, qtbot):
    window = window_of(TestSource((960, 360), heads=2))
    shown(qtbot, window, faces=2)
    other = next(p for p in window.mirror.present if p.number != window.mirror.face_settings.chosen)
    place, (height, width) = window.result.place(), window.result.frame.raw.shape[:2]
    x, y = other.face.center
    press(
        window.result,
        QtCore.QPoint(
            round(place.left() + x / width * place.width()),
            round(place.top() + y / height * place.height()),
        ),
    )
    assert window.mirror.face_settings.chosen == other.number
    window.controls.sliders["target_age"].chosen.emit("target_age", 18.0)
    assert window.mirror.face_settings.of(other.number).target_age == 18.0
    first = next(p.number for p in window.mirror.present if p.number != other.number)
    assert window.mirror.face_settings.of(first).target_age == 75.0
    window.choose(first)
    assert window.controls.sliders["target_age"].value == 75.0
    window.refresh()
    assert len(window.controls._buttons) == 2


def test_the_one_in_hand_is_marked_where_there_are_several(qtbot, head):
    monitor = Monitor("camera")
    qtbot.addWidget(monitor)
    monitor.resize(640, 360)
    frame = still(head)
    square = ((-0.4, -0.5), (0.4, -0.5), (0.4, 0.5), (-0.4, 0.5))
    there = tuple(
        Present(n, FaceFrame(0, (200.0 + 250 * n, 180.0), 100.0, 0.0, 1.0, square)) for n in (0, 1)
    )
    monitor.show_frame(frame, there[:1], 0)
    alone = pixels(monitor)
    monitor.show_frame(frame, there, 1)
    marked = pixels(monitor)
    changed = (alone != marked).any(-1)
    assert changed[:, 395:505].sum() > 20 and changed[:, 150:250].sum() > 20
    assert not changed[160:200, 180:220].any()


def test_the_record_key_begins_and_ends_a_take_with_its_slate(window_of, qtbot):
    recorder = MemoryRecorder()
    window = window_of(TestSource((640, 360)), recorder=recorder)
    shown(qtbot, window)
    slate = window.controls.slate
    slate.scene.setText("12A")
    key(window, "r")
    assert recorder.taking
    assert recorder.slate == Slate("12A", 1, "A")
    assert not slate.scene.isEnabled()
    qtbot.waitUntil(lambda: len(recorder.frames) > 3, timeout=10_000)
    assert "●" in window.status.timecode.text()
    recorder.full = True
    window.refresh()
    assert "The disk is full." in window.status.messages.text()
    key(window, "r")
    assert not recorder.taking
    assert slate.take.value() == 2
    assert slate.button.text() == "Record"


def test_without_a_recorder_there_is_no_slate(window_of, qtbot):
    window = window_of(TestSource((640, 360)), start=False)
    assert not window.controls.slate.isVisible()
    assert not any("record" in label.text() for label in labels(window))
    key(window, "r")
    assert "start the mirror with --takes" in window.status.messages.text()


def test_with_a_recorder_the_key_is_told(window_of):
    window = window_of(TestSource((640, 360)), start=False, recorder=MemoryRecorder())
    assert any("R  record" in label.text() for label in labels(window))


def labels(window):
    return window.findChildren(QtWidgets.QLabel)


@pytest.mark.parametrize("width", [800, 1280])
def test_all_figures_can_be_read_in_a_narrow_window(window_of, qtbot, width):
    window = window_of(TestSource((640, 360)), start=False)
    window._timer.stop()  # which would show that nothing was measured
    window.resize(width, 600)
    window.status.show_figures(Figures(23.9, 150, 118, 0.2801, 0.6512, Fraction(24)), 512)
    label = window.status.figures

    def fits() -> bool:
        flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
        needs = label.fontMetrics().boundingRect(label.rect(), int(flags), label.text())
        return needs.width() <= label.width() and needs.height() <= label.height()

    qtbot.waitUntil(fits, timeout=2000)
    assert window.width() == width


def test_a_lost_camera_is_a_line_in_the_window_and_it_goes_on(window_of, qtbot, head):
    window = window_of(Script(head(0), *["The camera is unplugged."] * 20, head(0)))
    text = window.status.messages.text
    qtbot.waitUntil(lambda: "unplugged" in text(), timeout=10_000)
    qtbot.waitUntil(lambda: "unplugged" not in text(), timeout=10_000)


def test_full_screen_hides_the_controls_and_escape_brings_them_back(window_of, qtbot):
    window = window_of(TestSource((640, 360)), start=False)
    window.full_screen(0)
    assert window.isFullScreen() and not window.controls.isVisible()
    key(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen() and window.controls.isVisible()
    key(window, "h")
    assert not window.controls.isVisible()


def test_closing_the_window_stops_the_mirror(window_of, qtbot):
    window = window_of(TestSource((640, 360)), layout="two")
    shown(qtbot, window)
    window.close()
    assert not window.second.isVisible()
    assert not window.mirror._thread.is_alive()


@pytest.mark.parametrize("layout", ["side", "wipe", "two"])
def test_it_fits_a_small_screen(window_of, layout):
    """1280 × 720, less what a desktop and the window's frame take of it; strengths open."""
    window = window_of(TestSource((640, 360)), layout, start=False, recorder=MemoryRecorder())
    window.status.show_messages(("A sentence that is quite long. " * 12,))
    window.resize(1280, 650)
    QtWidgets.QApplication.processEvents()
    assert (window.width(), window.height()) == (1280, 650)
    inside = window.rect()
    for child in window.findChildren(QtWidgets.QWidget):
        if child.isVisibleTo(window):
            corner = child.mapTo(window, child.rect().bottomRight())
            assert inside.contains(corner), child


def test_a_take_before_the_first_picture_is_refused_in_a_line(window_of, qtbot):
    window = window_of(TestSource((640, 360)), start=False, recorder=MemoryRecorder())
    key(window, "r")
    assert "No picture has come yet" in window.status.messages.text()


@pytest.mark.parametrize("by_hand", [False, True])
def test_the_application_runs_until_its_window_is_closed(qtbot, by_hand, monkeypatch, tmp_path):
    monkeypatch.setattr("reage_live.window.default_presets", lambda: tmp_path / "presets.json")
    mirror = Mirror(TestSource((320, 180)), SlowModel(), OLDER)
    seen = []

    def end():
        (window,) = (
            w for w in QtWidgets.QApplication.topLevelWidgets()
            if isinstance(w, MirrorWindow) and w.mirror is mirror
        )  # fmt: skip
        room = window.screen().availableSize()
        assert window.width() <= room.width() and window.height() < room.height()
        seen.append((window.layout_name, window.result.flip, window.result.frame is not None))
        if by_hand:
            signal.raise_signal(signal.SIGINT)
        else:
            window.close()

    QtCore.QTimer.singleShot(2500, end)
    if by_hand:
        with pytest.raises(KeyboardInterrupt):
            show(mirror, "wipe", None, True)
    else:
        assert show(mirror, "wipe", None, True) == 0
    assert seen == [("wipe", True, True)]
    assert not mirror._thread.is_alive()
