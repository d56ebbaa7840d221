"""Whose files are whose: of renamed nodes, new ones, and scripts under a new name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes
from reage.errors import OutputError


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path / "schön ü")


def baked(nuke: Any) -> Any:
    """A node, one frame of it baked."""
    import reage_nuke

    node = bakes.node_on(bakes.read(nuke))
    node["range_last"].setValue(1001)
    reage_nuke.bake(node)
    return node


def bake_at_80(node: Any) -> None:
    import reage_nuke

    node["target_age"].setValue(80)
    reage_nuke.bake(node, 1001, 1001)


def copied(nuke: Any, node: Any, folder: Path, group: Any = None) -> Any:
    """Copy and paste of a node, on a plate of its own."""
    with node.parent():
        for each in nuke.allNodes():
            each["selected"].setValue(each.name() == node.name())
        nuke.nodeCopy((folder / "clip.nk").as_posix())
    with group or node.parent():
        copy = nuke.nodePaste((folder / "clip.nk").as_posix())
        copy.setInput(0, bakes.read(nuke))
    return copy


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


def test_a_copy_of_a_renamed_node_does_not_touch_its_files(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = baked(script)
    node.setName("Hero")
    copy = copied(script, node, tmp_path)
    bake_at_80(copy)
    assert copy["cache"].value() != node["cache"].value()
    assert reage_nuke.states(node).frames[1001] == "baked"


def test_nodes_of_copied_groups_have_files_of_their_own(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = baked(script)
    groups = [script.nodes.Group() for _ in range(2)]
    inside = [copied(script, node, tmp_path, group) for group in groups]
    script.delete(node)
    bake_at_80(inside[1])
    assert inside[1]["cache"].value() != inside[0]["cache"].value()
    assert reage_nuke.states(inside[0]).frames[1001] == "baked"


def test_a_copy_says_that_the_files_it_shares_were_baked_anew(script: Any, tmp_path: Path) -> None:
    node = baked(script)
    copy = copied(script, node, tmp_path)
    number = copy["bake_number"].value()
    bake_at_80(node)
    assert copy["cache"].value() == node["cache"].value()
    assert "1 stale" in copy["status"].value() and copy["bake_number"].value() > number
    node["clear_bake"].execute()
    assert copy["status"].value() == "baked 0/1"


@pytest.mark.parametrize("standing", [True, False])
def test_a_script_of_a_third_name_does_not_touch_the_seconds_frames(
    script: Any, tmp_path: Path, standing: bool
) -> None:
    node = baked(script)
    file = Path(script.root().name())
    for version in ("shot_v2.nk", "shot_v3.nk"):
        script.scriptSaveAs((tmp_path / version).as_posix())
    if not standing:
        file.unlink(missing_ok=True)
    old = {p: p.read_bytes() for p in bakes.files_of(node)}
    node["clear_bake"].execute()
    bake_at_80(node)
    assert {p: p.read_bytes() for p in old} == old
    assert "shot_v3" in node["cache"].value()


@pytest.mark.parametrize("frozen", ["copy", "original"])
def test_a_group_that_left_the_house_keeps_its_files(
    script: Any, tmp_path: Path, frozen: str
) -> None:
    from reage_nuke import native

    node = baked(script)
    copy = copied(script, node, tmp_path)
    group, other = (copy, node) if frozen == "copy" else (node, copy)
    files, was = group["cache"].value(), bakes.files_of(group)[0].read_bytes()
    native.to_group(group)
    other["clear_bake"].execute()
    bake_at_80(other)
    assert other["cache"].value() != files
    assert Path(files.replace("%04d", "1001")).read_bytes() == was


def test_a_node_from_before_keeps_its_files_and_gets_its_own_in_a_script_of_another_name(
    script: Any, tmp_path: Path
) -> None:
    """The folder was called `reage` once."""
    import reage_nuke

    node = baked(script)
    files = Path(node["cache"].value())
    older = files.parent.parent.with_name("reage")
    files.parent.parent.rename(older)
    node["cache"].setValue((older / files.parent.name / files.name).as_posix())
    assert reage_nuke.bake(node, 1001, 1001).kept == (1001,)
    assert node["cache"].value().startswith(older.as_posix())
    script.scriptSaveAs((tmp_path / "shot_v2.nk").as_posix())
    bake_at_80(node)
    assert "reage_layers/shot_v2" in node["cache"].value()


def test_files_that_an_artist_has_named_since_stay_where_they_are(
    script: Any, tmp_path: Path
) -> None:
    node = baked(script)
    named = (tmp_path / "own.%04d.exr").as_posix()
    node["cache"].setValue(named)
    script.scriptSaveAs((tmp_path / "shot_v2.nk").as_posix())
    bake_at_80(node)
    assert node["cache"].value() == named


def test_what_cannot_be_brought_is_a_sentence_and_the_node_shows_what_it_did(
    script: Any, tmp_path: Path
) -> None:
    node = baked(script)
    files = node["cache"].value()
    (tmp_path / "v2").mkdir()
    (tmp_path / "v2" / "reage_layers").write_text("no folder")
    script.scriptSaveAs((tmp_path / "v2" / "shot.nk").as_posix())
    with pytest.raises(OutputError, match="cannot be made"):
        bake_at_80(node)
    assert node["cache"].value() == files


def test_clear_on_a_copy_leaves_the_originals_files(script: Any, tmp_path: Path) -> None:
    node = baked(script)
    copy = copied(script, node, tmp_path)
    copy["clear_bake"].execute()
    assert "files that ReAge1 may need" in copy["status"].value()
    assert bakes.files_of(node)


def test_a_script_opened_by_another_path_bakes_on(script: Any, tmp_path: Path) -> None:
    baked(script)
    file = Path(script.root().name())
    script.scriptSave(file.as_posix())
    (tmp_path / "link").symlink_to(file.parent)
    script.scriptClear()
    script.scriptOpen((tmp_path / "link" / file.name).as_posix())
    node = script.toNode("ReAge1")
    bake_at_80(node)
    assert len(bakes.files_of(node)) == 1


def test_files_that_are_there_already_are_not_copied(script: Any, tmp_path: Path) -> None:
    from reage_nuke import cache

    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "face.1001.exr").write_bytes(b"1")
    cache.bring(*(f"{tmp_path}/{each}/face.%04d.exr" for each in "ab"), ["main"])


@pytest.mark.parametrize(("dot", "token"), [(".", "%04d"), ("", "%04d"), (".", "####")])
def test_frames_and_tracks_are_brought_and_nothing_else(
    script: Any, tmp_path: Path, dot: str, token: str
) -> None:
    from reage_nuke import cache

    brought = [f"{dot}1001.exr", ".track.json", ".track.from.json", ".track.edited.json"]
    for name in (*brought, "_other.1001.exr", "s.mov", f"{dot}12.exr", "2.track.json"):
        (tmp_path / f"face{name}").write_bytes(b"1")
    old, new = (f"{tmp_path}/{each}{dot}{token}.exr" for each in ("face", "new/own"))
    cache.bring(old, new, ["main"])
    found = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert found == sorted(f"own{name}" for name in brought)


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
