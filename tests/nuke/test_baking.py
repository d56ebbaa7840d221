"""The bake, from a script to pixels: real worker, real files, the gizmo's own expressions."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes
from helpers.plate_files import write_image
from reage.errors import Cancelled, SettingsError
from reage.media.imagefile import read_plate
from reage.shot.tracking import load_track, save_track
from reage_host import exr_header


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path / "schön ü")


def test_the_node_adds_blend_times_matte_times_delta(script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate, blend=0.7)
    report = reage_nuke.bake(node, 1001, 1002)
    assert report.computed == (1001, 1002) and not report.failed
    before, after = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    delta, matte = bakes.layers(bakes.files_of(node)[0])
    inside = matte > 0
    assert inside.any() and np.abs(delta[inside]).max() > 0.01
    wanted = before[..., :3] + np.float32(0.7) * matte[..., None] * delta
    assert np.abs(after[..., :3] - wanted)[inside].max() <= 1e-6
    assert np.array_equal(after[~inside], before[~inside])
    assert np.array_equal(after[..., 3], before[..., 3])


def test_a_frame_that_is_not_baked_shows_the_plate(script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate, when_not_baked="plate")
    assert np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))
    reage_nuke.bake(node, 1001, 1001)
    assert not np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))
    for frame in (1002, 1003):
        assert np.array_equal(bakes.pixels(node, frame), bakes.pixels(plate, frame))


def test_a_squeezed_plate_counts_as_its_format_says(script: Any, tmp_path: Path) -> None:
    """Its file says nothing of it, as many do not; the Read's format does."""
    import reage_nuke

    rgb = read_plate(Path(bakes.PLATE % 1001)).rgb
    half = rgb.reshape(rgb.shape[0], -1, 2, 3).mean(2)
    write_image(tmp_path / "half.1001.exr", half, attributes={"colorspace": "ACEScg"})
    plate = bakes.read(script, (tmp_path / "half.%04d.exr").as_posix(), last=1001)
    script.addFormat(f"{half.shape[1]} {half.shape[0]} 2 squeezed")
    plate["format"].setValue("squeezed")
    node = bakes.node_on(plate)
    report = reage_nuke.bake(node, 1001, 1001)
    assert report.computed == (1001,) and not report.no_face
    (track,) = Path(node["cache"].value()).parent.glob("*.track.json")
    face = load_track(track)
    assert face.aspect == 2.0
    assert node["status"].value() == "baked 1/1"


def test_blend_and_matte_answer_without_a_bake(script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate)
    reage_nuke.bake(node, 1001, 1001)
    before, full = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    node["blend"].setValue(0.5)
    half = bakes.pixels(node, 1001)
    assert np.allclose(half - before, (full - before) / 2, atol=1e-6)
    node["blend"].setValue(0)
    assert np.array_equal(bakes.pixels(node, 1001), before)
    node["blend"].setValue(1)
    left = script.nodes.Expression(inputs=[plate], expr3="x < width / 2 ? 1 : 0")
    node.setInput(2, left)
    held = bakes.pixels(node, 1001)
    middle = before.shape[1] // 2
    assert np.array_equal(held[:, middle:], before[:, middle:])
    assert np.array_equal(held[:, : middle - 1], full[:, : middle - 1])
    assert not np.array_equal(held, before)


@pytest.mark.parametrize("view", ["plate", "delta", "matte", "split"])
def test_views(script: Any, view: str) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate)
    reage_nuke.bake(node, 1001, 1001)
    before, full = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    delta, matte = bakes.layers(bakes.files_of(node)[0])
    node["view_renders"].setValue(True)
    node["view_mode"].setValue(view)
    shown = bakes.pixels(node, 1001)[..., :3]
    if view == "plate":
        assert np.array_equal(shown, before[..., :3])
    elif view == "delta":
        assert np.allclose(shown, delta * matte[..., None], atol=1e-6)
    elif view == "matte":
        assert np.allclose(shown, np.repeat(matte[..., None], 3, 2), atol=1e-6)
    else:
        middle = before.shape[1] // 2
        assert np.array_equal(shown[:, :middle], before[:, :middle, :3])
        assert np.array_equal(shown[:, middle:], full[:, middle:, :3])


