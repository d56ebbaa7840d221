"""What goes on without the plugin: the Tracker node, the Group."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fake_nuke
from fake_nuke import tcl
from fake_nuke.evaluate import RenderError
from helpers import bakes


@pytest.fixture
def baked(session: Any, tmp_path: Path) -> Any:
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke), source_age=50, target_age=25, crop_size="256")
    reage_nuke.bake(node)
    return nuke, node


def test_the_tracker_follows_the_face_in_nukes_coordinates(baked: Any) -> None:
    nuke, node = baked
    node["export_track"].execute()
    (tracker,) = nuke.allNodes("Tracker4")
    (head, columns, rows) = tcl.split(tracker["tracks"].toScript())
    assert head.split() == ["1", "31", "3"]
    assert len(tcl.split(columns)) == 31
    face = tcl.split(tcl.split(rows)[0])
    assert len(face) == 31 and face[1] == "face"
    x, y = (dict(_keys(face[k])) for k in (2, 3))
    pattern = Path(node["cache"].value())
    track = json.loads((pattern.parent / "ReAge1.track.json").read_text())
    for entry in track["frames"]:
        assert x[entry["frame"]] == pytest.approx(entry["center"][0], abs=1e-3)
        assert y[entry["frame"]] == pytest.approx(track["height"] - entry["center"][1], abs=1e-3)


def test_the_tracker_of_a_squeezed_plate_is_in_its_own_px(baked: Any) -> None:
    nuke, node = baked
    path = Path(node["cache"].value()).parent / "ReAge1.track.json"
    track = json.loads(path.read_text()) | {"pixel_aspect": 2.0}
    path.write_text(json.dumps(track))
    node["export_track"].execute()
    (tracker,) = nuke.allNodes("Tracker4")
    rows = [tcl.split(row) for row in tcl.split(tcl.split(tracker["tracks"].toScript())[2])]
    (center, y), (right, _) = ([dict(_keys(row[k])) for k in (2, 3)] for row in (rows[0], rows[2]))
    for entry in track["frames"]:
        turned = 0.5 * entry["size"] * math.cos(math.radians(entry["degrees"]))
        assert center[entry["frame"]] == pytest.approx(entry["center"][0], abs=1e-3)
        assert right[entry["frame"]] - center[entry["frame"]] == pytest.approx(turned / 2, abs=1e-3)


def _keys(curve: str) -> list[tuple[int, float]]:
    words = curve.split()[1:]
    return [(int(k[1:]), float(v)) for k, v in zip(words[::2], words[1::2], strict=True)]


def test_a_node_without_a_track_says_so(session: Any, tmp_path: Path) -> None:
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    node = reage_nuke.create(bakes.read(nuke))
    node["export_track"].execute()
    assert "bake" in node["status"].value()
    assert nuke.allNodes("Tracker4") == []


def test_the_group_gives_the_same_pixels_without_the_plugin(baked: Any, tmp_path: Path) -> None:
    nuke, node = baked
    after = nuke.nodes.Multiply(inputs=[node], value=1)
    shown = bakes.pixels(node, 1002)
    node["to_group"].execute()
    assert nuke.allNodes("ReAge") == []
    (group,) = nuke.allNodes("Group")
    assert after.input(0) is group
    assert np.array_equal(bakes.pixels(group, 1002), shown)
    group["detail"].setValue(0)
    group["form"].setValue(2)
    steered = bakes.pixels(group, 1002)
    assert np.abs(steered - shown).max() > 1e-3
    assert "reage_nuke" not in group.writeKnobs()
    assert not [node.name() for node in group.nodes() if node.Class() == "Write"]
    nuke.scriptSave()
    with elsewhere(nuke.root().name()) as other:
        group = other.toNode("ReAge1")
        assert group.Class() == "Group" and np.array_equal(bakes.pixels(group, 1002), steered)
        group["blend"].setValue(0)
        assert np.array_equal(bakes.pixels(group, 1002), bakes.pixels(group.input(0), 1002))


@contextmanager
def elsewhere(script: str) -> Iterator[Any]:
    """The script in a Nuke that never heard of ReAge."""
    session = fake_nuke.install(gui=False)
    try:
        session.nuke.scriptOpen(script)
        yield session.nuke
    finally:
        session.uninstall()


@pytest.mark.parametrize("copies_values", [True, False])
def test_the_group_keeps_name_wires_values_and_keys(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copies_values: bool
) -> None:
    """Whatever makeGroup copies, which Nuke's documentation does not say."""
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    if not copies_values:
        make = nuke.Gizmo.makeGroup

        def bare(gizmo: Any) -> Any:
            group = make(gizmo)
            for knob in group.knobs().values():
                if knob.name() not in ("name", "cache"):
                    knob.fromScript(nuke.createNode("ReAge", "", False)[knob.name()].toScript())
            return group

        monkeypatch.setattr(nuke.Gizmo, "makeGroup", bare)
    plate, mask = bakes.read(nuke), nuke.nodes.Constant()
    node = reage_nuke.create(plate, source_age=50, pattern_file="old.pattern.exr")
    node.setName("Hero")
    node.setInput(2, mask)
    node["mask_channel"].setValue("rgba.red")
    node["detail"].setAnimated()
    for frame, value in ((1001, 0.5), (1003, 1.5)):
        node["detail"].setValueAt(value, frame)
    said = {n: k.toScript() for n, k in node.knobs().items() if k.Class() != "PyScript_Knob"}
    group = reage_nuke.to_group(node)
    assert nuke.toNode("Hero") is group and group.Class() == "Group"
    assert [group.input(k) for k in range(4)] == [plate, None, mask, None]
    kept = {name: group[name].toScript() for name in said if group.knob(name)}
    previews = {"preview_file", "preview_of", "preview_box", "preview_on"}
    assert set(said) - set(kept) == {"files_of", *previews}
    assert kept == {name: text for name, text in said.items() if name in kept}
    assert group["detail"].valueAt(1002) == 1.0


