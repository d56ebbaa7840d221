"""Whose files are whose: of renamed nodes, new ones, and scripts under a new name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
