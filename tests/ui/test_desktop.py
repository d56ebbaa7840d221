"""The host with no Nuke: plates, values, and bakes by the real worker."""

import sys
from pathlib import Path

import av
import numpy as np
import pytest

from helpers.hands import drag
from helpers.plate_files import write_image
from reage.errors import SettingsError
from reage.media.imagefile import read_channel_names, read_info
from reage.settings import ALL
from reage_host.track import read
from reage_ui.desktop import DesktopHost
from reage_ui.host import BakeEnded, BakeProgress, FrameChanged, Host, HostError, NodesChanged
from reage_ui.qt import Qt, QtCore, QtGui
from reage_ui.window import DesktopWindow
from reage_ui.wording import state_text

LONG = 180_000


@pytest.fixture
def events(desktop):
    heard = []
    desktop.listen(heard.append)
    return heard


def baked(qtbot, desktop, events, node, current_frame_only=False):
    """Bake to the end; returns the BakeEnded."""
    desktop.bake(node, current_frame_only)
    assert state(desktop, node).busy
    qtbot.waitUntil(lambda: any(isinstance(e, BakeEnded) for e in events), timeout=LONG)
    end = next(e for e in events if isinstance(e, BakeEnded))
    events.clear()
    assert not state(desktop, node).busy
    return end


def state(desktop, node):
    return next(s for s in desktop.nodes() if s.name == node)


def counts(desktop, node):
    found = state(desktop, node)
    return found.baked, found.stale, found.missing


# ---------------------------------------------------------------- the host


def test_it_is_a_host(desktop):
    host: Host = desktop
    wanted = [name for name in vars(Host) if not name.startswith("_")]
    assert len(wanted) == 15
    assert all(callable(getattr(host, name)) for name in wanted)


def test_each_plate_is_a_node_and_names_are_never_taken_twice(desktop, events, shot):
    assert desktop.open(str(shot)) == "plate_v01"
    assert desktop.open(str(shot)) == "plate_v01_2"
    assert desktop.create() == "plate_v01_3"
    assert [s.name for s in desktop.nodes()] == ["plate_v01", "plate_v01_2", "plate_v01_3"]
    assert desktop.selected() == "plate_v01_3"
    assert desktop.frame == 1001
    assert NodesChanged() in events
    assert counts(desktop, "plate_v01") == (0, 0, 3)


def test_without_a_plate_there_is_nothing_to_make(desktop):
    with pytest.raises(HostError, match="Open a plate first"):
        desktop.create()
    with pytest.raises(HostError, match="no ghost"):
        desktop.bake("ghost", False)


def test_values_are_checked_by_the_settings(desktop, events, shot):
    node = desktop.open(str(shot))
    desktop.set_value(node, "target_age", 33.0)
    assert state(desktop, node).values["target_age"] == 33.0
    with pytest.raises(HostError, match="it must be from 0 to 100"):
        desktop.set_value(node, "target_age", 133.0)
    assert state(desktop, node).values["target_age"] == 33.0


def test_a_preview_is_asked_for_the_frame_that_is_chosen(desktop, events, shot):
    node = desktop.open(str(shot))
    desktop.set_frame(1002)
    assert events[-1] == FrameChanged()
    request = desktop.preview_request(node)
    assert request.frame == 1002
    assert request.settings["colorspace"] == "ACEScg"
    assert request.settings["crop_size"] == 256
    desktop.set_colorspace("ACES2065-1")
    assert desktop.preview_request(node).settings["colorspace"] == "ACES2065-1"


