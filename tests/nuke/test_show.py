"""What of a bake is shown, in the viewer and on a farm that has the gizmo and no Python of ours."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fake_nuke
from fake_nuke.evaluate import RenderError
from helpers import bakes


@pytest.fixture
def script(gui_session: Any, tmp_path: Path) -> Any:
    return bakes.start(gui_session, tmp_path / "shots")


def made(nuke: Any, plate: Any = None) -> Any:
    import reage_nuke

    plate = plate or bakes.read(nuke)
    return reage_nuke.create(plate, source_age=50, target_age=25, crop_size="256")


@contextmanager
def farm(script: str) -> Iterator[Any]:
    """`nuke -x` of a saved script where there is the gizmo alone."""
    session = fake_nuke.install(gui=False)
    try:
        session.nuke.pluginAddPath((bakes.ROOT / "gizmos").as_posix())
        session.nuke.scriptOpen(script)
        yield session.nuke
    finally:
        session.uninstall()


def saved(nuke: Any) -> str:
    nuke.scriptSave(nuke.root().name())
    return str(nuke.root().name())


def outcome(node: Any, frame: int, plate: np.ndarray) -> str:
    try:
        shown = bakes.pixels(node, frame)
    except RenderError as error:
        assert f"ReAge1 is not baked at frame {frame}" in str(error)
        return "error"
    return "plate" if np.array_equal(shown, plate) else "bake"


@pytest.fixture
def half_baked(gui_session: Any, script: Any) -> Any:
    """1001 is fresh, 1002 stale, 1003 was never baked."""
    import reage_nuke

    node = made(script)
    reage_nuke.bake(node, 1001, 1002)
    gui_session.open_panel(node)
    age = node["target_age"]
    age.setAnimated()
    for frame, value in ((1001, 25), (1002, 30)):
        age.setValueAt(value, frame)
    bakes.settle(gui_session)
    assert node["status"].value() == "baked 1/3, 1 stale: 1002"
    return node


OUTCOMES = {
    "error in renders": ("bake bake plate", "bake error error"),
    "error": ("bake error error", "bake error error"),
    "stale bake": ("bake bake plate", "bake bake plate"),
    "plate": ("bake plate plate", "bake plate plate"),
}
"""When not baked → what 1001, 1002 and 1003 show in the viewer, and in a render of a farm."""


@pytest.mark.parametrize("how", OUTCOMES)
def test_what_is_not_baked_shows_what_was_chosen(script: Any, half_baked: Any, how: str) -> None:
    half_baked["when_not_baked"].setValue(how)
    frames = (1001, 1002, 1003)
    plates = [bakes.pixels(half_baked.input(0), frame) for frame in frames]
    in_viewer, in_render = (outcomes.split() for outcomes in OUTCOMES[how])
    assert [outcome(half_baked, f, p) for f, p in zip(frames, plates)] == in_viewer  # noqa: B905
    file = saved(script)
    with farm(file) as nuke:
        node = nuke.toNode("ReAge1")
        assert [outcome(node, f, p) for f, p in zip(frames, plates)] == in_render  # noqa: B905


def test_a_new_node_is_an_error_in_renders_until_it_shows_the_plate(script: Any) -> None:
    node = made(script)
    node["when_not_baked"].setValue("plate")
    shown = bakes.pixels(node, 1001)
    with farm(saved(script)) as nuke:
        assert np.array_equal(bakes.pixels(nuke.toNode("ReAge1"), 1001), shown)
        nuke.toNode("ReAge1")["when_not_baked"].setValue("error in renders")
        with pytest.raises(RenderError, match="is not baked at frame 1001"):
            bakes.pixels(nuke.toNode("ReAge1"), 1001)


def test_moving_an_age_keeps_the_picture_under_a_red_node_that_says_so(
    gui_session: Any, script: Any
) -> None:
    import reage_nuke
    from reage_nuke import show

    node = made(script)
    reage_nuke.bake(node, 1001, 1001)
    script.frame(1001)
    gui_session.open_panel(node)
    shown = bakes.pixels(node, 1001)
    assert not np.array_equal(shown, bakes.pixels(node.input(0), 1001))
    for age in (26, 31, 44, 70):
        node["target_age"].setValue(age)
        assert np.array_equal(bakes.pixels(node, 1001), shown)
        gui_session.pump(
            until=lambda: "shows the stale bake" in gui_session.autolabel(node).splitlines()
        )
        assert np.array_equal(bakes.pixels(node, 1001), shown)
        assert node["tile_color"].value() == show.ALARM


def test_a_frame_that_was_deleted_behind_the_node_s_back_is_an_error(script: Any) -> None:
    import reage_nuke

    node = made(script)
    reage_nuke.bake(node)
    Path(node["cache"].value() % 1002).unlink()
    plate = bakes.pixels(node.input(0), 1002)
    assert np.array_equal(bakes.pixels(node, 1002), plate)
    file = saved(script)
    with farm(file) as nuke:
        with pytest.raises(RenderError, match=r"1002\.exr"):
            bakes.pixels(nuke.toNode("ReAge1"), 1002)
        nuke.toNode("ReAge1")["when_not_baked"].setValue("plate")
        assert np.array_equal(bakes.pixels(nuke.toNode("ReAge1"), 1002), plate)


def test_between_frames_the_nearest_one_counts(script: Any, half_baked: Any) -> None:
    """As a shutter or a retime below asks; 1001 alone is fresh."""
    with farm(saved(script)) as nuke:
        node = nuke.toNode("ReAge1")
        view, good = node.node("View")["which"], node.node("Baked")["expression"]
        for frame in (1000.6, 1000.75, 1001.25, 1001.4):
            assert view.valueAt(frame) == 0 and good.valueAt(frame) == 1
        assert good.valueAt(1000.4) == good.valueAt(1001.6) == 0


def test_the_node_says_what_it_shows(gui_session: Any, script: Any, half_baked: Any) -> None:
    from reage_nuke import show

    said = {}
    for frame in (1001, 1002, 1003):
        script.frame(frame)
        said[frame] = gui_session.autolabel(half_baked).splitlines()[3]
    assert said == {1001: "reage_default", 1002: "shows the stale bake", 1003: "shows the plate"}
    half_baked["when_not_baked"].setValue("error")
    assert gui_session.autolabel(half_baked).splitlines()[3] == "shows an error"
    assert half_baked["tile_color"].value() == show.ALARM


def test_the_tile_is_red_while_frames_of_the_range_are_not_baked(script: Any) -> None:
    import reage_nuke
    from reage_nuke import show

    node = made(script)
    assert node["tile_color"].value() == show.CALM
    reage_nuke.bake(node, 1001, 1002)
    assert node["tile_color"].value() == show.ALARM
    node["range_last"].setValue(1002)
    show.refresh(node)
    assert node["tile_color"].value() == show.CALM
    node["tile_color"].setValue(0x112233FF)
    node["range_last"].setValue(1003)
    show.refresh(node)
    assert node["tile_color"].value() == 0x112233FF  # an artist's own


# ---------------------------------------------------------------- the range
def test_narrowing_the_range_hides_nothing_that_stands(script: Any) -> None:
    import reage_nuke
    from reage_nuke import show

    node = made(script)
    reage_nuke.bake(node)
    before = [bakes.pixels(node, frame) for frame in (1001, 1002, 1003)]
    for first, last, text in ((1002, 1002, "baked 1/1"), (1003, 1009, "baked 1/7")):
        for name, frame in (("range_first", first), ("range_last", last)):
            node[name].setValue(frame)
        show.refresh(node)
        assert node["status"].value() == text
        after = [bakes.pixels(node, frame) for frame in (1001, 1002, 1003)]
        assert all(map(np.array_equal, before, after))
    with farm(saved(script)) as nuke:
        assert np.array_equal(bakes.pixels(nuke.toNode("ReAge1"), 1001), before[0])


def test_a_range_beyond_the_plates_files_makes_none_of_their_frames_stale(script: Any) -> None:
    """Nuke then writes the plates; those of the Read's own frames are the same pixels."""
    import reage_nuke

    node = made(script)
    reage_nuke.bake(node)
    node["range_last"].setValue(1004)
    assert reage_nuke.states(node).text() == "baked 3/4"


