"""Saves and renders believe what nodes say: what nobody has looked at yet is looked at first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers import bakes


@pytest.fixture
def baked(gui_session: Any, tmp_path: Path) -> tuple[Any, Any, Any]:
    """The script, a node of a graph above, and the ReAge node below it, its frame 1001 baked."""
    import reage_nuke

    nuke = bakes.start(gui_session, tmp_path)
    bright = nuke.nodes.Multiply(inputs=[bakes.read(nuke)], value=1)
    node = bakes.node_on(bright)
    reage_nuke.bake(node, 1001, 1001)
    return nuke, bright, node


def test_what_changed_above_a_node_that_was_renamed_is_seen_as_it_is_saved(baked: Any) -> None:
    nuke, bright, node = baked
    bright["value"].setValue(2)
    node.setName("Hero")
    nuke.scriptSave()
    assert node["fresh"].valueAt(1001) == 0.5


def test_a_render_right_after_a_change_above_is_told_of_it(baked: Any, tmp_path: Path) -> None:
    nuke, bright, node = baked
    node["when_not_baked"].setValue("error")
    file = (tmp_path / "o.%04d.exr").as_posix()
    write = nuke.nodes.Write(inputs=[node], file=file, file_type="exr")
    bright["value"].setValue(2)
    with pytest.raises(RuntimeError, match="stale"):
        nuke.execute(write, 1001, 1001)


def test_what_a_terminal_session_changes_is_stale_when_it_saves(
    session: Any, tmp_path: Path
) -> None:
    """Template builders set ages and exchange plates without a GUI. What they leave is believed."""
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    node = bakes.node_on(bakes.read(nuke))
    reage_nuke.bake(node, 1001, 1001)
    name = node.name()
    nuke.scriptSave()
    nuke.scriptOpen((tmp_path / "shot.nk").as_posix())
    node = nuke.toNode(name)
    nuke.scriptSave()
    assert node["fresh"].valueAt(1001) == 1.0
    node["target_age"].setValue(60)
    nuke.scriptSave()
    assert node["fresh"].valueAt(1001) == 0.5
