"""The Info tab, as the panel shows it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import fake_nuke
from helpers import bakes
from reage import home
from reage.version import __version__


def test_the_info_tab_says_what_this_nuke_can(gui_session: Any, tmp_path: Path) -> None:
    import reage_nuke

    nuke = bakes.start(gui_session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke))
    nuke.scriptSave()
    gui_session.open_panel(node)
    gui_session.pump(until=lambda: "engine: " in node["info_engine"].value())
    assert f"ReAge {__version__} in Nuke 17.0v3" in node["info_engine"].value()
    assert not nuke.modified()  # to look is no edit
    nuke.scriptSave()
    assert "info_engine" not in Path(nuke.root().name()).read_text()
    assert __version__ in node["info_version"].value()


def test_it_says_which_edition(limited_session: Any, tmp_path: Path) -> None:
    import reage_nuke
    from reage_nuke import edition

    nuke = bakes.start(limited_session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke))
    limited_session.open_panel(node)
    limited_session.pump(until=lambda: edition.limited() in node["info_engine"].value())


def test_it_says_where_the_engine_is_not(
    gui_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import reage_nuke

    nuke = bakes.start(gui_session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke))
    monkeypatch.setenv("REAGE_PYTHON", str(tmp_path / "nothing"))
    gui_session.open_panel(node)
    gui_session.pump(until=lambda: "engine: NOT WELL" in node["info_engine"].value())


def test_without_the_plugin_it_says_that_nothing_can_be_baked(tmp_path: Path) -> None:
    session = fake_nuke.install(gui=True)
    try:
        session.nuke.pluginAddPath((bakes.ROOT / "gizmos").as_posix())
        node = session.nuke.createNode("ReAge")
        session.open_panel(node)
        assert "not loaded" in node["info_engine"].value()
    finally:
        session.uninstall()


def test_the_artist_s_page_opens(session: Any, tmp_path: Path, capsys: Any) -> None:
    nuke = bakes.start(session, tmp_path)
    nuke.createNode("ReAge")["open_page"].execute()
    assert session.said[-1] == ("tprint", str(home.artists_page()))
    assert home.artists_page().is_file()


def test_buttons_all_have_a_stand_in_where_the_plugin_cannot_run(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an old Nuke: each says why, and none ends in a traceback."""
    with monkeypatch.context() as nuke_13:
        nuke_13.setattr(sys, "version_info", (3, 7, 9))
        session.start(home.plugin(bakes.ROOT))
    node = session.nuke.createNode("ReAge")
    buttons = [k for k in node.knobs().values() if k.Class() == "PyScript_Knob"]
    assert len(buttons) == 9
    for button in buttons:
        button.execute()
        assert "cannot bake here" in session.said[-1][1], button.name()
