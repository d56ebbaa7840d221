"""Previews by the real worker: newest wins, nothing stale, and a dead worker is replaced."""

import sys

import pytest

from helpers.hands import destroy, release
from reage.service.client import Worker
from reage.settings import STRENGTHS
from reage_ui.host import PreviewRequest
from reage_ui.previewer import Asked, PreviewRequests
from reage_ui.qt import QtCore

LONG = 120_000
"""Milliseconds: a busy machine is no bug."""


def previewed(qtbot, panel, **values):
    """Wait until a preview of these values stands."""

    def there():
        shown = panel.preview.shown
        assert shown is not None
        settings = shown.asked.request.settings
        assert {name: settings[name] for name in values} == values

    qtbot.waitUntil(there, timeout=LONG)
    return panel.preview.shown


@pytest.fixture
def panel(panel_of, seeing):
    return panel_of(seeing)


@pytest.fixture
def log_of_sent(monkeypatch):
    """The arguments of every preview that was sent to a worker."""
    sent, true_send = [], Worker.send

    def send(self, do, arguments, done, progress=None):
        if do == "preview":
            sent.append(arguments)
        return true_send(self, do, arguments, done, progress)

    monkeypatch.setattr(Worker, "send", send)
    return sent


def test_a_moved_slider_shows_its_last_value_and_queues_nothing(
    qtbot, panel, seeing, log_of_sent
):
    first = previewed(qtbot, panel, target_age=45.0)
    assert first.picture.before == first.picture.after
    assert "nothing changes" in panel.preview.caption.text()

    log_of_sent.clear()
    slider = panel.controls["target_age"].slider
    slider.setSliderDown(True)
    for position in range(20, 57):
        slider.drag_to(position)
        QtCore.QCoreApplication.processEvents()
    assert seeing.values_set == []
    last = previewed(qtbot, panel, target_age=74.0)
    assert len(log_of_sent) < 37 / 2
    assert {sent["have"] for sent in log_of_sent} == {first.picture.fingerprint}
    assert last.picture.after != last.picture.before == first.picture.before
    assert "model" in panel.preview.caption.text()

    count = len(log_of_sent)
    slider.setSliderDown(False)
    slider.released.emit()
    assert seeing.values_set == [("ReAge2", "target_age", 74.0)]
    qtbot.wait(100)
    assert len(log_of_sent) == count, "the same preview was asked for again"


def test_blend_asks_the_model_nothing(qtbot, panel, seeing):
    release(panel, "target_age", 74.0)
    previewed(qtbot, panel, target_age=74.0)
    release(panel, "blend", 0.3)
    shown = previewed(qtbot, panel, target_age=74.0, blend=0.3)
    assert shown.picture.seconds["infer"] == 0.0
    assert shown.picture.after != shown.picture.before


@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_strength_asks_the_model_nothing(qtbot, panel, seeing, strength):
    release(panel, "target_age", 74.0)
    whole = previewed(qtbot, panel, target_age=74.0)
    release(panel, strength, 0.3)
    shown = previewed(qtbot, panel, target_age=74.0, **{strength: 0.3})
    assert shown.picture.seconds["infer"] == shown.picture.seconds["encode"] == 0.0
    # The default model may know no gray; what it knows of the other three must show.
    if strength != "gray":
        assert shown.picture.after != whole.picture.after
    assert shown.picture.before == whole.picture.before


def test_a_strength_is_previewed_while_its_handle_is_held(qtbot, panel, seeing):
    release(panel, "target_age", 74.0)
    previewed(qtbot, panel, target_age=74.0)
    slider = panel.controls["form"].slider
    slider.setSliderDown(True)
    slider.drag_to(slider.maximum())
    previewed(qtbot, panel, target_age=74.0, form=2.0)
    assert ("ReAge2", "form", 2.0) not in seeing.values_set


def test_the_frame_of_the_host_is_previewed(qtbot, panel, seeing):
    previewed(qtbot, panel, target_age=45.0)
    seeing.go_to(1003)
    qtbot.waitUntil(lambda: panel.preview.shown.asked.request.frame == 1003, timeout=LONG)
    assert "frame 1003" in panel.preview.caption.text()
    seeing.go_to(9999)
    qtbot.waitUntil(lambda: "9999" in panel.preview.view.words, timeout=LONG)
    assert panel.preview.view.picture is not None
    seeing.go_to(1002)
    qtbot.waitUntil(lambda: panel.preview.shown.asked.request.frame == 1002, timeout=LONG)
    assert panel.preview.view.words == ""


@pytest.mark.parametrize("in_time", [True, False], ids=["cancelled", "too late to cancel"])
def test_a_preview_of_another_node_is_dropped(qtbot, panel, seeing, monkeypatch, in_time):
    previewed(qtbot, panel, target_age=45.0)
    if not in_time:
        monkeypatch.setattr(panel.previewer.engine, "cancel", lambda number: None)
    release(panel, "target_age", 80.0)
    assert panel.previewer.queue.at_work.node == "ReAge2"
    panel.turn_to("ReAge1")
    shown = []
    panel.previewer.shown.connect(shown.append)
    qtbot.waitUntil(lambda: bool(shown), timeout=LONG)
    qtbot.waitUntil(lambda: panel.previewer.queue.at_work is None, timeout=LONG)
    assert {each.asked.node for each in shown} == {"ReAge1"}
    assert panel.preview.shown.asked.node == "ReAge1"
    assert panel.message.text == ""


