"""Inside Nuke itself, where REAGE_NUKE names one. Not run on the project's own machines."""

from __future__ import annotations

import os
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest

from helpers import bakes
from reage import home

NUKE = os.environ.get("REAGE_NUKE")
SCRIPT = Path(__file__).with_name("in_nuke.py")


@pytest.mark.requires_nuke
@pytest.mark.skipif(not NUKE, reason="needs Nuke: set REAGE_NUKE to its executable")
def test_inside_nuke(tmp_path: Path) -> None:
    command = [str(NUKE), "-t", str(SCRIPT), bakes.PLATE, tmp_path.as_posix()]
    paths = {**os.environ, "NUKE_PATH": str(home.plugin(home.root()))}
    done = subprocess.run(command, env=paths, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0 and "NOT WELL" not in done.stdout, done.stdout + done.stderr


def test_its_checks_are_right_about_the_fake(session: Any, tmp_path: Path) -> None:
    assert _checked(session, tmp_path) == 0


def test_its_checks_are_right_about_a_limited_edition(
    limited_terminal: Any, tmp_path: Path
) -> None:
    assert _checked(limited_terminal, tmp_path) == 0


def _checked(session: Any, folder: Path) -> int:
    session.start(home.plugin(home.root()))
    bakes.works_in_acescg(session.nuke, folder)
    code: int = runpy.run_path(str(SCRIPT))["main"](bakes.PLATE, folder.as_posix())
    return code
