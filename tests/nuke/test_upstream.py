"""What above a node makes its frames stale: what changes pixels, and nothing else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from helpers import bakes
from reage import home
from reage_host import fingerprint


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path)


def above(nuke: Any) -> dict[str, Any]:
    """A comp with one of each: the last node is the ReAge node's plate."""
    read = bakes.read(nuke)
    denoise = nuke.nodes.Bilateral2(inputs=[read])
    roto = nuke.nodes.Roto(inputs=[denoise])
    group = nuke.nodes.Group()
    with group:
        nuke.nodes.Output(inputs=[nuke.nodes.Grade(inputs=[nuke.nodes.Input()])])
    group.setInput(0, roto)
    group.addKnob(nuke.Text_Knob("notes", "notes", "by hand"))
    group.addKnob(nuke.PyScript_Knob("press", "press", "pass"))
    group.addKnob(nuke.Double_Knob("display_gain", "gain"))
    group.addKnob(nuke.Double_Knob("amount", "amount"))
    return {"Read": read, "Bilateral2": denoise, "Roto": roto, "Group": group}


def key(node: Any, frame: int = 1001, view: str = "main") -> Any:
    from reage_nuke.upstream import Tree

    return Tree.of(node).key(frame, view).look()


@pytest.mark.parametrize(
    "cls, knob, value",
    [
        ("Bilateral2", "gpuName", "NVIDIA H200"), ("Bilateral2", "useGPUIfAvailable", False),
        ("Bilateral2", "label", "heavy"), ("Bilateral2", "tile_color", 0xFF0000FF),
        ("Roto", "toolbox", "7"), ("Roto", "display_tracks", True), ("Roto", "dope_sheet", True),
        ("Group", "notes", "by another hand"), ("Group", "press", "print()"),
        ("Read", "localizationPolicy", "off"),
        ("Read", "version", 3),
    ],
)  # fmt: skip
def test_what_changes_no_pixel_does_not_count(
    script: Any, cls: str, knob: str, value: Any
) -> None:
    nodes = above(script)
    before, changed = key(nodes["Group"]), nodes[cls][knob]
    said = changed.toScript()
    changed.fromScript(value) if isinstance(value, str) else changed.setValue(value)
    assert key(nodes["Group"]) == before and changed.toScript() != said


@pytest.mark.parametrize(
    "cls, knob, value",
    [
        ("Bilateral2", "positionalSigma", 2), ("Bilateral2", "disable", True),
        ("Roto", "opacity", 0.5), ("Roto", "curves", "{shapes}"), ("Group", "amount", 1),
        ("Group", "display_gain", 2),  # an expression inside may read it
        ("Read", "first", 1002), ("Read", "premultiplied", True),
    ],
)  # fmt: skip
def test_what_changes_pixels_counts(script: Any, cls: str, knob: str, value: Any) -> None:
    nodes = above(script)
    before, changed = key(nodes["Group"]), nodes[cls][knob]
    changed.fromScript(value) if isinstance(value, str) else changed.setValue(value)
    assert key(nodes["Group"]) != before


def test_a_knob_that_another_nuke_adds_does_not_count_at_its_default(script: Any) -> None:
    nodes = above(script)
    before = key(nodes["Group"])
    nodes["Group"].addKnob(script.Double_Knob("of_next_year", "of next year"))
    assert key(nodes["Group"]) == before
    nodes["Group"]["of_next_year"].setValue(1)
    assert key(nodes["Group"]) != before


def test_the_same_comp_on_another_mount_has_the_same_key(script: Any, tmp_path: Path) -> None:
    keys = []
    for mount in ("a", "b"):
        (tmp_path / mount).mkdir()
        shutil.copy(bakes.PLATE % 1001, tmp_path / mount / "p.1001.exr")
        read = bakes.read(script, (tmp_path / mount / "p.%04d.exr").as_posix())
        keys.append(key(script.nodes.Multiply(inputs=[read], value=2)))
    assert keys[0] == keys[1] and keys[0].seen


def test_the_folder_of_a_shifted_plate_counts_by_what_is_in_it(script: Any, tmp_path: Path) -> None:
    shutil.copy(bakes.PLATE % 1001, tmp_path / "p.1001.exr")
    read = bakes.read(script, (tmp_path / "p.%04d.exr").as_posix())
    shifted = script.nodes.TimeOffset(inputs=[read], time_offset=1)
    before = key(shifted)
    assert before.seen and key(shifted) == before
    shutil.copy(bakes.PLATE % 1002, tmp_path / "p.1001.exr")
    fingerprint._all_frames.cache_clear()
    assert key(shifted) != before
    tmp_path.rename(tmp_path.with_name("unmounted"))
    fingerprint._all_frames.cache_clear()
    assert not key(shifted).seen and key(shifted).said == before.said
    tmp_path.with_name("unmounted").rename(tmp_path)