def test_only_missing_and_stale_frames_are_computed(script: Any) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    assert reage_nuke.bake(node, 1001, 1002).computed == (1001, 1002)
    again = reage_nuke.bake(node)
    assert (again.computed, again.kept) == ((1003,), (1001, 1002))
    assert reage_nuke.bake(node).computed == ()
    assert reage_nuke.states(node).text() == "baked 3/3"
    bakes.files_of(node)[1].unlink()
    assert reage_nuke.states(node).text() == "baked 2/3"
    assert reage_nuke.bake(node).computed == (1002,)


def test_keyed_ages_are_honoured_frame_by_frame(script: Any) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    age = node["target_age"]
    age.setAnimated()
    for frame, value in ((1001, 50), (1003, 20)):
        age.setValueAt(value, frame)
    assert reage_nuke.bake(node).computed == (1001, 1002, 1003)
    said = [exr_header.string_attribute(p, "reage:mark") for p in bakes.files_of(node)]
    assert len(set(said)) == 3
    sizes = [np.abs(bakes.layers(p)[0]).max() if p.exists() else 0 for p in bakes.files_of(node)]
    assert sizes[0] == 0 < sizes[1] < sizes[2]  # 1001: both ages are 50
    age.setValueAt(30, 1003)
    states = reage_nuke.states(node).frames
    assert states[1001] == "baked" and states[1003] == "stale"


def test_a_plate_that_nuke_changes_goes_through_a_write(script: Any) -> None:
    import reage_nuke

    read = bakes.read(script)
    brighter = script.nodes.Multiply(inputs=[read], value=2)
    direct, written = bakes.node_on(read), bakes.node_on(brighter)
    reage_nuke.bake(direct, 1001, 1001)
    reage_nuke.bake(written, 1001, 1001)
    assert [n.Class() for n in script.allNodes("Write")] == []  # the Write was for the moment only
    folder = bakes.files_of(written)[0].parent
    assert not list(folder.glob(".*_plates"))
    low, high = (bakes.layers(bakes.files_of(n)[0])[0] for n in (direct, written))
    assert np.abs(high).max() > 1.3 * np.abs(low).max()
    assert reage_nuke.states(written).frames[1001] == "baked"
    brighter["value"].setValue(3)
    assert reage_nuke.states(written).frames[1001] == "stale"


@pytest.mark.parametrize(("channel", "knob"), [("alpha", "expr3"), ("red", "expr0")])
def test_an_age_map_steers_per_pixel(script: Any, channel: str, knob: str) -> None:
    """By its alpha, as a Roto over the plate has it, or by its red."""
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate)
    node["map_channel"].setValue(channel)
    left = script.nodes.Expression(inputs=[plate], **{knob: "x < width / 2 ? 1 : 0"})
    node.setInput(1, left)
    reage_nuke.bake(node, 1001, 1001)
    delta, _ = bakes.layers(bakes.files_of(node)[0])
    middle = delta.shape[1] // 2
    assert np.abs(delta[:, : middle - 2]).max() > 0.01
    assert np.abs(delta[:, middle + 2 :]).max() == 0
    left[knob].setValue("1")
    assert reage_nuke.states(node).frames[1001] == "stale"
    left[knob].setValue("x < width / 2 ? 1 : 0")
    assert reage_nuke.states(node).frames[1001] == "baked"
    node["map_channel"].setValue("red" if channel == "alpha" else "alpha")
    assert reage_nuke.states(node).frames[1001] == "stale"


def test_a_hair_matte_bounds_the_graying_and_is_a_part_of_the_bake(script: Any) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate)
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    without = bakes.channels(bakes.files_of(node)[0])
    assert not without["reage_matte_hair.alpha"].any() and without["reage_guess_hair.alpha"].any()
    node["gray"].setValue(1)
    assert reage_nuke.states(node).frames[1001] == "baked"
    left = script.nodes.Expression(inputs=[plate], expr3="x < width / 2 ? 1 : 0")
    node.setInput(3, left)
    assert reage_nuke.states(node).frames[1001] == "stale"
    report = reage_nuke.bake(node, 1001, 1001)
    assert not [n for n in report.notices if "hair matte" in n]
    found = bakes.channels(bakes.files_of(node)[0])
    matte = found["reage_matte_hair.alpha"]
    middle = matte.shape[1] // 2
    assert matte[:, :middle].max() == 1 and not matte[:, middle:].any()
    before, plain = bakes.pixels(plate, 1001), bakes.pixels(node, 1001)
    node["gray"].setValue(0)
    changed = (bakes.pixels(node, 1001) != plain).any(-1)
    assert changed.any() and not changed[matte == 0].any()
    node["gray"].setValue(1)
    outside = (found["reage_matte.alpha"] == 0) & (matte == 0)
    assert np.array_equal(plain[outside], before[outside])
    left["expr3"].setValue("1")
    assert reage_nuke.states(node).frames[1001] == "stale"