def test_the_menu_converts_what_is_selected(gui_session: Any, tmp_path: Path) -> None:
    import reage_nuke

    nuke = bakes.start(gui_session, tmp_path)
    one, other = (reage_nuke.create(bakes.read(nuke)) for _ in range(2))
    nuke.selectAll()
    other.setSelected(False)
    entry = gui_session.menus.menu("Nodes").findItem("ReAge/Convert to Group")
    entry.invoke()
    assert [n.name() for n in nuke.allNodes("Group")] == ["ReAge1"]
    assert [n.name() for n in nuke.allNodes("ReAge")] == ["ReAge2"]
    for node in nuke.selectedNodes():
        node.setSelected(False)
    entry.invoke()
    assert gui_session.said[-1] == ("message", "Select the ReAge nodes that are to become Groups.")


def test_the_toolset_s_group_is_baked_like_the_node(gui_session: Any, tmp_path: Path) -> None:
    import reage_nuke
    from reage_nuke import gizmo_knobs, nodes

    nuke = bakes.start(gui_session, tmp_path)
    plate = bakes.read(nuke)
    plate.setSelected(True)
    group = nuke.nodePaste(gizmo_knobs.TOOLSET.as_posix())
    assert (group.Class(), group.name(), group.input(0)) == ("Group", "ReAge1", plate)
    nuke.nodes.Group()  # somebody else's
    assert nodes.all_nodes() == [group]
    for name, value in {"source_age": 50, "target_age": 25, "crop_size": "256"}.items():
        group[name].setValue(value)
    nuke.frame(1001)
    group["bake_frame"].execute()
    gui_session.pump(until=lambda: group["status"].value().startswith("baked 1/"))
    shown = bakes.pixels(group, 1001)
    assert reage_nuke.states(group).numbers("baked") == (1001,)
    assert not np.array_equal(shown, bakes.pixels(plate, 1001))
    gui_session.open_panel(group)
    group["target_age"].setValue(60)
    gui_session.pump(until=lambda: "1 stale" in group["status"].value())
    assert "shows the stale bake" in gui_session.autolabel(group).splitlines()
    group["target_age"].setValue(25)
    gui_session.pump(until=lambda: group["status"].value().startswith("baked 1/"))
    nuke.scriptSave()
    with elsewhere(nuke.root().name()) as other:
        assert np.array_equal(bakes.pixels(other.toNode("ReAge1"), 1001), shown)
        with pytest.raises(RenderError, match="not baked"):
            bakes.pixels(other.toNode("ReAge1"), 1003)
    assert reage_nuke.to_group(group) is group and nodes.all_nodes() == []
    assert "reage_nuke" not in group.writeKnobs()
    assert np.array_equal(bakes.pixels(group, 1001), shown)