def test_a_setting_that_is_wrong_beside_the_range_makes_those_frames_stale(script: Any) -> None:
    import reage_nuke
    from reage_nuke.state import FileLook

    node = made(script)
    reage_nuke.bake(node)
    node["range_last"].setValue(1001)
    age = node["target_age"]
    age.setAnimated()
    for frame, value in ((1001, 25), (1003, 300)):
        age.setValueAt(value, frame)
    assert FileLook.at(node).found().frames == {1001: "baked", 1002: "stale", 1003: "stale"}


def test_a_bake_beside_the_range_leaves_the_range_alone_and_shows(script: Any) -> None:
    import reage_nuke

    node = made(script)
    node["range_last"].setValue(1001)
    reage_nuke.bake(node, 1003, 1003)
    assert [node[name].value() for name in ("range_first", "range_last")] == [1001, 1001]
    plate = bakes.pixels(node.input(0), 1003)
    assert not np.array_equal(bakes.pixels(node, 1003), plate)


def test_a_script_from_before_shown_and_when_not_baked_loads(script: Any) -> None:
    import reage_nuke

    node = made(script)
    reage_nuke.bake(node)
    before = bakes.pixels(node, 1002)
    file = Path(saved(script))
    old = re.sub(r"^ shown_(first|last) .*\n", "", file.read_text(), flags=re.MULTILINE)
    assert old != file.read_text()
    file.write_text(old)
    script.scriptOpen(file.as_posix())
    node = script.toNode("ReAge1")
    assert node["when_not_baked"].value() == "error in renders"
    assert np.array_equal(bakes.pixels(node, 1002), before)


