"""A file that is opened again: elsewhere, and by a newer Blender."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from helpers.get_bpy import reason
from helpers.in_blender import FOLDER, Blender, blender_in, color, read


def _same(one: Path, other: Path) -> None:
    for frame in (1, 2, 3):
        name = f"{frame:04d}.exr"
        np.testing.assert_array_equal(*(color(read(folder / name)) for folder in (one, other)))


WIRED = ["reage_delta", "reage_delta_detail", "reage_delta_form", "reage_delta_hair",
         "reage_delta_tone", "reage_guess_hair", "reage_matte", "reage_matte_hair",
         "reage_shape"]  # fmt: skip


def test_a_file_that_is_reopened_elsewhere_is_as_it_was(blender: Blender, baked: Path) -> None:
    said = blender.run("opened", baked)
    assert (said["text"], said["age"], said["linked"]) == ("baked 3/3", 75.0, WIRED)
    assert said["rebaked"] == [[], [1001, 1002, 1003], {}]
    _same(baked / "out", baked / "again")


def test_without_reage_blender_starts_and_shows_the_bake(
    baked_once: Path, line: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(baked_once, tmp_path / "shot"))
    (tmp_path / "user").mkdir()
    blender = blender_in(tmp_path / "user", line)
    where = blender.home / "extensions" / "user_default" / "reage" / "where.json"
    where.write_text(json.dumps({"root": str(tmp_path / "gone"), "python": ""}), encoding="utf-8")
    done = blender.start("bare", folder)
    assert done.returncode == 0, done.stderr
    assert "ReAge: Blender starts without it: " in done.stdout and "gone any more" in done.stdout
    said = json.loads((folder / "bare.result.json").read_text(encoding="utf-8"))
    assert said == {"loaded": False, "panels": [False, True]}
    _same(folder / "out", folder / "bare")


def test_a_file_of_an_older_blender(baked_once: Path, line: str, tmp_path: Path) -> None:
    """Saved by 4.5, opened by 5.0: the same pixels, and nothing to bake."""
    if line != "4.5":
        pytest.skip("this one is of the older Blender")
    if why := reason(FOLDER, "5.0"):
        pytest.skip(why)
    folder = Path(shutil.copytree(baked_once, tmp_path / "shot"))
    (tmp_path / "user").mkdir()
    said = blender_in(tmp_path / "user", "5.0").run("opened", folder)
    assert (said["text"], said["age"], said["linked"]) == ("baked 3/3", 75.0, WIRED)
    assert said["rebaked"] == [[], [1001, 1002, 1003], {}]
    _same(folder / "out", folder / "again")