def test_a_bake_writes_beside_the_plate_and_knows_what_is_stale(qtbot, desktop, events, shot):
    node = desktop.open(str(shot))
    desktop.bake(node, False)
    with pytest.raises(HostError, match="being baked already"):
        desktop.bake(node, False)
    qtbot.waitUntil(lambda: any(isinstance(e, BakeEnded) for e in events), timeout=LONG)
    steps = [e for e in events if isinstance(e, BakeProgress)]
    assert [s.text for s in steps[-3:]] == ["1001: done", "1002: done", "1003: done"]
    assert (steps[-1].done, steps[-1].total) == (3, 3)
    end = next(e for e in events if isinstance(e, BakeEnded))
    assert (end.error, "3 frames" in end.text) == ("", True)
    files = sorted(p.name for p in (shot.parent / "reage_layers").iterdir())
    assert files == [f"plate_v01.{n}.exr" for n in (1001, 1002, 1003)] + [
        "plate_v01.track.from.json", "plate_v01.track.json",
    ]  # fmt: skip
    baked = shot.parent / "reage_layers" / "plate_v01.1002.exr"
    names = set(read_channel_names(baked))
    assert {f"reage_delta_{part}.red" for part in ("detail", "form", "tone")} <= names
    header = read_info(baked).metadata
    assert float(header["reage:target_age"]) == 70.0
    assert counts(desktop, node) == (3, 0, 0)

    for live in (s for s in ALL if s.live):
        desktop.set_value(node, live.name, live.choices[-1] if live.choices else 0.5)
    assert counts(desktop, node) == (3, 0, 0), "blend and strengths change no layer"
    for baked_in, value in (("pattern", 7), ("steady", 1.5)):
        desktop.set_value(node, baked_in, value)
        assert counts(desktop, node) == (0, 3, 0)
        desktop.set_value(node, baked_in, type(value)(0))
        assert counts(desktop, node) == (3, 0, 0)
    desktop.set_value(node, "target_age", 30.0)
    assert counts(desktop, node) == (0, 3, 0)
    desktop.set_frame(1002)
    track = (shot.parent / "reage_layers" / "plate_v01.track.json").read_bytes()
    events.clear()
    desktop.bake(node, True)
    qtbot.waitUntil(lambda: any(isinstance(e, BakeEnded) for e in events), timeout=LONG)
    texts = [e.text for e in events if isinstance(e, BakeProgress)]
    assert texts == ["1002: done"], "the face track is made once for the whole plate"
    assert counts(desktop, node) == (1, 2, 0)
    assert (shot.parent / "reage_layers" / "plate_v01.track.json").read_bytes() == track
    desktop.set_value(node, "target_age", 70.0)
    assert counts(desktop, node) == (2, 1, 0)

    # Another session finds the same.
    again = DesktopHost(desktop.settings(node))
    assert counts(again, again.open(str(shot))) == (2, 1, 0)

    desktop.clear(node)
    assert counts(desktop, node) == (0, 0, 3)
    assert shot.is_file()


def test_a_plate_that_changed_makes_its_frame_stale(qtbot, desktop, events, shot):
    node = desktop.open(str(shot))
    desktop.set_frame(1003)
    baked(qtbot, desktop, events, node, current_frame_only=True)
    assert counts(desktop, node) == (1, 0, 2)
    third = shot.with_name("plate_v01.1003.exr")
    third.write_bytes(shot.read_bytes())
    assert counts(desktop, node) == (0, 1, 2)


def test_a_plate_is_submitted_for_a_farm_beside_its_layers(qtbot, desktop, events, shot):
    node = desktop.open(str(shot))
    desktop.submit(node)
    qtbot.waitUntil(lambda: any(isinstance(e, BakeEnded) for e in events), timeout=LONG)
    end = next(e for e in events if isinstance(e, BakeEnded))
    bundle = shot.parent / "reage_layers" / "plate_v01.farm"
    assert not end.error and str(bundle) in end.text
    assert (bundle / "template.json").is_file() and counts(desktop, node) == (0, 0, 3)


def test_a_movie_is_baked_and_cleared_like_any_plate(qtbot, desktop, events, tmp_path):
    with av.open(str(tmp_path / "clip.mp4"), "w") as movie:
        stream = movie.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(3):
            gray = np.full((48, 64, 3), 128, np.uint8)
            movie.mux(stream.encode(av.VideoFrame.from_ndarray(gray, format="rgb24")))
        movie.mux(stream.encode(None))
    node = desktop.open(str(tmp_path / "clip.mp4"))
    assert state_text(state(desktop, node)) == "not baked"
    end = baked(qtbot, desktop, events, node)
    assert (end.error, "No face was found" in end.text) == ("", True)
    assert counts(desktop, node) == (3, 0, 0)
    desktop.set_value(node, "target_age", 30.0)
    assert counts(desktop, node) == (0, 3, 0)
    desktop.clear(node)
    assert counts(desktop, node) == (0, 0, 0)
    assert (tmp_path / "clip.mp4").is_file()


