"""An invented actor of the small head, the album that photographs of them give, their double."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from reage.album import page_path
from reage.pattern.maps import SIZE
from reage_training.actor.album.growth import Growth
from reage_training.actor.double.double import DoubleOptions
from reage_training.render.bank import bank_of
from reage_training.synth.ageing import heights
from reage_training.synth.patterns import SHAPE_SIZE, pattern
from reage_training.synth.person import Person
from reage_training.synth.photographs import Sitting, seen_pattern, sitting_of
from reage_training.synth.seen import landmark_uv
from reage_training.synth.small_head import small_head

ACTOR = 41
AGES = (55.0, 75.0)
DOUBLE = DoubleOptions(None, 3, 2, 1, 96, 1, 128, rounds=1, large=False)


def sittings() -> tuple[Sitting, ...]:
    """At each of AGES from one side."""
    head = small_head()
    bank = bank_of(pattern(ACTOR, SIZE)[None], heights(head, SHAPE_SIZE), torch.device("cpu"))
    person = Person.random(head, ACTOR)
    return tuple(
        sitting_of(head, landmark_uv(head), person, bank, age, 300, (age - 65,)) for age in AGES
    )


def write_album(folder: Path, sittings: Sequence[Sitting]) -> None:
    """A page for each of AGES, of the photographs of that age alone."""
    for age, shown in zip(AGES, sittings, strict=True):
        page, grown = seen_pattern(shown), Growth.at(age)
        full = page.maps / np.array([grown.lines, grown.folds, grown.spots], np.float32)
        replace(page, maps=full.astype(np.float32)).write(page_path(folder, age))