def test_without_live_only_refresh_previews(qtbot, panel, seeing, log_of_sent):
    previewed(qtbot, panel, target_age=45.0)
    panel.preview.follow.setChecked(False)
    log_of_sent.clear()
    release(panel, "target_age", 30.0)
    seeing.go_to(1002)
    qtbot.wait(150)
    assert log_of_sent == []
    panel.preview.refresh_button.click()
    previewed(qtbot, panel, target_age=30.0)
    panel.preview.refresh_button.click()
    assert len(log_of_sent) == 2


DIES_ONCE = """
import os, pathlib, subprocess, sys
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    sys.stdin.buffer.readline()
    sys.exit("no memory left")
sys.exit(subprocess.call(sys.argv[2:]))
"""


def test_a_worker_that_dies_is_explained_and_replaced(qtbot, panel_of, seeing, tmp_path):
    mark = str(tmp_path / "died")
    seeing.command = [sys.executable, "-c", DIES_ONCE, mark, *seeing.engine()]
    panel = panel_of(seeing)
    qtbot.waitUntil(lambda: "ended unexpectedly" in panel.preview.view.words, timeout=LONG)
    assert "no memory left" in panel.preview.view.words
    assert "no memory left" in panel.log.text()
    release(panel, "target_age", 31.0)
    previewed(qtbot, panel, target_age=31.0)
    assert panel.preview.view.words == ""


def test_a_worker_that_died_unseen_is_replaced_unseen(qtbot, panel, seeing):
    previewed(qtbot, panel, target_age=45.0)
    worker = panel.previewer.engine.worker()
    worker._process.kill()
    worker._process.wait(10)
    release(panel, "target_age", 31.0)
    previewed(qtbot, panel, target_age=31.0)
    assert panel.previewer.engine.worker() is not worker
    assert "unexpectedly" not in panel.log.text()


def test_an_engine_that_says_no_is_quoted(qtbot, panel_of, seeing):
    seeing.extra = {"colorspace": "no such space"}
    panel = panel_of(seeing)
    qtbot.waitUntil(lambda: "no such space" in panel.preview.view.words, timeout=LONG)
    seeing.extra = {"colorspace": "ACEScg"}
    panel.preview.refresh_button.click()
    previewed(qtbot, panel, target_age=45.0)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/no such program"], "cannot be started"),
        ([sys.executable, "-c", "raise SystemExit('out of luck')"], "out of luck"),
    ],
)
def test_an_engine_that_does_not_start_is_no_end(qtbot, panel_of, seeing, command, words):
    seeing.command = command
    panel = panel_of(seeing)
    qtbot.waitUntil(lambda: words in panel.preview.view.words, timeout=LONG)
    release(panel, "target_age", 30.0)
    qtbot.waitUntil(lambda: panel.previewer.queue.at_work is None, timeout=LONG)
    assert panel.isVisible()


def test_the_worker_ends_with_the_panel(qtbot, panel, seeing):
    previewed(qtbot, panel, target_age=45.0)
    process = panel.previewer.engine.worker()._process
    release(panel, "target_age", 30.0)
    destroy(panel)
    assert process.wait(10) is not None


def test_where_there_is_no_face_the_note_says_so(qtbot, panel_of, seeing, tmp_path):
    import numpy as np

    from reage.media.exr import write_layers
    from reage.pixels.geometry import Region
    from reage.pixels.plate import PlateInfo

    whole = Region(0, 0, 64, 48)
    gray = {name: np.full((48, 64), 0.18, np.float32) for name in "RGB"}
    write_layers(
        tmp_path / "wall.1001.exr", gray, whole, PlateInfo(whole, whole, ("R", "G", "B")),
        {"colorspace": "ACEScg"},
    )  # fmt: skip
    seeing.plates["ReAge2"] = str(tmp_path / "wall.%04d.exr")
    panel = panel_of(seeing, width=300)
    qtbot.waitUntil(lambda: "No face" in panel.preview.caption.text(), timeout=LONG)
    assert (panel.preview.view.picture.width, panel.preview.view.picture.height) == (64, 48)
    view = panel.preview.view
    qtbot.waitUntil(lambda: abs(view.height() - view.height_for(view.width())) <= 2)


def test_replies_reach_the_gui_on_its_own_thread(qtbot, seeing):
    """The client answers on a thread of its own; widgets must not be touched there."""
    previewer, threads = PreviewRequests(seeing.engine), []
    request = PreviewRequest(seeing.plates["ReAge1"], 1001, dict(seeing.extra), "cpu")
    # A bound method of a QObject runs where the object lives; so does what it calls.
    previewer.shown.connect(lambda _: threads.append(QtCore.QThread.currentThread()))
    previewer.turn_to("ReAge1")
    with qtbot.waitSignal(previewer.shown, timeout=LONG):
        previewer.ask(Asked("ReAge1", request, 128))
    assert threads == [previewer.thread()]
    previewer.engine.close()
