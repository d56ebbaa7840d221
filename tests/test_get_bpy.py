"""Blender for the tests: where it cannot be had, its reason is a sentence and no failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import get_bpy


def test_a_blender_that_cannot_be_had_leaves_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real pip, which has no index to ask."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    command = [sys.executable, get_bpy.__file__, str(tmp_path / "bpy")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "Traceback" not in done.stderr
    for line, wheel in get_bpy.WHEELS.items():
        said = get_bpy.reason(tmp_path / "bpy", line)
        assert said in done.stdout
        assert said.startswith(f"Blender {line} is not here: ")
        assert f"pip has no {wheel}" in said or "which is not here" in said


def test_one_that_was_never_asked_for_says_so(tmp_path: Path) -> None:
    assert "install.py --test" in get_bpy.reason(tmp_path, "4.5")
