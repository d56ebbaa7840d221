"""Choosing a model: a file, the default one, or an actor's bundle, whose album comes with it."""

import zipfile

import pytest

from reage_ui.model_control import ModelControl


@pytest.fixture
def chosen(qtbot):
    control, told = ModelControl(), []
    qtbot.addWidget(control)
    control.chosen.connect(told.append)
    return control, told


@pytest.mark.parametrize("path", ["/m/face.onnx", ""])
def test_a_model_is_set_and_nothing_else(chosen, path):
    control, told = chosen
    control.choose(path)
    assert told == [{"model": path}]


def test_a_bundle_brings_its_album_in_one_go_and_nothing_is_unpacked(chosen, tmp_path, monkeypatch):
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))
    control, told = chosen
    path = tmp_path / "anna.reage"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("album/age_040.pattern.exr", "a page")
    control.choose(str(path))
    assert told == [{"model": str(path), "pattern": f"{path}@target"}]
    assert not (tmp_path / "cache").exists()


def test_a_bundle_without_an_album_leaves_the_pattern_as_it_is(chosen, tmp_path):
    control, told = chosen
    path = tmp_path / "anna.reage"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("album/shape.json", "{}")
    control.choose(str(path))
    path.write_text("no zip")
    control.choose(str(path))
    assert told == 2 * [{"model": str(path)}]


def test_it_shows_what_the_host_calls_the_model(chosen):
    control, _ = chosen
    control.show_model("anna")
    assert control.name.text() == "anna"
    control.show_model("")
    assert control.name.text() == "default model"


def test_the_menu_leads_back_to_the_default_model(chosen):
    control, told = chosen
    (back,) = (a for a in control.menu.actions() if "default" in a.text())
    back.trigger()
    assert told == [{"model": ""}]
