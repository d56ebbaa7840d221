"""Bakes from inside Blender, by the real worker."""

from __future__ import annotations

from pathlib import Path

from helpers.in_blender import Blender


def test_baked_by_operators(baked_once: Path) -> None:
    import json

    said = json.loads((baked_once / "make.result.json").read_text(encoding="utf-8"))
    assert said == {
        "before": "baked 0/3", "after": "baked 3/3",
        "files": "//reage_layers/shot_ReAge.%04d.exr",
    }  # fmt: skip


def test_a_file_that_is_reopened_elsewhere_is_as_it_was(blender: Blender, baked: Path) -> None:
    said = blender.run("opened", baked)
    assert (said["text"], said["age"]) == ("baked 3/3", 75.0)
    assert said["rebaked"] == [[], [1001, 1002, 1003], {}]
    for frame in (1, 2, 3):
        name = f"{frame:04d}.exr"
        assert (baked / "again" / name).read_bytes()[-4096:] == (
            baked / "out" / name
        ).read_bytes()[-4096:]
