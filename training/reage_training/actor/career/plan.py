"""Which photographs a career has: ages, names, and what is the matter with some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from reage_training.actor.career.career import (
    ANOTHER,
    BLURRED,
    DATE,
    DUPLICATE,
    FOLDER,
    GOOD,
    MISLABELLED,
    NAME,
    TABLE,
    Truth,
)
from reage_training.actor.career.scene import Scene
from reage_training.synth.hairstyle import Style

YOUNGEST, OLDEST = 22.0, 70.0
FAULTS = (BLURRED, ANOTHER, DUPLICATE, MISLABELLED)
_OF_EACH = 15
"""Of so many photographs one is blurred, one another person's, one there twice, one mislabelled."""

_OFF = 10.0
"""Years by which a mislabelled age is off."""

_A_YEAR = 365.2425


@dataclass(frozen=True)
class Production:
    """age: years; hair: worn in all of its photographs"""

    age: float
    hair: Style


def productions(seed: int, count: int, male: bool, tone: float) -> tuple[Production, ...]:
    """A row of them from YOUNGEST to OLDEST, now close, now years apart; hairlines recede."""
    rng = np.random.default_rng([seed, 186])
    count = max(2, count)
    ages = np.sort(np.arange(count) + rng.uniform(-0.8, 0.8, count))
    ages = YOUNGEST + (ages - ages[0]) * (OLDEST - YOUNGEST) / (ages[-1] - ages[0])
    recession = float(rng.uniform(0.2, 0.9)) if male else 0.1
    out = []
    for age in ages:
        style = Style.random(rng, male, tone)
        old = (age - YOUNGEST) / (OLDEST - YOUNGEST)
        out.append(Production(float(age), replace(style, recession=recession * float(old))))
    return tuple(out)


def plan(
    seed: int, count: int, born: date, made: Sequence[Production], faces: tuple[int, int]
) -> tuple[Truth, ...]:
    """`count` photographs of the actor of a seed, duplicates last, no two of one name."""
    rng = np.random.default_rng([seed, 187])
    each = min(round(count / _OF_EACH), count // 5)
    kinds = [GOOD] * (count - 4 * each) + [kind for kind in FAULTS for _ in range(each)]
    weight = rng.dirichlet(np.full(len(made), 6.0))
    own = sorted(rng.choice(len(made), count - each, p=weight))
    # A career's first and last years are in it, whatever was drawn.
    own[0], own[-1] = 0, len(made) - 1
    order = [k for k in rng.permutation(kinds) if k != DUPLICATE]
    out: list[Truth] = []
    for k, (kind, which) in enumerate(zip(order, own, strict=True)):
        age = round(made[which].age + float(rng.uniform(0, 0.6)), 2)
        out.append(_named(rng, k, str(kind), age, born, Scene.random(_scene(seed, k), faces)))
    good = [t for t in out if t.kind == GOOD]
    for k, which in enumerate(rng.choice(len(good), each, replace=False)):
        of = good[which]
        scene = replace(Scene.random(of.seed, faces), seed=of.seed)
        twin = _named(rng, count - each + k, DUPLICATE, of.age, born, scene)
        out.append(replace(twin, of=of.file))
    return tuple(out)


def _scene(seed: int, k: int) -> int:
    return 700_000_000 + seed * 1000 + k


def _named(
    rng: np.random.Generator, k: int, kind: str, age: float, born: date, scene: Scene
) -> Truth:
    """What it is called, and what says how old the actor is."""
    said = age
    if kind == MISLABELLED:
        up = age - _OFF < YOUNGEST or (age + _OFF < OLDEST + 5 and rng.uniform() < 0.5)
        said = age + (_OFF if up else -_OFF)
    by = str(rng.choice([NAME, FOLDER, TABLE, DATE], p=[0.35, 0.3, 0.15, 0.2]))
    ending = str(rng.choice(["jpg", "png", "tif"], p=[0.78, 0.14, 0.08]))
    number = int(rng.integers(1, 90)) * 100 + k
    if by == DATE:
        file = f"scans/IMG_{number:04d}.jpg"
    elif by == NAME:
        said, file = float(int(said)), f"{int(said)}_{k:03d}.{ending}"
    elif by == FOLDER:
        said, file = float(int(said)), f"age_{int(said)}/DSC_{number:04d}.{ending}"
    else:
        said, file = round(said, 1), f"press/P{number:04d}.{ending}"
    return Truth(
        file, age, round(said, 2), by, kind, "", scene.seed, scene.face_px, round(scene.yaw, 1),
        scene.rig,
    )  # fmt: skip


def day(born: date, age: float) -> date:
    """The day on which somebody born then is so many years old."""
    return born + timedelta(days=round(age * _A_YEAR))