def test_the_plates_of_neighbours_are_written_too(session: Any, script: Any) -> None:
    import reage_nuke

    brighter = script.nodes.Multiply(inputs=[bakes.read(script, last=1008)], value=2)
    node = bakes.node_on(brighter, steady=0.25)
    reage_nuke.bake(node, 1001, 1002)  # the face track needs every plate
    for steady, wanted in ((0.25, [1003, 1004, 1005]), (0, [1004])):
        node["steady"].setValue(steady)
        session.world.rendered.clear()
        assert reage_nuke.bake(node, 1004, 1004).computed == (1004,)
        assert [frame for _, frame, _ in session.world.rendered] == wanted


def test_a_frame_by_itself_takes_one_plate_and_a_range_follows_the_shot(
    session: Any, script: Any
) -> None:
    import reage_nuke
    from reage_host import track

    node = bakes.node_on(script.nodes.Multiply(inputs=[bakes.read(script)], value=2))

    def rendered(*frames: int) -> list[int]:
        session.world.rendered.clear()
        reage_nuke.bake(node, *frames)
        return sorted({frame for _, frame, _ in session.world.rendered})

    assert rendered(1002, 1002) == [1002]
    assert reage_nuke.states(node).text() == "baked 1/3"
    path = track.track_file(node["cache"].value())
    assert tuple(load_track(path).frames) == (1002,)
    assert rendered(1002, 1002) == []
    assert rendered(1003, 1003) == [1003]
    assert tuple(load_track(path).frames) == (1002, 1003)
    assert reage_nuke.states(node).text() == "baked 2/3"
    assert rendered() == [1001, 1002, 1003]
    assert tuple(load_track(path).frames) == (1001, 1002, 1003)
    assert reage_nuke.states(node).text() == "baked 3/3"


def test_a_frame_by_itself_leaves_what_a_hand_has_set(script: Any, tmp_path: Path) -> None:
    import shutil

    import reage_nuke
    from reage_host import track

    for frame in (1001, 1002, 1003):
        shutil.copy(bakes.PLATE % frame, tmp_path / f"p.{frame}.exr")
    node = bakes.node_on(bakes.read(script, (tmp_path / "p.%04d.exr").as_posix()))
    reage_nuke.bake(node)
    path = track.track_file(node["cache"].value())
    edited = path.read_text(encoding="utf-8").replace('"seen"', '"edited"', 1)
    path.write_text(edited, encoding="utf-8")
    shutil.copy(bakes.PLATE % 1004, tmp_path / "p.1001.exr")
    reage_nuke.bake(node, 1001, 1001)
    assert path.read_text(encoding="utf-8") == edited
    node["smooth"].setValue(5)
    reage_nuke.bake(node, 1001, 1001)
    assert path.with_suffix(".edited.json").read_text(encoding="utf-8") == edited
    assert tuple(load_track(path).frames) == (1001,)


def test_what_a_hand_has_set_in_a_frame_baked_by_itself_stays_in_the_shots_track(
    script: Any,
) -> None:
    import reage_nuke
    from reage_host import track

    node = bakes.node_on(bakes.read(script))
    reage_nuke.bake(node, 1002, 1002)
    path = track.track_file(node["cache"].value())
    there = load_track(path)
    moved = replace(there.frames[1002], center=(500.0, 300.0), state="edited", key=True)
    save_track(replace(there, frames={1002: moved}), path)
    assert len(reage_nuke.bake(node).computed) == 3
    frames = load_track(path).frames
    assert tuple(frames) == (1001, 1002, 1003) and frames[1002] == moved
    assert {frames[n].state for n in (1001, 1003)} == {"seen"}
    assert not path.with_suffix(".edited.json").exists()
    assert reage_nuke.bake(node).computed == ()


def test_cancel_keeps_finished_frames_and_the_next_bake_goes_on(script: Any) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script, last=1008))
    seen: list[Any] = []
    with pytest.raises(Cancelled, match="finished frames stay"):
        reage_nuke.bake(
            node,
            tell=seen.append,
            cancelled=lambda: any(s.text == "re-aging" and s.done >= 1 for s in seen),
        )
    stood = reage_nuke.states(node).numbers("baked")
    assert 1 <= len(stood) < 8
    report = reage_nuke.bake(node)
    assert set(report.kept) == set(stood) and len(report.computed) == 8 - len(stood)


