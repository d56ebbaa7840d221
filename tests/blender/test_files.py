"""Copies, scenes, libraries, undo: whose files are whose."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from helpers.in_blender import Blender, color, read


def test_copies_have_files_of_their_own(blender: Blender, baked: Path) -> None:
    said = blender.run("copies", baked)
    assert said["saved elsewhere"] == "baked 3/3"
    assert said["undo"] == ["baked 3/3", "baked 0/3, 3 stale: 1001-1003", "baked 3/3"]
    nodes, groups, texts = said["scenes"]
    assert nodes == 2 and texts == ["baked 3/3"] * groups
    assert said["before"] == ["baked 3/3"] * len(said["before"])
    assert sorted(said["after"])[0] == "baked 1/3" and "baked 3/3" in said["after"]
    assert "have the same files" in said["clear"]
    assert said["fresh"] == [1.0, 0.0], "each has a curve of its own"
    assert said["named"] == (baked / "another #1" / "shot_ReAge.%04d.exr").as_posix()
    assert said["beside nonsense"] == 0
    assert len(set(said["files"])) == len(said["files"]) == said["images"]
    assert len(list((baked / "reage_layers").glob("shot_ReAge.100?.exr"))) == 3


def test_a_linked_group_shows_its_bake_and_is_left_alone(blender: Blender, baked: Path) -> None:
    said = blender.run("linked", baked)
    assert said["text"] == "baked 3/3"
    assert "is linked from another file" in said["refused"]
    for frame in (1, 3):
        pictures = (
            baked / "out" / f"{frame:04d}.exr",
            baked / "elsewhere" / "linked" / f"{frame:04d}.exr",
        )
        np.testing.assert_array_equal(*(color(read(p)) for p in pictures))
