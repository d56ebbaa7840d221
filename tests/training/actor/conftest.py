"""On the small head, made once: a career of a dozen small photographs; an actor's double."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.doubles import DOUBLE, sittings, write_album
from reage.pattern.photo.photograph import Photograph
from reage_training.actor.double import write_double
from reage_training.actor.invent import CareerOptions, invent
from reage_training.synth.photographs import Sitting

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


@pytest.fixture(scope="session")
def photographed() -> tuple[Sitting, ...]:
    return sittings()


@pytest.fixture(scope="session")
def taken(photographed: tuple[Sitting, ...]) -> tuple[Photograph, ...]:
    return tuple(photo for sitting in photographed for photo in sitting.photographs)


@pytest.fixture(scope="session")
def album(
    photographed: tuple[Sitting, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("actor") / "album"
    write_album(folder, photographed)
    return folder


@pytest.fixture(scope="session")
def double(
    album: Path, taken: tuple[Photograph, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("double")
    write_double(out, album, lambda: taken, DOUBLE)
    return out
