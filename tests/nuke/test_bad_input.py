"""What goes wrong becomes one sentence, and nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from helpers import bakes
from reage.errors import ReageError


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path / "shots")


def refused(node: Any, *frames: int) -> str:
    import reage_nuke

    with pytest.raises(ReageError) as error:
        reage_nuke.bake(node, *frames)
    text = str(error.value)
    assert 20 < len(text) < 400 and "Traceback" not in text
    return text


def test_an_unsaved_script(session: Any) -> None:
    session.start(bakes.ROOT / "nuke_plugin")
    node = bakes.node_on(bakes.read(session.nuke))
    assert "save the script" in refused(node, 1001, 1001)


def test_no_plate(script: Any) -> None:
    import reage_nuke

    node = bakes.node_on(None)
    assert "no plate" in refused(node)
    assert "no plate" in reage_nuke.states(node).error


def test_a_plate_with_missing_files(script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script, bakes.PLATE.replace("demo", "nothing"))
    node = bakes.node_on(plate)
    assert refused(node, 1001, 1001)
    assert reage_nuke.states(node).numbers("baked") == ()


def test_a_range_that_runs_backwards(script: Any) -> None:
    node = bakes.node_on(bakes.read(script))
    assert "backwards" in refused(node, 1003, 1001)
    node["range_first"].setValue(2000)
    assert "backwards" in refused(node)


def test_an_age_outside_the_limits(script: Any) -> None:
    node = bakes.node_on(bakes.read(script))
    node["target_age"].setValue(140)
    assert "age out is 140" in refused(node, 1001, 1001)


@pytest.mark.parametrize(
    "knob, value, words",
    [
        ("pattern_file", "old.exr", r"ReAge1: pattern is a seed .*it got '.*old.exr'"),
        ("pattern", -1, "ReAge1: pattern is a seed"), ("smooth", 500, "ReAge1: smooth is 500"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_said_in_the_node_s_words(
    script: Any, knob: str, value: Any, words: str
) -> None:
    node = bakes.node_on(bakes.read(script))
    node[knob].setValue(value)
    text = refused(node, 1001, 1001)
    assert re.search(words, text) and "--" not in text


def test_create_refuses_a_wrong_value_and_leaves_no_node(script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script)
    with pytest.raises(ReageError, match="140"):
        reage_nuke.create(plate, source_age=140)
    with pytest.raises(ReageError, match="detail is 9"):
        reage_nuke.create(plate, detail=9)
    with pytest.raises(ReageError, match="no knob agee"):
        reage_nuke.create(plate, agee=40)
    assert script.allNodes("ReAge") == []


def test_a_model_that_is_gone(script: Any, tmp_path: Path) -> None:
    node = bakes.node_on(bakes.read(script))
    node["model"].setValue((tmp_path / "gone.onnx").as_posix())
    assert "gone.onnx is not there" in refused(node, 1001, 1001)


def test_no_engine(script: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REAGE_PYTHON", str(tmp_path / "no" / "python"))
    node = bakes.node_on(bakes.read(script))
    text = refused(node, 1001, 1001)
    assert "install.py" in text or "REAGE_PYTHON" in text


@pytest.mark.parametrize(
    "files, word", [("face.exr", "frame number"), ("face.%04d.png", ".exr")]
)
def test_patterns_that_cannot_work(script: Any, tmp_path: Path, files: str, word: str) -> None:
    node = bakes.node_on(bakes.read(script))
    node["cache"].setValue((tmp_path / files).as_posix())
    assert word in refused(node, 1001, 1001)


def test_a_relative_pattern_counts_from_the_project_directory(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    node["cache"].setValue("layers/face.%04d.exr")
    assert "project" in refused(node, 1001, 1001)
    script.root()["project_directory"].setValue(tmp_path.as_posix())
    reage_nuke.bake(node, 1001, 1001)
    assert (tmp_path / "layers" / "face.1001.exr").is_file()


def test_a_folder_that_cannot_be_written(script: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    node = bakes.node_on(bakes.read(script))
    node["cache"].setValue((tmp_path / "file" / "face.%04d.exr").as_posix())
    assert "cannot be made" in refused(node, 1001, 1001)


def test_two_nodes_with_one_pattern(script: Any, tmp_path: Path) -> None:
    first, second = (bakes.node_on(bakes.read(script)) for _ in range(2))
    for node in (first, second):
        node["cache"].setValue((tmp_path / "face.%04d.exr").as_posix())
    assert "same files" in refused(second, 1001, 1001)


def test_a_file_of_rubbish_counts_as_stale_and_is_replaced(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    node["cache"].setValue((tmp_path / "face.%04d.exr").as_posix())
    reage_nuke.bake(node, 1001, 1001)
    (tmp_path / "face.1001.exr").write_bytes(b"half a fi")
    assert reage_nuke.states(node).frames[1001] == "stale"
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)


def test_a_broken_track_is_said_and_made_anew_when_deleted(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    node["cache"].setValue((tmp_path / "face.%04d.exr").as_posix())
    reage_nuke.bake(node, 1001, 1001)
    (tmp_path / "face.track.json").write_text("{")
    assert "face.track.json" in refused(node, 1001, 1001)
    (tmp_path / "face.track.json").unlink()
    assert reage_nuke.bake(node, 1001, 1001).failed == {}


def test_buttons_say_it_without_a_box_in_a_terminal(script: Any, session: Any) -> None:
    node = bakes.node_on(None)
    node["bake_range"].execute()
    assert "no plate" in node["status"].value()
    assert any(level == "tprint" and "no plate" in text for level, text in session.said)


def test_clear_leaves_files_that_are_not_ours(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    node["cache"].setValue((tmp_path / "face.%04d.exr").as_posix())
    reage_nuke.bake(node, 1001, 1002)
    (tmp_path / "face.1003.exr").write_bytes(Path(bakes.PLATE % 1003).read_bytes())
    node["clear_bake"].execute()
    assert sorted(p.name for p in tmp_path.glob("face.*")) == ["face.1003.exr"]
    assert node["status"].value() == "2 files deleted"


def test_a_plate_that_is_cut_short_is_named_and_nothing_counts_as_baked(
    script: Any, tmp_path: Path
) -> None:
    """Else it would pass for one without a face."""
    import reage_nuke

    for frame in (1001, 1002, 1003):
        data = Path(bakes.PLATE % frame).read_bytes()
        (tmp_path / f"p.{frame}.exr").write_bytes(data[: len(data) // (1 + (frame == 1001))])
    node = bakes.node_on(bakes.read(script, (tmp_path / "p.%04d.exr").as_posix()))
    with pytest.raises(ReageError, match=r"p\.1001\.exr is damaged"):
        reage_nuke.bake(node)
    assert not reage_nuke.states(node).numbers("baked")
