"""A fresh stand-in for Nuke for each test that asks."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import standin


@pytest.fixture
def session(engine_python: None) -> Iterator[standin.Session]:
    """A terminal session, `nuke -t`: sys.modules["nuke"] is its module."""
    yield from _installed(gui=False)


@pytest.fixture
def gui_session(engine_python: None) -> Iterator[standin.Session]:
    """A session with a GUI."""
    yield from _installed(gui=True)


def _installed(gui: bool) -> Iterator[standin.Session]:
    session = standin.install(gui)
    yield session
    _end_worker()
    session.uninstall()


def _end_worker() -> None:
    """Nuke's worker ends with Nuke; here the process goes on to the next test."""
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.ENGINE.close()
