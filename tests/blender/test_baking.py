"""Bakes from inside Blender, by the real worker."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from helpers.in_blender import Blender, color, read
from reage.media.imagefile import read_info

TEN = list(range(1001, 1011))


def test_baked_by_operators(baked_once: Path) -> None:
    said = json.loads((baked_once / "make.result.json").read_text(encoding="utf-8"))
    assert said == {
        "before": "baked 0/3", "after": "baked 3/3",
        "files": "//reage_layers/shot_ReAge.%04d.exr",
        "paths": ["//plates/plate.1001.exr", "//reage_layers/shot_ReAge.1001.exr"],
    }  # fmt: skip


def test_what_a_plate_or_a_setting_makes_stale(blender: Blender, baked: Path) -> None:
    assert blender.run("stale", baked) == [
        "baked 3/3",
        "baked 3/3",  # another time is no other plate
        "baked 2/3, 1 stale: 1002",
        "baked 1/3, 1 stale: 1002",
        [[1001, 1002, 1003], [], {}],  # the track is of another shot
        "baked 3/3",
        "baked 0/3, 3 stale: 1001-1003",
        "baked 3/3",  # blend is live
    ]
    seen = {
        (chosen, frame): color(read(baked / chosen / f"{frame:04d}.exr"))
        for chosen in ("red", "stale bake", "plate")
        for frame in (1, 2, 3)
    }
    plates = {f: color(read(baked / "plates" / f"plate.{1000 + f}.exr")) for f in (1, 2, 3)}
    before = color(read(baked / "out" / "0001.exr"))
    for chosen in ("red", "stale bake", "plate"):
        np.testing.assert_array_equal(seen[chosen, 1], before)
    np.testing.assert_array_equal(seen["plate", 2], plates[2])
    assert np.abs(seen["stale bake", 2] - plates[2]).max() > 0.01
    np.testing.assert_array_equal(seen["stale bake", 3], plates[3])
    for frame in (2, 3):
        np.testing.assert_array_equal(seen["red", frame][..., 0], plates[frame][..., 0])
        assert np.abs(seen["red", frame] - 0.1 * plates[frame])[..., 1:].max() < 1e-6


def test_ages_may_have_keys(blender: Blender, baked: Path) -> None:
    assert blender.run("keyed", baked) == [
        "baked 0/3, 3 stale: 1001-1003",
        [[1001, 1002, 1003], [], {}],
        "baked 3/3",
        "baked 1/3, 2 stale: 1002-1003",
        "baked 2/3, 1 stale: 1003",
    ]
    files = [baked / "reage_layers" / f"shot_ReAge.{n}.exr" for n in (1001, 1002, 1003)]
    ages = [float(read_info(file).metadata["reage:target_age"]) for file in files]
    assert ages[0] == 60.0 and 70.0 < ages[1] < 75.0 and ages[2] == 80.0


def test_a_bake_that_is_cancelled_keeps_what_is_finished(blender: Blender, baked: Path) -> None:
    said = blender.run("in_background", baked, "cancel")
    assert said["error"] == "" and said["log"][-1].endswith("finished frames stay.")
    assert "ReAge is being baked already." in said["busy"][0]
    assert "ReAge is being baked; cancel that first." in said["busy"][1]
    assert any(step.startswith("following the face: ") for step in said["steps"])
    computed, kept, failed = said["again"]
    assert sorted(computed + kept) == TEN and 1001 in kept and computed and not failed
    assert said["end"] == "baked 10/10"
    before, after, text = said["disabled"]
    assert before and not after, "its timers go with it"
    assert not text.startswith("baked 0/") and "stale" in text


@pytest.mark.skipif(os.name == "nt", reason="ends a process by a signal")
def test_a_worker_that_is_killed_is_told_and_the_next_bake_starts_another(
    blender: Blender, baked: Path
) -> None:
    said = blender.run("in_background", baked, "kill")
    assert "The engine ended unexpectedly (signal 9" in said["error"]
    assert said["end"] == "baked 10/10"


def test_blender_closed_in_mid_bake_loses_nothing(blender: Blender, baked: Path) -> None:
    done = blender.start("in_background", baked, "close")
    assert done.returncode == 0 and not (baked / "in_background.result.json").exists()
    said = blender.run("opened", baked)
    computed, kept, failed = said["rebaked"]
    assert 1001 in kept and sorted(computed + kept) == [1001, 1002, 1003] and not failed