@pytest.mark.parametrize(
    "cls", ["TimeDissolve", "OFXuk.co.thefoundry.furnace.f_deflicker2_v403"]
)
def test_a_neighbors_file_counts_under_a_node_that_reads_it(
    script: Any, tmp_path: Path, cls: str
) -> None:
    for frame in (1001, 1002):
        shutil.copy(bakes.PLATE % frame, tmp_path / f"p.{frame}.exr")
    read = bakes.read(script, (tmp_path / "p.%04d.exr").as_posix())
    node, still = getattr(script.nodes, cls)(name="A1"), script.nodes.Multiply(inputs=[read])
    node.setInput(0, read)
    before = key(node), key(still)
    shutil.copy(bakes.PLATE % 1003, tmp_path / "p.1002.exr")
    fingerprint._all_frames.cache_clear()
    assert key(node) != before[0] and key(still) == before[1]


def test_graph_scope_variables_and_views_count(script: Any) -> None:
    plate = script.nodes.Multiply(inputs=[bakes.read(script)], value=2)
    keys = [key(plate)]
    script.root()["gsv"].fromScript("{__default__ {shot sh020}}")
    keys.append(key(plate))
    script.addView("right")
    keys += [key(plate), key(plate, view="right")]
    assert all(a != b for i, a in enumerate(keys) for b in keys[:i])


def test_a_file_named_by_a_variable_is_not_read_directly(script: Any, tmp_path: Path) -> None:
    from reage_nuke import plates

    plain, named = bakes.read(script), bakes.read(script, "/show/%{shot}/p.%04d.exr")
    assert plates.footage(plain, "main", (1001, 1003), tmp_path).direct
    assert not plates.footage(named, "main", (1001, 1003), tmp_path).direct


def test_of_several_views_a_read_without_one_in_its_name_is_not_read_directly(
    script: Any, tmp_path: Path
) -> None:
    from reage_nuke import plates

    both, each = bakes.read(script), bakes.read(script, "/show/p.%V.%04d.exr")
    script.addView("right")  # an EXR of several views holds both in one file
    for view in ("main", "right"):
        assert not plates.footage(both, view, (1001, 1003), tmp_path).direct
        found = plates.footage(each, view, (1001, 1003), tmp_path)
        assert found.direct and found.pattern == f"/show/p.{view}.%04d.exr"


def test_of_a_node_above_the_mask_s_channel_counts_and_its_view_where_renders_get_it(
    script: Any,
) -> None:
    import reage_nuke

    node = reage_nuke.create(bakes.read(script))
    keys = [key(node)]
    node["view_mode"].setValue("matte")
    assert key(node) == keys[0]
    node["view_renders"].setValue(True)
    keys.append(key(node))
    node["mask_channel"].setValue("rgba.red")
    keys.append(key(node))
    node["invert_mask"].setValue(True)
    keys.append(key(node))
    assert len(set(map(repr, keys))) == 4


def test_what_a_node_above_bakes_counts_by_its_files_and_what_shows_of_them(script: Any) -> None:
    import reage_nuke

    node = reage_nuke.create(bakes.read(script))
    node["fresh"].setAnimated()
    for frame, value in ((1001, 1.0), (1002, 0.5)):
        node["fresh"].setValueAt(value, frame)
    keys = [(key(node, 1001), key(node, 1002))]
    for name, value in {
        "device": "cpu", "tile": 512, "datatype": "float", "output_layers": 1, "target_age": 70,
        "crop_size": "512", "use_face_point": True,
    }.items():  # fmt: skip
        node[name].setValue(value)
        assert (key(node, 1001), key(node, 1002)) == keys[0]
    node["when_not_baked"].setValue("plate")
    keys.append((key(node, 1001), key(node, 1002)))
    assert keys[0][0] == keys[1][0] and keys[0][1] != keys[1][1]
    node["map_channel"].setValue("red")
    assert key(node, 1001) != keys[0][0]


def test_no_live_knob_of_a_node_above_is_left_out(script: Any) -> None:
    from reage_nuke import nodes, upstream

    live = set(re.findall(r"parent\.(\w+)", home.gizmo().read_text("utf-8")))
    told = {"cache", "fresh", "shown_first", "shown_last", "bake_number"}  # by files and `fresh`
    how = {"when_not_baked", "output_layers"}  # counted where they show
    previews = {"preview_file", "preview_of", "preview_box", "preview_on"}
    ladder = live & {*nodes.RUNGS, *upstream._MOVED_BETWEEN}  # by files, and where there is one
    assert live & upstream._OWN == told | how | previews | ladder
    assert ladder >= {"rung1", "rung8", "target_age"}


def test_the_layers_of_a_node_above_count_where_a_node_below_reads_them(script: Any) -> None:
    import reage_nuke

    node = reage_nuke.create(bakes.read(script))
    below = script.nodes.Copy(inputs=[node, node], from0="reage_matte.alpha", to0="rgba.red")
    before = key(below)
    node["output_layers"].setValue(1)
    assert key(below) != before


def test_inside_a_group_counts_what_is_connected_to_the_group(script: Any) -> None:
    outside = script.nodes.Multiply(inputs=[bakes.read(script)], value=2)
    group = script.nodes.Group()
    with group:
        door = script.nodes.Input()
        script.nodes.Output(inputs=[door])
    free = key(door)
    group.setInput(0, outside)
    before = key(door)
    assert free != before and before.seen
    outside["value"].setValue(3)
    assert key(door) != before