def test_a_crashed_worker_is_told_and_the_next_bake_starts_another(script: Any) -> None:
    import signal

    import reage_nuke
    from reage.service.client import EngineError
    from reage_nuke import space
    from reage_nuke.baking import ENGINE

    node = bakes.node_on(bakes.read(script))
    worker = ENGINE.worker(space.engine_environment())
    first = worker.call("hello")["pid"]

    def die(step: Any) -> None:
        if step.text == "re-aging":
            os.kill(first, signal.SIGKILL)

    with pytest.raises(EngineError) as error:
        reage_nuke.bake(node, tell=die)
    assert error.value.kind == "WorkerDied" and len(str(error.value)) > 20
    assert not reage_nuke.states(node).error
    reage_nuke.bake(node)
    assert reage_nuke.states(node).text() == "baked 3/3"
    assert ENGINE.worker(space.engine_environment()).call("hello")["pid"] != first


def test_save_open_copy_and_paste(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate)
    reage_nuke.bake(node, 1001, 1001)
    shown = bakes.pixels(node, 1001)
    file = script.root().name()
    script.scriptSave(file)
    script.scriptClear()
    script.scriptOpen(file)
    node = script.toNode("ReAge1")
    assert np.array_equal(bakes.pixels(node, 1001), shown)
    assert reage_nuke.states(node).frames[1001] == "baked"

    for each in script.allNodes():
        each["selected"].setValue(each.name() == "ReAge1")
    script.nodeCopy((tmp_path / "clip.nk").as_posix())
    script.nodePaste((tmp_path / "clip.nk").as_posix())
    copy = script.toNode("ReAge2")
    copy.setInput(0, node.input(0))
    assert np.array_equal(bakes.pixels(copy, 1001), shown)
    copy["target_age"].setValue(80)
    reage_nuke.bake(copy, 1001, 1001)
    assert copy["cache"].value() != node["cache"].value()
    assert reage_nuke.states(node).frames[1001] == "baked"
    assert np.array_equal(bakes.pixels(node, 1001), shown)


def test_a_bake_beyond_the_range_follows_the_face_up_to_it(script: Any) -> None:
    import reage_nuke
    from reage_host import track

    plate = bakes.read(script, last=1008)
    node = bakes.node_on(plate)
    node["range_last"].setValue(1002)
    assert reage_nuke.bake(node, 1002, 1003).computed == (1002, 1003)
    faces = load_track(track.track_file(node["cache"].value()))
    assert tuple(faces.frames) == (1001, 1002, 1003)
    assert tuple(reage_nuke.states(node).frames) == (1001, 1002)
    assert not np.array_equal(bakes.pixels(node, 1003), bakes.pixels(plate, 1003))


def test_a_bake_apart_from_the_range_is_that_bake_alone(script: Any) -> None:
    import reage_nuke
    from reage_nuke.state import FileLook

    plate = bakes.read(script)
    node = bakes.node_on(plate)
    node["range_first"].setValue(1)
    node["range_last"].setValue(100)
    assert reage_nuke.bake(node, 1001, 1002).computed == (1001, 1002)
    assert FileLook.at(node).found().numbers("baked") == (1001, 1002)


@pytest.mark.parametrize("last", [1001, 1008])
def test_a_node_made_unwired_bakes_its_plates_range(script: Any, last: int) -> None:
    """As made by Tab with nothing selected, and wired with its panel closed."""
    from reage_nuke import plan

    node = script.createNode("ReAge", "", False)
    node.setInput(0, bakes.read(script, last=last))
    assert plan.make(node, None, None).frames == range(1001, last + 1)


def test_two_nodes_in_a_row_and_an_expression_on_the_root_settle(script: Any) -> None:
    import reage_nuke

    read = bakes.read(script)
    grade = script.nodes.Multiply(inputs=[read])
    grade["value"].setExpression("root.first_frame / 1001")
    first = bakes.node_on(grade)
    second = bakes.node_on(first, target_age=70)
    reage_nuke.bake(first)
    reage_nuke.bake(second)
    assert [reage_nuke.states(n).text() for n in (first, second)] == ["baked 3/3"] * 2
    bakes.files_of(first)[1].unlink()
    reage_nuke.bake(first)
    assert reage_nuke.states(second).numbers("stale") == (1002,)


