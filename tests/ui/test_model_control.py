"""Choosing a model: a file, the default one, or an actor's bundle, whose album comes with it."""

import pytest

from reage_ui.model_control import ModelControl


@pytest.fixture
def chosen(qtbot):
    control, told = ModelControl(), []
    qtbot.addWidget(control)
    control.chosen.connect(lambda *what: told.append(what))
    return control, told


@pytest.mark.parametrize("path", ["/m/face.onnx", ""])
def test_a_model_is_set_and_nothing_else(chosen, path):
    control, told = chosen
    control.choose(path)
    assert told == [("model", path)]


def test_a_bundle_brings_its_album(chosen):
    control, told = chosen
    control.choose("/m/anna.reage")
    assert told == [("model", "/m/anna.reage"), ("pattern", "/m/anna.reage@target")]


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
    assert told == [("model", "")]