def test_a_cancelled_bake_keeps_what_is_finished(qtbot, desktop, events, shot):
    node = desktop.open(str(shot))
    desktop.bake(node, False)
    with pytest.raises(HostError, match="cancel that first"):
        desktop.clear(node)
    desktop.cancel(node)
    qtbot.waitUntil(lambda: any(isinstance(e, BakeEnded) for e in events), timeout=LONG)
    end = next(e for e in events if isinstance(e, BakeEnded))
    assert end.error == ""
    assert "ancelled" in end.text or "topped" in end.text
    done, stale, missing = counts(desktop, node)
    assert (stale, done + missing) == (0, 3)
    assert missing > 0


def test_a_frame_that_fails_is_named_and_the_rest_is_baked(qtbot, desktop, events, shot):
    node = desktop.open(str(shot))
    second = shot.with_name("plate_v01.1002.exr")
    assert baked(qtbot, desktop, events, node).error == ""
    second.write_bytes(second.read_bytes()[:20_000])
    desktop.set_value(node, "target_age", 30.0)
    end = baked(qtbot, desktop, events, node)
    assert "1002" in end.error


def test_a_folder_that_cannot_be_made_is_said(desktop, shot):
    node = desktop.open(str(shot))
    (shot.parent / "reage_layers").write_text("in the way")
    with pytest.raises(HostError, match="plate_v01 cannot be baked"):
        desktop.bake(node, False)
    assert not state(desktop, node).busy


def test_the_engine_is_this_python_unless_another_is_named(desktop, monkeypatch):
    named = desktop.engine()
    monkeypatch.delenv("REAGE_PYTHON")
    assert desktop.engine() == [sys.executable, "-m", "reage.cli", "worker"]
    assert named[1:] == desktop.engine()[1:]
    assert named[0] != sys.executable or sys.platform == "win32"
    monkeypatch.setenv("REAGE_PYTHON", "/no such program")
    with pytest.raises(SettingsError, match="REAGE_PYTHON"):
        desktop.engine()


# ---------------------------------------------------------------- its window


@pytest.fixture
def window(qtbot, desktop, tmp_path):
    window = DesktopWindow(desktop, tmp_path / "presets.json")
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_with_no_plate_it_says_how_to_open_one(window):
    assert "Drop a plate here, or press Open" in window.panel.preview.view.words
    window.panel.new_button.click()
    assert window.panel.message.text == "Open a plate first; each plate is a node."


