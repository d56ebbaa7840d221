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


def test_one_of_another_wheel_is_got_anew(tmp_path: Path) -> None:
    python = get_bpy.python_of(tmp_path, "5.0")
    python.parent.mkdir(parents=True)
    python.write_bytes(b"")
    assert not get_bpy.is_there(tmp_path, "5.0")
    for wheel in ("bpy==5.0.0", get_bpy.WHEELS["5.0"]):
        (tmp_path / "5.0.wheel").write_text(wheel, encoding="utf-8")
        assert get_bpy.is_there(tmp_path, "5.0") == (wheel == get_bpy.WHEELS["5.0"])
    (tmp_path / "5.0.reason").write_text("it was interrupted", encoding="utf-8")
    assert not get_bpy.is_there(tmp_path, "5.0")


def test_without_a_network_the_second_line_is_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real pip, whose index refuses the connection."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    command = [sys.executable, get_bpy.__file__, str(tmp_path / "bpy")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "Traceback" not in done.stderr
    first, second = get_bpy.WHEELS
    assert not get_bpy.python_of(tmp_path / "bpy", second).exists()
    said = [get_bpy.reason(tmp_path / "bpy", line) for line in (first, second)]
    if "which is not here" not in said[0]:
        assert said[1].replace(second, first, 1) == said[0]


def test_one_that_was_never_asked_for_says_so(tmp_path: Path) -> None:
    assert "install.py --test" in get_bpy.reason(tmp_path, "4.5")
