"""The node in a GUI session: buttons, background bakes, the main thread, closing in the middle."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes


@pytest.fixture
def script(gui_session: Any, tmp_path: Path) -> Any:
    return bakes.start(gui_session, tmp_path)


def made(nuke: Any, last: int = bakes.LAST) -> Any:
    import reage_nuke

    plate = bakes.read(nuke, last=last)
    return reage_nuke.create(plate, source_age=50, target_age=25, crop_size="256")


def wait_for_bakes(session: Any) -> None:
    """Until each bake has told of its end, on its own thread."""
    bakers = [t for t in threading.enumerate() if t.name.startswith("ReAge ")]
    session.pump(until=lambda: not any(baker.is_alive() for baker in bakers))
    session.pump()


def test_bake_range_leaves_nuke_usable(gui_session: Any, script: Any) -> None:
    import reage_nuke

    node = made(script)
    node["bake_range"].execute()
    assert reage_nuke.states(node).text() == "baked 0/3"  # it has only begun
    wait_for_bakes(gui_session)
    assert node["status"].value() == "baked 3/3"
    assert gui_session.tasks.open() == []
    assert any("re-aging: 3/3" in message for _, message, _ in gui_session.tasks.history)
    assert not [level for level, _ in gui_session.said if level in ("message", "alert")]


def test_bake_frame_bakes_the_current_frame(gui_session: Any, script: Any) -> None:
    import reage_nuke

    node = made(script)
    script.frame(1002)
    node["bake_frame"].execute()
    wait_for_bakes(gui_session)
    assert reage_nuke.states(node).numbers("baked") == (1002,)


@pytest.mark.parametrize("how", ["button", "bar"])
def test_cancel(gui_session: Any, script: Any, how: str) -> None:
    import reage_nuke

    node = made(script, last=1008)
    if how == "bar":
        gui_session.tasks.cancel_when(lambda task: "re-aging" in task.message)
    node["bake_range"].execute()
    if how == "button":
        node["cancel_bake"].execute()
    wait_for_bakes(gui_session)
    assert "stopped" in node["status"].value()
    assert len(reage_nuke.states(node).numbers("baked")) < 8


@pytest.mark.parametrize("how", ["button", "delete"])
def test_a_bake_is_a_nodes_under_its_new_name_too(
    gui_session: Any, script: Any, how: str
) -> None:
    from reage_nuke import baking

    node = made(script, last=1008)
    node["bake_range"].execute()
    node.setName("Hero")
    assert baking.BAKES.is_busy("Hero") and not baking.BAKES.is_busy("ReAge1")
    node["clear_bake"].execute()
    node["bake_range"].execute()
    refused = [text for level, text in gui_session.said if level == "message"]
    assert [text.rpartition("being baked")[0] for text in refused] == ["Hero is "] * 2
    if how == "button":
        node["cancel_bake"].execute()
    else:
        script.delete(node)
    assert all(asked.is_set() for asked in baking.BAKES._under_way)
    wait_for_bakes(gui_session)
    assert not baking.BAKES.is_busy("Hero")


def test_two_bakes_of_one_node_are_refused_and_of_two_nodes_both_come(
    gui_session: Any, script: Any
) -> None:
    first, second = made(script), made(script)
    for node in (first, second, first):
        node["bake_range"].execute()
    assert any("being baked already" in text for _, text in gui_session.said)
    wait_for_bakes(gui_session)
    assert [n["status"].value() for n in (first, second)] == ["baked 3/3"] * 2


def test_a_script_closed_in_the_middle(gui_session: Any, script: Any) -> None:
    node = made(script, last=1008)
    script.scriptSave(script.root().name())
    file, pattern = script.root().name(), None
    node["bake_range"].execute()
    pattern = Path(node["cache"].value())
    script.scriptClear()
    wait_for_bakes(gui_session)
    assert script.allNodes("ReAge") == []
    for path in pattern.parent.glob("*.exr"):
        bakes.layers(path)  # what stands is whole
    script.scriptOpen(file)
    gui_session.pump()
    assert script.toNode("ReAge1") is not None


def test_a_node_deleted_in_the_middle(gui_session: Any, script: Any) -> None:
    node = made(script, last=1008)
    node["bake_range"].execute()
    script.delete(node)
    wait_for_bakes(gui_session)
    assert gui_session.tasks.open() == []


def test_a_plate_deleted_while_it_is_written(gui_session: Any, script: Any) -> None:
    node = made(script)
    plate = script.nodes.Expression(inputs=[node.input(0)], expr0="r * 0.9")
    node.setInput(0, plate)
    node["bake_range"].execute()
    gui_session.pump(until=lambda: gui_session.tasks.history)
    script.delete(plate)
    wait_for_bakes(gui_session)
    assert "was deleted" in node["status"].value()


def test_a_moved_slider_turns_frames_stale_soon_and_not_inside_the_callback(
    gui_session: Any, script: Any
) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = made(script)
    node.setInput(0, plate)
    reage_nuke.bake(node)
    baked = bakes.pixels(node, 1001)
    gui_session.open_panel(node)
    for age in range(26, 60):
        node["target_age"].setValue(age)
    assert node["status"].value() == "baked 3/3"
    bakes.settle(gui_session)
    assert node["status"].value() == "baked 0/3, 3 stale: 1001-1003"
    assert np.array_equal(bakes.pixels(node, 1001), baked)  # it stays while the slider moves


def test_an_upstream_change_and_a_moved_key_turn_frames_stale(
    gui_session: Any, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import reage_nuke
    from reage_nuke import callbacks

    monkeypatch.setattr(callbacks, "_LOOK_EVERY", 0)

    brighter = script.nodes.Multiply(inputs=[bakes.read(script)], value=1)
    node = reage_nuke.create(brighter, source_age=50, target_age=25, crop_size="256")
    node["range_first"].setValue(1001)
    node["range_last"].setValue(1001)
    script.frame(1001)
    reage_nuke.bake(node)
    gui_session.idle()
    bakes.settle(gui_session)
    assert node["status"].value() == "baked 1/1"
    brighter["value"].setValue(2)
    gui_session.idle()
    bakes.settle(gui_session)
    assert node["status"].value() == "baked 0/1, 1 stale: 1001"
    brighter["value"].setValue(1)
    gui_session.idle()
    bakes.settle(gui_session)
    assert node["status"].value() == "baked 1/1"
    node["target_age"].setAnimated()
    node["target_age"].setValueAt(60, 1001)
    gui_session.idle()
    bakes.settle(gui_session)
    assert "1 stale" in node["status"].value()


def test_what_the_graph_shows_on_the_node(gui_session: Any, script: Any) -> None:
    import reage_nuke

    node = made(script)
    reage_nuke.bake(node, 1001, 1002)
    script.frame(1002)
    assert gui_session.autolabel(node) == "ReAge1\n50 → 25\nbaked 2/3\nreage_default"


def test_a_new_node_takes_the_plates_range(gui_session: Any, script: Any) -> None:
    plate = bakes.read(script, last=1008)
    plate["selected"].setValue(True)
    node = script.createNode("ReAge")
    gui_session.pump()
    assert node.input(0) is plate
    assert range_of(node) == (1001, 1008)


def range_of(node: Any) -> tuple[int, int]:
    return node["range_first"].value(), node["range_last"].value()


def test_a_plate_connected_later_gives_its_range_until_one_is_set(
    gui_session: Any, script: Any
) -> None:
    node, held = script.createNode("ReAge"), bakes.read(script, last=bakes.FIRST)
    gui_session.open_panel(node)
    node.setInput(0, held)
    gui_session.pump()
    assert range_of(node) == (1001, 1001)
    node["range_last"].setValue(1005)
    node.setInput(0, bakes.read(script, last=1008))
    gui_session.pump()
    assert range_of(node) == (1001, 1005)


def test_a_range_half_set_by_hand_stays(gui_session: Any, script: Any) -> None:
    node = script.createNode("ReAge")
    node["range_first"].clearAnimated()
    node["range_first"].setValue(1002)
    gui_session.open_panel(node)
    node.setInput(0, bakes.read(script, last=1008))
    gui_session.pump()
    assert range_of(node) == (1002, bakes.LAST)


def test_gray_of_an_older_script_comes_to_its_slider(gui_session: Any, script: Any) -> None:
    from reage_nuke import nodes

    file = Path(script.root().name()).with_name("old.nk")
    file.write_text("ReAge {\n inputs 0\n grey {{curve x1001 0 x1010 0.9}}\n name ReAge7\n}\n")
    script.scriptOpen(file.as_posix())
    gui_session.pump()
    node = script.toNode("ReAge7")
    assert [node["gray"].valueAt(frame) for frame in (1001, 1010)] == [0, 0.9]
    assert not nodes.is_set(node["grey"])


def test_errors_are_one_sentence_in_a_box_and_on_the_node(gui_session: Any, script: Any) -> None:
    node = script.createNode("ReAge", "", False)
    node["bake_range"].execute()
    assert [text for level, text in gui_session.said if level == "message"] == [
        node["status"].value()
    ]
    assert "connect its plate" in node["status"].value()


def test_troubleshoot_in_the_middle_of_a_bake(gui_session: Any, script: Any) -> None:
    """The bake's reader thread must never wait for a main thread that waits for the worker."""
    import reage_nuke

    node = made(script, last=1008)
    node["bake_range"].execute()
    gui_session.pump(until=lambda: gui_session.tasks.history)
    node["troubleshoot"].execute()
    wait_for_bakes(gui_session)
    assert reage_nuke.states(node).text() == "baked 8/8"