def test_a_range_that_moves_on_keeps_what_it_leaves(script: Any) -> None:
    """With smooth, frames at the seam alone are followed otherwise."""
    import reage_nuke
    from reage_nuke.state import FileLook

    node = made(script, bakes.read(script, last=1006))
    node["smooth"].setValue(0)
    node["range_last"].setValue(1003)
    reage_nuke.bake(node)
    for name, frame in (("range_first", 1003), ("range_last", 1005)):
        node[name].setValue(frame)
    assert reage_nuke.bake(node).computed == (1004, 1005)
    assert FileLook.at(node).found().text() == "baked 5/5"


# ---------------------------------------------------------------- opening, saving, other machines
def test_opening_and_saving_say_nothing_anew(gui_session: Any, script: Any) -> None:
    """Not even where a file of the bake is gone: the next change, or bake, looks."""
    import reage_nuke
    from reage_nuke import waiting

    node = made(script)
    reage_nuke.bake(node)
    file = saved(script)
    says = node["fresh"].toScript()
    Path(node["cache"].value() % 1002).unlink()
    # Nuke was seen to call knobChanged while a script loads.
    script.addOnCreate(lambda: waiting.refresh_later(script.thisNode()), nodeClass="ReAge")
    script.scriptOpen(file)
    bakes.settle(gui_session)
    node = script.toNode("ReAge1")
    gui_session.open_panel(node)
    gui_session.idle()
    bakes.settle(gui_session)
    saved(script)
    assert node["fresh"].toScript() == says
    node["target_age"].setValue(30)
    bakes.settle(gui_session)
    assert node["status"].value() == "baked 0/3, 2 stale: 1001, 1003"


