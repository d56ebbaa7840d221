"""A plate in a folder, and the worker of this checkout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import reage
from reage_host.engine import Engine, command

DEMO = Path(reage.__file__).parents[1] / "samples"


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    """Three frames of the demo plate in a folder of their own; the first file."""
    folder = tmp_path / "sh010 ü"
    folder.mkdir()
    for number in (1001, 1002, 1003):
        shutil.copy(DEMO / f"demo.{number}.exr", folder / f"plate_v01.{number}.exr")
    return folder / "plate_v01.1001.exr"


@pytest.fixture
def engine(engine_python: None) -> Iterator[Engine]:
    engine = Engine(command)
    yield engine
    engine.close()
