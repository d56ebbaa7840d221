"""The pattern in the panel: a seed, a thumbnail, a file, and photographs by the real worker."""

from __future__ import annotations

import zipfile

import pytest

from reage import home
from reage.settings import SHOWN
from reage_host import engine
from reage_ui.pattern_control import PatternControl
from reage_ui.pattern_maker import PatternMaker, look_of
from reage_ui.qt import QtGui

LONG = 180_000
"""Milliseconds: a busy machine is no bug."""

PATTERN = next(s for s in SHOWN if s.name == "pattern")


@pytest.fixture
def maker():
    maker = PatternMaker(engine.command)
    yield maker
    maker.engine.close()


@pytest.fixture
def control(qtbot, maker):
    control = PatternControl(PATTERN, maker)
    qtbot.addWidget(control)
    control.show()
    return control


def test_drawn_patterns_have_thumbnails_and_are_picked(qtbot, control):
    assert not control.thumbnail.isHidden()
    chosen = []
    control.chosen.connect(lambda name, value: chosen.append(value))
    control.picker.buttons[11].click()
    assert chosen == [11] and control.value == 11
    control.show_value(4711, False)
    assert control.thumbnail.isHidden()  # not on the sheet


def test_a_mix_is_typed_and_a_step_leaves_it_alone(qtbot, control):
    control._type("old.pattern.exr*0.7 + 5*0.3")
    assert control.value == "old.pattern.exr*0.7+seed:5*0.3"
    control.field.stepped.emit(1.0)
    assert control.value == "old.pattern.exr*0.7+seed:5*0.3"
    control.draw()
    assert isinstance(control.value, int)


def test_photographs_become_the_pattern(qtbot, control, maker, tmp_path):
    path, lines = tmp_path / "demo.pattern.exr", []
    maker.told.connect(lines.append)
    with qtbot.waitSignal(maker.made, timeout=LONG):
        maker.make([str(home.demo_plate()[0])], path)
        assert not control.from_photographs.isEnabled() and control.stop.isEnabled()
    assert control.value == str(path) and path.is_file() and look_of(path).is_file()
    assert not control.thumbnail.isHidden()
    assert lines[-1] == "pattern: 3/3"
    assert control.from_photographs.isEnabled()


def test_it_can_be_stopped_and_says_what_is_wrong(qtbot, control, maker, tmp_path):
    path = tmp_path / "demo.pattern.exr"
    with qtbot.waitSignal(maker.failed, timeout=LONG) as stopped:
        maker.make([str(p) for p in home.demo_plate()], path)
        maker.told.connect(lambda _: maker.cancel())
    assert stopped.args[0].startswith("Cancelled") and not path.exists()
    with qtbot.waitSignal(maker.failed, timeout=LONG) as failed:
        maker.make([str(tmp_path / "none.jpg")], path)
    assert failed.args[0].startswith("There is no file")
    assert control.value == 0


def test_an_album_shows_the_look_of_its_page(qtbot, control, tmp_path):
    album = tmp_path / "a book" / "album"
    album.mkdir(parents=True)
    (album / "age_040.pattern.exr").write_bytes(b"")
    picture = QtGui.QPixmap(8, 8)
    picture.fill(QtGui.QColor("red"))
    assert picture.save(str(look_of(album / "age_040.pattern.exr")))
    control._type(f"{tmp_path / 'a book'}@45")
    assert control.value == f"{tmp_path / 'a book'}@45" and not control.thumbnail.isHidden()
    control._type(f"{tmp_path / 'none'}@target")
    assert control.value.endswith("@target") and control.thumbnail.isHidden()


def test_an_album_in_a_bundle_is_not_unpacked_to_be_shown(control, tmp_path, monkeypatch):
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))
    with zipfile.ZipFile(tmp_path / "anna.reage", "w") as file:
        file.writestr("album/age_040.pattern.exr", "a page")
    control._type(f"{tmp_path / 'anna.reage'}@target")
    assert control.thumbnail.isHidden() and not (tmp_path / "cache").exists()
