"""Whose files are whose: of renamed nodes, new ones, and scripts under a new name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path / "schön ü")


def test_a_renamed_node_keeps_what_is_baked(script: Any) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    reage_nuke.bake(node, 1001, 1001)
    files = node["cache"].value()
    node.setName("Hero")
    assert reage_nuke.bake(node, 1001, 1001).kept == (1001,)
    assert node["cache"].value() == files


def test_a_script_saved_under_a_new_name_does_not_touch_the_old_ones_frames(
    script: Any, tmp_path: Path
) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    reage_nuke.bake(node, 1001, 1002)
    script.scriptSave(script.root().name())
    old = {p: p.read_bytes() for p in bakes.files_of(node)}
    script.scriptSaveAs((tmp_path / "shot_v2.nk").as_posix())
    node["range_last"].setValue(1002)
    assert reage_nuke.bake(node).kept == (1001, 1002)  # copied over, not computed
    node["target_age"].setValue(70)
    reage_nuke.bake(node)
    assert {p: p.read_bytes() for p in old} == old
    assert "shot_v2" in node["cache"].value()


def test_a_new_node_does_not_take_a_renamed_ones_files(script: Any) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    reage_nuke.bake(node, 1001, 1001)
    was = bakes.files_of(node)[0].read_bytes()
    node.setName("Mother")
    other = bakes.node_on(bakes.read(script), target_age=70)
    assert other.name() == "ReAge1"
    reage_nuke.bake(other, 1001, 1001)
    assert bakes.files_of(node)[0].read_bytes() == was
    assert other["cache"].value() != node["cache"].value()


# ---------------------------------------------------------------- files that are held
@pytest.fixture
def windows_files(engine_python: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that can replace no file that somebody holds, as on Windows."""
    program, home = tmp_path / "python", bakes.ROOT / "inference"
    shim = bakes.ROOT / "tests" / "support" / "windows_files"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{shim}:{home}" exec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("REAGE_PYTHON", program.as_posix())


@pytest.mark.parametrize("named", ["", "own_v012.%04d.exr"])
def test_a_frame_that_the_viewer_holds_is_baked_in_the_next_version(
    session: Any, windows_files: None, script: Any, tmp_path: Path, named: str
) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    if named:
        node["cache"].setValue((tmp_path / named).as_posix())
    reage_nuke.bake(node)
    before = {path.name: path.read_bytes() for path in bakes.files_of(node)}
    shown = session.display(node, 1002).array()
    node["target_age"].setValue(80)
    report = reage_nuke.bake(node)
    files = [path.name for path in bakes.files_of(node)]
    stem = "own_v013" if named else "ReAge1_v2"
    assert files == [f"{stem}.{frame}.exr" for frame in (1001, 1002, 1003)]
    assert not report.failed and "is open in another program" in report.text()
    assert stem in report.text() and f"baked 3/3; {tmp_path}" in node["status"].value()
    assert not np.array_equal(session.display(node, 1002).array(), shown)
    node["target_age"].setValue(70)
    session.display(node.input(0), 1002)
    assert reage_nuke.bake(node).computed == (1001, 1002, 1003)  # where nobody looks, in place
    held = next(name for name in before if "1002" in name)
    old = next(tmp_path.rglob(held))
    assert old.read_bytes() == before[held]  # the old version's is what it was


def test_the_node_and_the_panels_log_say_where_the_bake_went(
    gui_session: Any, windows_files: None, tmp_path: Path
) -> None:
    script = bakes.start(gui_session, tmp_path)
    from reage_nuke import events
    from reage_ui.host import BakeEnded

    told: list[Any] = []
    node = bakes.node_on(bakes.read(script))
    for age in (25, 80):
        node["target_age"].setValue(age)
        gui_session.display(node, 1002)
        events.listen(told.append)
        node["bake_range"].execute()
        gui_session.pump(until=lambda: any(isinstance(event, BakeEnded) for event in told))
        ended = next(event for event in told if isinstance(event, BakeEnded))
        told.clear()
    assert "ReAge1_v2.%04d.exr" in ended.text and not ended.error
    assert "ReAge1_v2.%04d.exr" in node["status"].value()
    assert not [text for level, text in gui_session.said if level == "message"]
