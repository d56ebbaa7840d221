"""An actor of nobody: marks and ways of ageing that no default person has, out of a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from reage.errors import SettingsError
from reage.pattern.layout import KINDS
from reage.shape.fields import FIELDS
from reage.shaped import made
from reage_training.synth.ageing import SHADED
from reage_training.synth.head import Head
from reage_training.synth.person import Person
from reage_training.synth.said import SaidLook

MOLE, SCAR = "mole", "scar"

_LATE, _LATER = (-6.0, 8.0), (8.0, 15.0)
"""Years by which a kind of crease is early or late, as most are and as three in eight are, either
way: the default's are off by 3.5, nine in ten of them by less than 6."""

_FIRST, _LAST = 33.0, 52.0
"""Years between which the scar of grown years comes."""


@dataclass(frozen=True)
class InventedMark:
    """What stays on a skin once it is there.

    kind      MOLE or SCAR
    points    (u, v) of a mole, or along a scar, in face UV
    radius    half its width, in face UV
    strength  1 is that of a default person's mole
    since     years from which it is there; 0 where it always was
    """

    name: str
    kind: str
    points: tuple[tuple[float, float], ...]
    radius: float
    strength: float
    since: float = 0.0


@dataclass(frozen=True)
class Invented:
    """person  at rest, their look said but for the pattern's number
    gains  of each kind of crease against the pattern's own, of the left half and of the right
    moved  (F,) strength of each of `shape.fields.FIELDS` that moves the head without being shaded
    """

    seed: int
    person: Person
    marks: tuple[InventedMark, ...]
    gains: tuple[tuple[float, float], ...]
    moved: tuple[float, ...]

    @property
    def stages(self) -> tuple[float, ...]:
        """Years at which the skin's marks are others than before; the first is 0."""
        return tuple(sorted({0.0, *(mark.since for mark in self.marks)}))

    def there(self, age: float) -> tuple[InventedMark, ...]:
        return tuple(mark for mark in self.marks if mark.since <= age)

    def at(self, age: float) -> Person:
        """The person with the skin of an age: pattern k is that of stage k."""
        stage = sum(since <= age for since in self.stages) - 1
        assert self.person.look is not None, "an invented actor's look is said"
        return replace(self.person, look=replace(self.person.look, pattern=stage))

    def years(self, age: float) -> float:
        """Of their skin and shape."""
        return age * self.person.traits.ageing_speed

    @property
    def shape(self) -> tuple[float, ...]:
        """(F,) strength of each of `shape.fields.FIELDS`, whether moved or shaded."""
        assert self.person.look is not None, "an invented actor's look is said"
        shaded = iter(self.person.look.fields or ())
        return tuple(
            next(shaded) if f.shaded else m for f, m in zip(FIELDS, self.moved, strict=True)
        )

    def to_dict(self) -> dict[str, Any]:
        said = self.person.said
        assert said is not None, "an invented actor's look is said"
        return {
            "seed": self.seed, "look": said.to_dict(), "gains": self.gains, "moved": self.moved,
            "identity": [round(float(k), 5) for k in self.person.identity],
            "marks": [asdict(mark) for mark in self.marks],
        }  # fmt: skip


def marks_of(stored: Mapping[str, Any]) -> tuple[InventedMark, ...]:
    """The marks that a career's person.json tells of. Raises SettingsError."""
    marks = stored.get("marks")
    if not isinstance(marks, list):
        raise SettingsError("A career's person.json has a list of marks; this one has none.")
    return tuple(made(InventedMark, each, "A mark of person.json", SettingsError) for each in marks)


def invented(head: Head, seed: int) -> Invented:
    """The actor of a seed; another head, other bones."""
    rng = np.random.default_rng([seed, 180])
    person = Person.random(head, 900_000_000 + seed)
    return Invented(
        seed=seed,
        person=replace(person, expression={}, traits=_traits(rng, person), look=_look(rng)),
        marks=_marks(rng, person.traits.tone),
        gains=_gains(rng),
        moved=tuple(0.0 if f in SHADED else float(rng.uniform(0.3, 2.0)) for f in FIELDS),
    )


