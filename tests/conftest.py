"""Settings that all tests share."""

import os

# Tests run side by side, each process on a core; before numpy and torch are imported.
os.environ["OMP_NUM_THREADS"] = "1"

import sys
from pathlib import Path

import cv2
import pytest
from hypothesis import settings

import reage.models  # before a test imports onnxruntime itself, which then keeps silent

cv2.setNumThreads(1)

# A busy machine is not a bug: no test of a law is judged by its time.
settings.register_profile("reage", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("reage")


def pytest_addoption(parser):
    parser.addoption("--kills", type=int, default=3, help="of test_rendering_faults.py; 50 is long")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """All tests of a session, and the processes that they start, share the patterns that they
    draw; the user's own cache stays as it is."""
    os.environ["REAGE_CACHE"] = str(tmp_path_factory.getbasetemp() / "cache")


@pytest.fixture
def engine_python(tmp_path_factory, monkeypatch):
    """The worker's Python: this one, which finds ReAge also where it is not installed.

    The client takes PYTHONPATH out of the worker's surroundings, as it must inside Nuke.
    """
    if os.name == "nt":
        monkeypatch.setenv("REAGE_PYTHON", sys.executable)
        return
    program = tmp_path_factory.mktemp("engine") / "python"
    home = Path(reage.__file__).parent.parent
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{home}" exec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("REAGE_PYTHON", str(program))
