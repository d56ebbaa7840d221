"""Widgets without a display; sources, models and recorders that tests steer."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

import pytest

from reage_live.synthetic import TestSource


@pytest.fixture(scope="session")
def head():
    """The test source's pictures by number, without waiting."""
    source = TestSource((640, 360), paced=False)
    source.open()
    return source.picture


@pytest.fixture(scope="session")
def two_heads():
    source = TestSource((960, 360), heads=2, paced=False)
    source.open()
    return source.picture
