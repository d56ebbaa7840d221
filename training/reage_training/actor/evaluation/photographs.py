"""Contenders on photographs that were held out: made as old as another shows the actor, and
compared with the rest of those of that age, as is the other itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reage.errors import ReageError
from reage.faces import face_frame
from reage.pattern.photo.photograph import Photograph
from reage.pixels.geometry import Region
from reage.pixels.plate import Plate, PlateInfo
from reage_training.actor.book import Book
from reage_training.actor.evaluation.contender import PLATE, Contender
from reage_training.actor.evaluation.pairs import SPACE
from reage_training.actor.photographs import photograph_of
from reage_training.actor.statistics import (
    Distance,
    SkinStatistics,
    distance,
    known_mean,
    mean_of,
    skin_statistics,
)
from reage_training.evaluation.identity import meshes, shift
from reage_training.synth.head import Floats

REAL = "another real photograph"
"""What contenders come to at best: what photographs of one age differ by."""

APART, NEAR = 9.0, 5.0
"""Years that a plate lies off at least from what it is compared with, and within which photographs
show one age."""

_PLATES = 2
"""Of each held-out photograph's age, those that are made so old."""


@dataclass(frozen=True)
class HeldPhotograph:
    photo: Photograph
    age: float
    statistics: SkinStatistics


@dataclass(frozen=True)
class Case:
    """A plate that is to be made as old as `real` shows; wanted: the rest of that age."""

    plate: HeldPhotograph
    real: HeldPhotograph
    wanted: SkinStatistics


@dataclass(frozen=True)
class Trial:
    """One plate made as old as a held-out photograph shows.

    pictures   by label, scene-linear as the plate's
    distances  by label, PLATE and REAL among them, from the case's `wanted`
    shifts     by label, see `identity.shift`
    """

    plate: HeldPhotograph
    real: HeldPhotograph
    pictures: dict[str, Floats]
    distances: dict[str, Distance]
    shifts: dict[str, tuple[float, ...]]

    @property
    def title(self) -> str:
        return f"{self.plate.age:.0f} → {self.real.age:.0f}"

    @property
    def older(self) -> bool:
        return self.real.age > self.plate.age


def held_of(book: Book, say: Callable[[str], None] = lambda _: None) -> list[HeldPhotograph]:
    """Those of a book that can be read and show enough skin."""
    out = []
    for entry in book.learned_from:
        assert entry.age is not None, "a book learns from entries with an age"
        try:
            photo = photograph_of(book, entry)
            out.append(HeldPhotograph(photo, entry.age, skin_statistics(photo)))
        except ReageError as error:
            say(str(error))
    return out


def cases(held: Sequence[HeldPhotograph]) -> list[Case]:
    """Each held-out photograph with the plates of other ages that show the face most alike, as far
    as there is a third to compare both with: of the age of the one, and far from the other's."""
    out = []
    for real in held:
        others = [h for h in held if abs(h.age - real.age) >= APART]
        others.sort(key=lambda h: _turned(h, real))
        for plate in others[:_PLATES]:
            rest = [h.statistics for h in held if h is not real and abs(h.age - real.age) <= NEAR
                    and abs(h.age - plate.age) >= APART]  # fmt: skip
            if rest:
                out.append(Case(plate, real, mean_of(rest)))
    return out


def trials(
    some: Sequence[Case], contenders: Sequence[Contender],
    say: Callable[[str], None] = lambda _: None,
) -> list[Trial]:  # fmt: skip
    """Of those cases whose results show enough skin to be read."""
    out = []
    for case in some:
        trial = _trial(case, contenders)
        if trial is not None:
            out.append(trial)
            say(f"photographs, {trial.title}")
    return out


def _trial(case: Case, contenders: Sequence[Contender]) -> Trial | None:
    plate, real, wanted = case.plate, case.real, case.wanted
    pictures: dict[str, Floats] = {}
    distances = {PLATE: distance(plate.statistics, wanted), REAL: distance(real.statistics, wanted)}
    shifts: dict[str, tuple[float, ...]] = {}
    for each in contenders:
        made = _made(each, plate, real.age)
        after = replace(plate.photo, rgb=made)
        try:
            distances[each.label] = distance(skin_statistics(after), wanted)
        except ReageError:  # too little skin is left to be read
            return None
        pictures[each.label] = made
        both = meshes(plate.photo.rgb, made)
        shifts[each.label] = () if both is None else shift(*both).shifts
    return Trial(plate, real, pictures, distances, shifts)


def _made(contender: Contender, held: HeldPhotograph, target: float) -> Floats:
    """The photograph's surroundings of the face at another age, in ACEScg, which photographs that
    say nothing else are read as."""
    rgb = held.photo.rgb
    region = Region(0, 0, rgb.shape[1], rgb.shape[0])
    plate = Plate(rgb, region, PlateInfo(region, region, ("R", "G", "B")))
    face = face_frame(held.photo.mesh, 1, 1.0)
    return contender.reaged(plate, SPACE, face, held.age, target)


def _turned(one: HeldPhotograph, other: HeldPhotograph) -> float:
    """How unlike two photographs show a face, by which landmarks look at the camera."""
    return float(np.abs(one.photo.facing - other.photo.facing).mean())


def mean_distance(some: Sequence[Trial], label: str) -> Distance:
    """Over the trials that know it."""
    found = [t.distances[label] for t in some]
    return Distance(*(
        float(known_mean([getattr(d, name) for d in found]))
        for name in ("relief", "strength", "tone", "shape")
    ))  # fmt: skip


def blind(some: Sequence[Trial]) -> tuple[str, ...]:
    """Which of relief, tone and shape tell nothing of a contender here: by them real photographs of
    an age lie no nearer to one another than a plate that is years off."""
    real, plate = (mean_distance(some, label) for label in (REAL, PLATE))
    return tuple(n for n in ("relief", "tone", "shape") if not getattr(real, n) < getattr(plate, n))