def test_an_edited_track_is_honoured_and_never_lost(script: Any) -> None:
    import reage_nuke
    from reage_host import track

    node = bakes.node_on(bakes.read(script))
    reage_nuke.bake(node)
    path = track.track_file(node["cache"].value())
    text = path.read_text(encoding="utf-8").replace('"seen"', '"edited"', 1)
    path.write_text(text, encoding="utf-8")
    assert len(reage_nuke.states(node).numbers("stale")) == 1
    assert len(reage_nuke.bake(node).computed) == 1
    assert path.read_text(encoding="utf-8") == text
    node["smooth"].setValue(5)
    reage_nuke.bake(node)
    assert path.with_suffix(".edited.json").read_text(encoding="utf-8") == text


def test_plates_of_an_earlier_bake_are_never_taken(script: Any) -> None:
    import reage_nuke
    from reage_nuke import baking, plates

    brighter = script.nodes.Multiply(inputs=[bakes.read(script)], value=2)
    node = bakes.node_on(brighter)
    seen: list[str] = []
    reage_nuke.bake(node, 1001, 1001, tell=lambda step: seen.append(step.text))
    assert "writing plates" in seen
    folder = Path(node["cache"].value()).parent
    left = folder / f"{plates.SCRATCH}dead"
    left.mkdir()
    os.utime(left, (0, 0))
    node["target_age"].setValue(60)
    baking.bake(node, 1001, 1001)
    assert not list(folder.glob(f"{plates.SCRATCH}*"))


def test_an_edit_above_the_node_while_plates_are_written_is_noticed(script: Any) -> None:
    from reage.errors import PlateError
    from reage_nuke import baking

    brighter = script.nodes.Multiply(inputs=[bakes.read(script)], value=2)
    node = bakes.node_on(brighter)

    def edit(step: Any) -> None:
        if step.text == "writing plates":
            brighter["value"].setValue(3)

    with pytest.raises(PlateError, match="was changed"):
        baking.bake(node, 1001, 1002, tell=edit)


def test_inside_a_group(script: Any) -> None:
    import reage_nuke

    group = script.nodes.Group(name="Face")
    with group:
        plate = bakes.read(script)
        node = bakes.node_on(plate)
    assert node.fullName() == "Face.ReAge1"
    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    assert not np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))


def test_two_views_are_baked_each_with_its_own_files(script: Any) -> None:
    import reage_nuke

    script.addView("right")
    node = bakes.node_on(bakes.read(script))
    report = reage_nuke.bake(node, 1001, 1001)
    assert report.computed == (1001,)
    assert "%V" in node["cache"].value()
    made = [Path(node["cache"].value().replace("%V", v) % 1001) for v in ("main", "right")]
    assert all(p.is_file() for p in made)
    node["cache"].setValue((made[0].parent / "flat.%04d.exr").as_posix())
    with pytest.raises(SettingsError, match="2 views"):
        reage_nuke.bake(node, 1001, 1001)


def test_proxy_mode_does_not_reach_the_bake(script: Any) -> None:
    import reage_nuke

    plate = script.nodes.Multiply(inputs=[bakes.read(script)], value=1.5)
    node = bakes.node_on(plate)
    script.root().setProxy(True)
    reage_nuke.bake(node, 1001, 1001)
    assert script.root().proxy()
    _, matte = bakes.layers(bakes.files_of(node)[0])
    script.root().setProxy(False)
    assert matte.shape == bakes.pixels(plate, 1001).shape[:2]


@pytest.mark.parametrize(
    "saved, wanted", [("", "auto"), ("crop_size 512", 512), ('crop_size "model\'s own"', "auto")]
)
def test_scripts_from_before_auto_load(script: Any, saved: str, wanted: Any) -> None:
    from reage_nuke import nodes

    file = Path(script.root().name()).with_name("old.nk")
    file.write_text(f"ReAge {{\n inputs 0\n {saved}\n name ReAge7\n}}\n")
    script.scriptOpen(file.as_posix())
    assert nodes.still_values(script.toNode("ReAge7"))["crop_size"] == wanted


def test_a_script_from_before_gray_loads_with_what_it_said(script: Any) -> None:
    file = Path(script.root().name()).with_name("old.nk")
    file.write_text("ReAge {\n inputs 0\n grey 0.4\n name ReAge7\n}\n")
    script.scriptOpen(file.as_posix())
    assert script.toNode("ReAge7")["grey"].value() == 0.4  # a farm's picture is as it was