def test_plates_are_dropped(qtbot, window, shot):
    data = QtCore.QMimeData()
    data.setUrls([QtCore.QUrl.fromLocalFile(str(shot))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QtCore.QPointF(100, 100)
    enter = QtGui.QDragEnterEvent(
        place.toPoint(), Qt.DropAction.CopyAction, data, left, none
    )
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QtGui.QDropEvent(place, Qt.DropAction.CopyAction, data, left, none))
    assert window.panel.state.name == "plate_v01"
    assert (window.frame.minimum(), window.frame.maximum()) == (1001, 1003)
    qtbot.waitUntil(lambda: window.panel.preview.shown is not None, timeout=LONG)
    assert window.panel.preview.shown.asked.request.frame == 1001
    window.frame.setValue(1003)
    qtbot.waitUntil(
        lambda: window.panel.preview.shown.asked.request.frame == 1003, timeout=LONG
    )


def test_a_plate_that_cannot_be_opened_is_said(window, tmp_path):
    window.open(str(tmp_path / "no.%04d.exr"))
    assert "There are no frames" in window.panel.message.text


def test_frames_and_colorspace_are_the_shown_nodes(qtbot, window, shot, tmp_path):
    other = tmp_path / "b.7.exr"
    other.write_bytes(shot.read_bytes())
    window.open(str(shot))
    window.open(str(other))
    assert window.panel.state.name == "b"
    assert (window.frame.minimum(), window.frame.maximum()) == (7, 7)
    window.panel.nodes.setCurrentRow(1)
    assert (window.frame.minimum(), window.frame.maximum()) == (1001, 1003)
    assert window.host.frame == window.frame.value() == 1001
    window.bar.space_list.setCurrentText("ACES2065-1")
    window.bar.space_list.lineEdit().editingFinished.emit()
    assert window.host.settings("plate_v01").colorspace == "ACES2065-1"
    window.panel.new_button.click()
    assert window.panel.state.name == "plate_v01_2"


def test_range_output_and_face_are_the_artists(qtbot, window, desktop, events, shot, tmp_path):
    window.open(str(shot))
    node, bar = window.panel.state.name, window.bar
    qtbot.waitUntil(lambda: bar.space_list.findText("ACES2065-1") > 0, timeout=LONG)
    assert bar.space_list.currentText() == "ACEScg"  # as the node has it

    def typed(field, text):
        field.setText(text)
        field.editingFinished.emit()

    typed(bar.frames_field, "first")
    assert "'first' is no frame range" in window.panel.message.text
    typed(bar.frames_field, "1002-1003")
    typed(bar.folder_field, str(tmp_path / "out"))
    assert counts(desktop, node) == (0, 0, 2)
    end = baked(qtbot, desktop, events, node)
    assert "plate in ACEScg, layers in ACEScg" in end.text
    names = sorted(p.name for p in (tmp_path / "out").glob("*.exr"))
    assert names == [f"plate_v01.{n}.exr" for n in (1002, 1003)]
    assert not (shot.parent / "reage_layers").exists()
    typed(bar.face_field, "960,540")
    assert desktop.preview_request(node).settings["face"] == "960,540"
    window.panel.new_button.click()
    assert bar.frames_field.text() == bar.face_field.text() == bar.folder_field.text() == ""
    window.panel.nodes.setCurrentRow(0)
    assert (bar.frames_field.text(), bar.face_field.text()) == ("1002-1003", "960,540")


def test_a_plate_that_says_no_color_space_is_asked_for_in_a_panels_words(qtbot, desktop, tmp_path):
    path = write_image(tmp_path / "a.exr", np.full((48, 64, 3), 0.2, np.float32))
    desktop.set_colorspace(None)
    window = DesktopWindow(desktop, tmp_path / "presets.json")
    qtbot.addWidget(window)
    window.show()
    window.open(str(path))
    words = window.panel.preview.view
    qtbot.waitUntil(lambda: "Choose the color space." in words.words, timeout=LONG)
    assert "--" not in words.words + window.panel.log.text()


def test_closing_the_window_ends_its_workers(qtbot, window, shot):
    window.open(str(shot))
    qtbot.waitUntil(lambda: window.panel.preview.shown is not None, timeout=LONG)
    process = window.panel.previewer.engine.worker()._process
    window.close()
    assert process.poll() is not None
    assert Path(shot).is_file()


def test_a_face_is_dragged_in_the_window_into_the_shots_track(qtbot, window, desktop, events, shot):
    """The real mouse, worker, track and preview: all frames go along, and are stale."""
    window.open(str(shot))
    panel, path = window.panel, shot.parent / "reage_layers" / "plate_v01.track.json"
    view = panel.preview.view
    panel.preview.face.setChecked(True)
    qtbot.waitUntil(lambda: view.picture is not None, timeout=LONG)

    def pull():
        start = view.rect().center()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        drag(view, start + QtCore.QPoint(24, 0))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QtCore.QPoint(24, 0))

    pull()
    assert "no face track yet: bake a frame first" in panel.message.text
    assert view.overlay.face == view.picture.face
    node = panel.state.name
    baked(qtbot, desktop, events, node)
    panel.preview.refresh.emit()
    qtbot.waitUntil(lambda: panel.preview.shown.asked.request.track is not None, timeout=LONG)
    before = {n: f["center"][0] for n, f in read(path).frames.items()}
    px = view.picture.region[2] / view.frame().width()
    pull()
    qtbot.waitUntil(lambda: view.picture.face.key, timeout=LONG)
    after = {n: f["center"][0] for n, f in read(path).frames.items()}
    assert [after[n] - before[n] for n in before] == pytest.approx([24 * px] * 3, abs=0.05)
    assert [n for n, f in read(path).frames.items() if f.get("key")] == [1001]
    assert panel.message.text == "" and counts(desktop, node) == (0, 3, 0)
