"""A fresh fake Nuke for each test that asks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import fake_nuke

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt


@pytest.fixture
def session(engine_python: None) -> Iterator[fake_nuke.Session]:
    """A terminal session, `nuke -t`: sys.modules["nuke"] is its module."""
    yield from _installed(gui=False)


@pytest.fixture
def gui_session(engine_python: None, qapp: Any) -> Iterator[fake_nuke.Session]:
    """A session with a GUI, and so with Qt's event loop."""
    yield from _installed(gui=True)


@pytest.fixture(params=["indie", "nc"])
def limited_session(
    engine_python: None, qapp: Any, request: pytest.FixtureRequest
) -> Iterator[fake_nuke.Session]:
    """A session with a GUI whose Python reaches ten nodes."""
    yield from _installed(gui=True, edition=request.param)


@pytest.fixture
def limited_terminal(engine_python: None) -> Iterator[fake_nuke.Session]:
    """The same, as `nuke -t --indie`."""
    yield from _installed(gui=False, edition="indie")


def _installed(gui: bool, edition: str = "") -> Iterator[fake_nuke.Session]:
    session = fake_nuke.install(gui, plugins=["reage_nuke"], edition=edition)
    yield session
    if waiting := sys.modules.get("reage_nuke.waiting"):
        waiting.forget_waiting()
    session.pump()  # no timer of this session fires in the next
    _end_worker()
    session.uninstall()
    assert session.lost == [], "set inside of a gizmo, and so lost when the script is saved"


def _end_worker() -> None:
    """Nuke's worker ends with Nuke; here the process goes on to the next test."""
    if baking := sys.modules.get("reage_nuke.baking"):
        baking.ENGINE.close()
