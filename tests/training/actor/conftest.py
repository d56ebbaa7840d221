"""A career of a dozen small photographs, on the small head, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reage_training.actor.invent import CareerOptions, invent

SMALL = CareerOptions(None, 3, 12, (180, 240), held=2, held_px=220, texture=512)


@pytest.fixture(scope="session")
def career(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("careers") / "3"
    invent(folder, SMALL, workers=1)
    return folder


@pytest.fixture(scope="session")
def small() -> CareerOptions:
    """The options that `career` is made with."""
    return SMALL
