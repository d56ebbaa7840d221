"""A ladder: target ages at which layers are baked once, so that a comp moves between them.

`20,30,40,50,60,70` has six rungs. Between two of them a comp mixes their layers, beyond the first
and the last it holds those. At the source age nothing changes, so a comp takes that for a rung
too, without a file.

Standard library only: hosts read it as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reage.errors import SettingsError
from reage.shaped import shown

MOST = 8
"""Rungs of a ladder: a node in a comp holds so many, and hardly anybody sees a ninth."""

_AGES = re.compile(r"\s*\d{1,3}\s*(?:[,\s]\s*\d{1,3}\s*)*")

_OLDEST = 100

_NEAR = 5
"""Years beside the source age within which a mix is far off: `reage bench ladder`, ADR 28."""


def rungs(text: str) -> tuple[int, ...]:
    """Whole years, ascending, each once, of words such as "20,30,40". Raises SettingsError."""
    if not isinstance(text, str) or not _AGES.fullmatch(text):
        raise SettingsError(
            f"--ladder is target ages in whole years, such as 20,30,40,50,60,70; it got "
            f"{shown(text)}."
        )
    ages = sorted({int(word) for word in re.split(r"[,\s]+", text.strip())})
    if ages[-1] > _OLDEST:
        raise SettingsError(f"--ladder has {ages[-1]}; ages go from 0 to {_OLDEST}.")
    if len(ages) > MOST:
        raise SettingsError(f"--ladder has {len(ages)} ages; {MOST} is the most.")
    return tuple(ages)


@dataclass(frozen=True)
class Place:
    """Where an age stands on a ladder: `share` of the way, 0 … 1, from one rung to another. None is
    the source age, at which nothing changes."""

    lower: int | None
    upper: int | None
    share: float


def place(ages: tuple[int, ...], source_age: float, target_age: float) -> Place:
    """Between which rungs a target age lies; at one of them, or beyond the ends, both are that."""
    stops: list[tuple[float, int | None]] = [(age, age) for age in ages if age != source_age]
    stops = sorted([*stops, (source_age, None)], key=lambda stop: stop[0])
    below = max((s for s in stops if s[0] <= target_age), default=stops[0], key=lambda s: s[0])
    above = min((s for s in stops if s[0] >= target_age), default=stops[-1], key=lambda s: s[0])
    if below[0] >= above[0]:
        return Place(below[1], below[1], 0.0)
    return Place(below[1], above[1], (target_age - below[0]) / (above[0] - below[0]))


def wanting(ages: tuple[int, ...], source_age: float) -> tuple[int, ...]:
    """Rungs that a ladder lacks beside the source age: five years to each side on which it has
    any, unless one is about as near."""
    below = [age for age in ages if age < source_age]
    above = [age for age in ages if age > source_age]
    wide = 1.5 * _NEAR
    lacks = []
    if below and source_age - below[-1] > wide:
        lacks.append(round(source_age) - _NEAR)
    if above and above[0] - source_age > wide:
        lacks.append(round(source_age) + _NEAR)
    return tuple(lacks)
