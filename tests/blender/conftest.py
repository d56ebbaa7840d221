"""Blender, of each line that is installed; and a shot that was baked in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from helpers.get_bpy import WHEELS, reason
from helpers.in_blender import FOLDER, Blender, blender_in, demo, write


@pytest.fixture(scope="session", params=WHEELS)
def line(request: pytest.FixtureRequest) -> str:
    if why := reason(FOLDER, request.param):
        pytest.skip(why)
    return str(request.param)


@pytest.fixture(scope="session")
def blender(line: str, tmp_path_factory: pytest.TempPathFactory) -> Blender:
    return blender_in(tmp_path_factory.mktemp(f"blender {line}"), line)


@pytest.fixture(scope="session")
def baked_once(blender: Blender, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with plates, a saved file, its bake, and what that renders; not to be changed."""
    folder = tmp_path_factory.mktemp(f"sh#010 ü {blender.line}")
    (folder / "plates").mkdir()
    for number in (1001, 1002, 1003):
        picture = demo(number)
        if number == 1001:
            picture[5, 5, :3], picture[6, 6, :3] = np.inf, -np.inf
        write(folder / "plates" / f"plate.{number}.exr", picture)
    blender.run("make", folder)
    return folder


@pytest.fixture
def baked(baked_once: Path, tmp_path: Path) -> Path:
    """A copy of it, in another place."""
    return Path(shutil.copytree(baked_once, tmp_path / "shot ü #1"))
