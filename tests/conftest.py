"""Settings that all tests share."""

import os

# Tests run side by side, each process on a core; before numpy and torch are imported.
os.environ["OMP_NUM_THREADS"] = "1"

import sys
from pathlib import Path

import cv2
import pytest
from hypothesis import settings

import reage

cv2.setNumThreads(1)

# A busy machine is not a bug: no test of a law is judged by its time.
settings.register_profile("reage", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("reage")


def pytest_addoption(parser):
    parser.addoption("--kills", type=int, default=3, help="of test_claiming_killed.py; 50 is long")


KEPT_PATTERNS = Path(__file__).parent / "support" / "kept_patterns"


@pytest.fixture
def engine_python(tmp_path_factory, monkeypatch):
    """The worker's Python: this one, which finds ReAge also where it is not installed.

    The client takes PYTHONPATH out of the worker's surroundings, as it must inside Nuke. All
    workers of a session share the patterns that they draw: two seconds of a start that takes four.
    """
    if os.name == "nt":
        monkeypatch.setenv("REAGE_PYTHON", sys.executable)
        return
    program = tmp_path_factory.mktemp("engine") / "python"
    home = Path(reage.__file__).parent.parent
    kept = tmp_path_factory.getbasetemp() / "patterns"
    kept.mkdir(exist_ok=True)
    program.write_text(
        f'#!/bin/sh\nREAGE_TEST_PATTERNS="{kept}" PYTHONPATH="{KEPT_PATTERNS}:{home}" '
        f'exec "{sys.executable}" "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("REAGE_PYTHON", str(program))
