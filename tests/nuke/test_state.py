"""Which frames of a node are stale, and which are not."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE, maps
from reage.shot.tracking import load_track, save_track


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path / "schön ü")


def test_stale_frames_show_the_plate_where_an_old_face_is_not_wanted(script: Any) -> None:
    import reage_nuke
    from reage_nuke import show

    plate = bakes.read(script)
    node = bakes.node_on(plate, when_not_baked="plate")
    reage_nuke.bake(node)
    node["target_age"].setValue(70)
    show.refresh(node)
    assert reage_nuke.states(node).text() == "baked 0/3, 3 stale"
    assert np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))
    node["target_age"].setValue(25)
    show.refresh(node)
    assert reage_nuke.states(node).text() == "baked 3/3"
    assert not np.array_equal(bakes.pixels(node, 1001), bakes.pixels(plate, 1001))


LIVE = (
    ("blend", 0.3), ("detail", 0.2), ("form", 1.8), ("tone", 0), ("gray", 1),
    ("view_mode", "delta"), ("tile", 256),
)  # fmt: skip
BAKED = (
    ("source_age", 60), ("pattern", 12), ("steady", 0.5), ("crop_size", "512"), ("smooth", 5),
    ("colorspace", "Linear Rec.709 (sRGB)"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("knob", "value", "state"),
    [*((*each, "baked") for each in LIVE), *((*each, "stale") for each in BAKED)],
)
def test_what_changes_a_pixel_makes_it_stale_and_nothing_else_does(
    script: Any, knob: str, value: Any, state: str
) -> None:
    import reage_nuke

    node = bakes.node_on(bakes.read(script))
    reage_nuke.bake(node, 1001, 1001)
    node[knob].setValue(value)
    assert reage_nuke.states(node).frames[1001] == state


def test_a_pattern_file_wins_over_the_seed_and_its_content_decides(
    script: Any, tmp_path: Path
) -> None:
    import reage_nuke
    from reage_nuke import nodes

    file, one = tmp_path / "a.pattern.exr", np.ones((SIZE, SIZE), np.float32)
    PatternFile(maps(4), one, one).write(file)
    node = bakes.node_on(bakes.read(script), pattern=f"{file}*0.7 + 5*0.3")
    assert node["pattern_file"].value() == f"{file}*0.7+seed:5*0.3"
    reage_nuke.bake(node, 1001, 1001)
    assert reage_nuke.states(node).frames[1001] == "baked"
    PatternFile(maps(5), one, one).write(file)
    assert reage_nuke.states(node).frames[1001] == "stale"
    nodes.set_pattern(node, 12)
    assert node["pattern_file"].value() == "" and nodes.still_values(node)["pattern"] == 12


def test_a_changed_plate_file_makes_its_frame_stale(script: Any, tmp_path: Path) -> None:
    import shutil

    import reage_nuke

    for frame in range(1001, 1004):
        shutil.copy(bakes.PLATE % frame, tmp_path / f"p.{frame}.exr")
    node = bakes.node_on(bakes.read(script, (tmp_path / "p.%04d.exr").as_posix()))
    reage_nuke.bake(node)
    stat = (tmp_path / "p.1002.exr").stat()
    os.utime(tmp_path / "p.1002.exr", ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))
    assert reage_nuke.states(node).text() == "baked 3/3"  # it was touched, and is the same
    shutil.copy(bakes.PLATE % 1004, tmp_path / "p.1002.exr")
    assert reage_nuke.states(node).frames == {1001: "baked", 1002: "stale", 1003: "baked"}


def test_a_steadied_frame_depends_on_its_neighbours(script: Any, tmp_path: Path) -> None:
    import shutil

    import reage_nuke

    for frame in range(1001, 1006):
        shutil.copy(bakes.PLATE % frame, tmp_path / f"p.{frame}.exr")
    plate = bakes.read(script, (tmp_path / "p.%04d.exr").as_posix(), last=1005)
    node = bakes.node_on(plate, steady=0.25)
    reage_nuke.bake(node)
    assert reage_nuke.states(node).text() == "baked 5/5"
    shutil.copy(bakes.PLATE % 1006, tmp_path / "p.1002.exr")
    assert reage_nuke.states(node).numbers("stale") == (1001, 1002, 1003)
    reage_nuke.bake(node)
    node["target_age"].setAnimated()
    for frame, value in ((1004, 25), (1005, 30)):
        node["target_age"].setValueAt(value, frame)
    assert reage_nuke.states(node).numbers("stale") == (1004, 1005)


def resized(file: Path, **sizes: float) -> None:
    """The track's faces in other sizes: _1003=99."""
    track = load_track(file)
    faces = {f"_{n}": face for n, face in track.frames.items()}
    faces |= {name: replace(faces[name], size=size) for name, size in sizes.items()}
    save_track(replace(track, frames={f.frame: f for f in faces.values()}), file)


def test_with_auto_a_frame_is_stale_once_another_s_face_changes_the_crop_size(script: Any) -> None:
    import reage_nuke
    from reage_host import track

    node = bakes.node_on(bakes.read(script), crop_size="auto")
    report = reage_nuke.bake(node, 1001, 1002)
    assert report.crops == (512,) and "crop 512 px" in report.text()
    file = track.track_file(node["cache"].value())
    resized(file, _1003=load_track(file).frames[1003].size + 0.01)  # the face is as large as before
    assert reage_nuke.states(node).frames[1001] == "baked"
    resized(file, _1003=900.0)
    assert reage_nuke.states(node).frames[1001] == "stale"
    node["crop_size"].setValue("512")
    again = reage_nuke.bake(node, 1001, 1001)
    assert again.computed == (1001,)
    resized(file, _1003=300.0)  # which is none of a number's business
    assert reage_nuke.states(node).frames[1001] == "baked"


def test_a_node_above_is_keyed_alike_by_old_names_of_its_knobs_and_new_ones(script: Any) -> None:
    from reage_nuke.upstream import Tree

    node = bakes.node_on(bakes.read(script), gray=0.4)
    today = Tree.of(node)
    node["gray"].setValue(0)
    plain = Tree.of(node)
    node["grey"].setValue(0.4)
    assert Tree.of(node) == today != plain
