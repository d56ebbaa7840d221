"""A fresh fake Nuke for each test that asks, and nothing of ReAge in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import fake_nuke


@pytest.fixture
def session() -> Iterator[fake_nuke.Session]:
    """A terminal session, `nuke -t`."""
    session = fake_nuke.install()
    yield session
    session.uninstall()


@pytest.fixture
def gui_session() -> Iterator[fake_nuke.Session]:
    """A session with a GUI."""
    session = fake_nuke.install(gui=True)
    yield session
    session.uninstall()