def test_another_release_with_the_same_knobs_and_bakes_silences_no_group(
    session: Any, tmp_path: Path
) -> None:
    from reage.version import BAKE_FORMAT, __version__
    from reage_nuke import gizmo_knobs, nodes

    nuke = bakes.start(session, tmp_path)
    this = f"format {BAKE_FORMAT}"
    for now, then in ((f"ReAge {__version__}", "ReAge 0.0.9"), (this, "format 0")):
        text = gizmo_knobs.TOOLSET.read_text(encoding="utf-8").replace(now, then)
        (tmp_path / "old.nk").write_text(text)
        nuke.nodePaste((tmp_path / "old.nk").as_posix())
    same, other = nuke.toNode("ReAge1"), nuke.toNode("ReAge2")
    assert nodes.all_nodes() == [same] and other["info_version"].value().endswith("format 0")


def test_a_group_of_other_bakes_is_stale_once_a_baked_setting_is_turned(
    gui_session: Any, tmp_path: Path
) -> None:
    from reage_nuke import gizmo_knobs

    nuke = bakes.start(gui_session, tmp_path)
    text = gizmo_knobs.TOOLSET.read_text(encoding="utf-8")
    text = text.replace(gizmo_knobs.FORMAT, "bakes of format 0")
    (tmp_path / "old.nk").write_text(text)
    bakes.read(nuke).setSelected(True)
    group = nuke.nodePaste((tmp_path / "old.nk").as_posix())
    group["fresh"].fromScript("{curve K x1000 0 x1001 1 x1003 0}")
    group["target_age"].setValue(30)
    gui_session.open_panel(group)
    group["blend"].setValue(0.5)
    assert group["fresh"].valueAt(1002) == 1.0
    group["target_age"].setValue(80)
    assert [group["fresh"].valueAt(f) for f in (1000, 1001, 1002, 1003)] == [0, 0.5, 0.5, 0]
    assert "Stale. ReAge1 is a Group of" in group["status"].value()


def test_a_group_of_another_version_is_shown_and_says_why_it_is_not_baked(
    session: Any, tmp_path: Path
) -> None:
    from reage.version import __version__
    from reage_nuke import gizmo_knobs, nodes

    nuke = bakes.start(session, tmp_path)
    text = gizmo_knobs.TOOLSET.read_text(encoding="utf-8")
    (tmp_path / "old.nk").write_text(
        text.replace(f"ReAge {__version__}", "ReAge 0.0.9").replace(
            ' addUserKnob {6 view_renders ', ' addUserKnob {6 view_of_old '
        ).replace("||view_renders", "")
    )
    bakes.read(nuke).setSelected(True)
    group = nuke.nodePaste((tmp_path / "old.nk").as_posix())
    group["when_not_baked"].setValue("plate")
    assert nodes.all_nodes() == []
    assert np.array_equal(bakes.pixels(group, 1001), bakes.pixels(group.input(0), 1001))
    group["bake_range"].execute()
    assert "ReAge1 is a Group of ReAge 0.0.9" in session.said[-1][1]