def _traits(rng: np.random.Generator, person: Person) -> Any:
    """Gains of age's colors beyond what default people have."""
    sign = rng.choice([-1.0, 1.0], 3)
    sallow, hollow, spots = np.exp(sign * rng.uniform(0.45, 0.8, 3))
    return replace(
        person.traits,
        ageing_speed=float(rng.uniform(0.88, 1.12)),
        sallow=float(sallow), hollow=float(hollow), spots=float(0.8 * spots),
        blood=float(rng.choice([-1.0, 1.0]) * rng.uniform(0.12, 0.22)),
        beard=0.0, makeup=(0.0, 0.0, 0.0, 0.0),
        freckles=float(rng.uniform(0.0, 0.8) * max(0.0, 1 - 2 * person.traits.tone)),
    )  # fmt: skip


def _look(rng: np.random.Generator) -> SaidLook:
    delays = np.clip(rng.normal(0, 3.5, len(KINDS)), *_LATE)
    off = rng.permutation(len(KINDS))[: 3 * len(KINDS) // 8]
    delays[off] = rng.choice([-1.0, 1.0], len(off)) * rng.uniform(*_LATER, len(off))
    fields = np.clip(rng.normal(1, 0.5, len(SHADED)), 0.0, 2.4)
    u, v = rng.uniform(0, 1, 2)
    return SaidLook(
        pattern=0, mirrored=False, shift=(float(u), float(v)),
        delays=tuple(round(float(d), 3) for d in delays),
        fields=tuple(round(float(f), 3) for f in fields),
    )  # fmt: skip


def _gains(rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    """Some kinds twice as strong, some next to nothing, and the halves of a face unlike."""
    both = np.exp(np.clip(rng.normal(0, 0.65, len(KINDS)), -1.6, 0.85))
    tilt = np.exp(np.clip(rng.normal(0, 0.25, len(KINDS)), -0.5, 0.5))
    pairs = zip(both * tilt, both / tilt, strict=True)
    return tuple((round(float(a), 3), round(float(b), 3)) for a, b in pairs)


_PLACES = (
    (0.335, 0.600), (0.665, 0.590), (0.300, 0.520), (0.700, 0.500), (0.400, 0.560), (0.600, 0.545),
    (0.420, 0.860), (0.590, 0.880), (0.320, 0.830), (0.690, 0.845), (0.430, 0.300), (0.575, 0.310),
    (0.350, 0.440), (0.655, 0.430), (0.270, 0.630), (0.735, 0.640), (0.500, 0.670),
)  # fmt: skip
"""(u, v) where skin is bare on nearly every face, .08 apart or so: cheeks, forehead, chin, nose."""


def _marks(rng: np.random.Generator, tone: float) -> tuple[InventedMark, ...]:
    """Five to seven moles, a scar of childhood and one that comes in grown years. On skin of any
    tone a mole is about as dark against it."""
    full = float(np.clip(0.75 - tone, 0.12, 0.45))  # what strength 1 adds, see `render.skin`
    places = [np.array(_PLACES[k]) for k in rng.permutation(len(_PLACES))]
    marks = []
    for k in range(int(rng.integers(5, 8))):
        u, v = places.pop() + rng.normal(0, 0.006, 2)
        marks.append(
            InventedMark(
                f"mole {k + 1}", MOLE, ((round(float(u), 4), round(float(v), 4)),),
                round(float(rng.uniform(0.0032, 0.0062)), 5),
                round(float(rng.uniform(0.26, 0.45)) / full, 3),
            )
        )  # fmt: skip
    for k, since in enumerate((0.0, round(float(rng.uniform(_FIRST, _LAST)), 1))):
        middle, turn = places.pop(), rng.uniform(0, np.pi)
        along = np.array([np.cos(turn), np.sin(turn)])
        across = np.array([-along[1], along[0]]) * rng.normal(0, 0.004)
        half = rng.uniform(0.016, 0.028)
        knots = (middle - half * along, middle + across, middle + half * along)
        points = tuple((round(float(u), 4), round(float(v), 4)) for u, v in knots)
        width = round(float(rng.uniform(0.0030, 0.0042)), 5)
        marks.append(InventedMark(f"scar {k + 1}", SCAR, points, width, 1.0, since))
    return tuple(marks)
