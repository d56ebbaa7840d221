"""An invented actor of the small head, the album of photographs of them, and their double."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from reage.album import page_path
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.pattern.photo.photograph import Photograph
from reage_training.actor.album_growth import Growth
from reage_training.actor.double import DoubleOptions, write_double
from reage_training.render.bank import bank_of
from reage_training.synth.ageing import heights
from reage_training.synth.patterns import SHAPE_SIZE, pattern
from reage_training.synth.person import Person
from reage_training.synth.photographs import Sitting, seen_pattern, sitting_of
from reage_training.synth.seen import landmark_uv
from reage_training.synth.small_head import small_head

ACTOR = 41
AGES = (55.0, 75.0)
SMALL = DoubleOptions(None, 3, 2, 1, 96, 1, 128, rounds=1, large=False)


@pytest.fixture(scope="session")
def sittings() -> tuple[Sitting, ...]:
    """At each of AGES from one side."""
    head = small_head()
    bank = bank_of(
        pattern(ACTOR, SIZE)[None], heights(head, SHAPE_SIZE), torch.device("cpu")
    )
    person = Person.random(head, ACTOR)
    return tuple(
        sitting_of(head, landmark_uv(head), person, bank, age, 300, (age - 65,)) for age in AGES
    )


@pytest.fixture(scope="session")
def taken(sittings: tuple[Sitting, ...]) -> tuple[Photograph, ...]:
    return tuple(photo for sitting in sittings for photo in sitting.photographs)


@pytest.fixture(scope="session")
def album(sittings: tuple[Sitting, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page for each of AGES, of the photographs of that age alone."""
    folder = tmp_path_factory.mktemp("actor") / "album"
    for age, shown in zip(AGES, sittings, strict=True):
        page = seen_pattern(shown)
        grown = Growth.at(age)
        full = page.maps / np.array([grown.lines, grown.folds, grown.spots], np.float32)
        page = replace(page, maps=full.astype(np.float32))
        assert isinstance(page, PatternFile)
        page.write(page_path(folder, age))
    return folder


@pytest.fixture(scope="session")
def double(
    album: Path, taken: tuple[Photograph, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("double")
    write_double(out, album, lambda: taken, SMALL)
    return out