def test_a_passing_error_does_not_wipe_what_is_fresh(gui_session: Any, script: Any) -> None:
    import reage_nuke
    from reage_nuke import show

    node = made(script)
    reage_nuke.bake(node)
    plate = node.input(0)
    node.setInput(0, None)
    assert "no plate" in show.refresh(node).error
    node.setInput(0, plate)
    assert not np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))


def test_troubleshoot_says_what_is_there(gui_session: Any, script: Any) -> None:
    node = made(script)
    node["troubleshoot"].execute()
    (text,) = [text for level, text in gui_session.said if level == "message"]
    for word in ("ReAge", "engine:", "worker:", "model:", "ACEScg"):
        assert word in text
    assert "NOT WELL" not in text


def test_a_broken_thread_rule_is_noticed(
    gui_session: Any, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the check: a bake that touched the graph from its own thread fails."""
    from reage_nuke import baking, graph

    node = made(script)
    ended: list[tuple[str, str]] = []
    for module in (baking, graph):
        monkeypatch.setattr(module, "on_main", lambda call, *args: call(*args))
    baking.start(node, None, None, lambda step: None, lambda *what: ended.append(what))
    gui_session.pump(until=lambda: ended)
    assert ended[0][0] == "" and "thread" in ended[0][1]


@pytest.mark.parametrize("wrong", [("target_agee",), ("blend", "blent")])
def test_a_broken_knob_name_is_noticed(
    script: Any, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    from reage_nuke import baking, nodes

    node = made(script)
    monkeypatch.setattr(nodes, "KEYED", wrong)
    with pytest.raises((NameError, KeyError)):
        baking.bake(node, 1001, 1001)