@pytest.mark.parametrize("layers_too", [False, True])
def test_where_plates_are_not_seen_nothing_becomes_stale(
    gui_session: Any, script: Any, tmp_path: Path, layers_too: bool
) -> None:
    import reage_nuke

    home = tmp_path / "plates"
    home.mkdir()
    for frame in (1001, 1002, 1003):
        shutil.copy(bakes.PLATE % frame, home / f"p.{frame}.exr")
    node = made(script, bakes.read(script, (home / "p.%04d.exr").as_posix()))
    reage_nuke.bake(node)
    says = node["fresh"].toScript()
    home.rename(tmp_path / "elsewhere")
    layers = Path(node["cache"].value()).parent
    if layers_too:
        layers.rename(tmp_path / "layers")
    gui_session.open_panel(node)
    for age in (30, 25):
        node["target_age"].setValue(age)
        bakes.settle(gui_session)
        stale = age != 25 and not layers_too
        assert (node["fresh"].toScript() != says) == stale
    if layers_too:
        assert "is not to be seen from here" in node["status"].value()
    saved(script)
    assert node["fresh"].toScript() == says


def test_a_change_that_was_not_looked_at_yet_is_when_the_script_is_saved(
    gui_session: Any, script: Any
) -> None:
    import reage_nuke

    brighter = script.nodes.Multiply(inputs=[bakes.read(script)], value=1)
    node = made(script, brighter)
    reage_nuke.bake(node)
    for knob, good, bad in ((node["target_age"], 25, 60), (brighter["value"], 1, 2)):
        knob.setValue(bad)
        saved(script)
        assert node["status"].value() == "baked 0/3, 3 stale: 1001-1003"
        knob.setValue(good)
        saved(script)
        assert node["status"].value() == "baked 3/3"


def test_a_plate_that_was_exchanged_is_noticed_when_its_read_is_reloaded(
    gui_session: Any, script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import reage_nuke
    from reage_nuke import callbacks

    monkeypatch.setattr(callbacks, "_LOOK_EVERY", 0)
    for frame in (1001, 1002, 1003):
        shutil.copy(bakes.PLATE % frame, tmp_path / f"p.{frame}.exr")
    read = bakes.read(script, (tmp_path / "p.%04d.exr").as_posix())
    node = made(script, read)
    reage_nuke.bake(node)
    shutil.copy(bakes.PLATE % 1005, tmp_path / "p.1002.exr")
    for presses, text in ((0, "baked 3/3"), (1, "baked 2/3, 1 stale: 1002")):
        if presses:
            read["reload"].execute()
        gui_session.idle()
        bakes.settle(gui_session)
        assert node["status"].value() == text


# ---------------------------------------------------------------- Nuke's own caches
def test_a_bake_after_opening_the_script_again_shows_no_picture_of_an_older_one(
    gui_session: Any, script: Any
) -> None:
    """A Viewer's cache is on disk: it outlives scripts and sessions."""
    import reage_nuke

    node = made(script)
    file = saved(script)
    reage_nuke.bake(node, 1001, 1001)
    young = gui_session.viewed(node, 1001).array()
    assert np.array_equal(young, bakes.pixels(node, 1001))
    script.scriptOpen(file)  # which was not saved since
    node = script.toNode("ReAge1")
    node["target_age"].setValue(80)
    time.sleep(1.1)  # a bake takes longer than the second that tells it from another
    reage_nuke.bake(node, 1001, 1001)
    old = gui_session.viewed(node, 1001).array()
    assert np.array_equal(old, bakes.pixels(node, 1001)) and not np.array_equal(old, young)


def test_a_bake_of_a_frame_that_is_displayed_shows_at_once_and_is_no_change_of_its_inside(
    gui_session: Any, script: Any
) -> None:
    import reage_nuke

    node = made(script)
    for age in (25, 80):
        node["target_age"].setValue(age)
        reage_nuke.bake(node, 1001, 1001)
        shown = gui_session.viewed(node, 1001).array()
        assert np.array_equal(shown, bakes.pixels(node, 1001))
    number = node["bake_number"].value()
    assert node.node("Layers")["version"].value() == number > 0 and gui_session.lost == []
    script.scriptOpen(saved(script))
    assert script.toNode("ReAge1")["bake_number"].value() == number
