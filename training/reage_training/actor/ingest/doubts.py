"""Ages that do not suit the face: each photograph held against the actor's others.

what skin and face tell ▶ years by people in general ▶ bent and weighed by this career ▶ odds

A hint, no more; what it finds, and doubts in vain, stands measured in docs/actor.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reage_training.actor.ingest import guess, years
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.odds import Odds, odds

Floats = npt.NDArray[np.float64]

FEWEST, SPAN = 12, 15.0
"""Photographs, and years from the youngest to the oldest, from which on skin tells ages."""

LIMIT = 1.5
"""Log of how much likelier an age must be wrong than right by its look to be doubted."""


def of_ages(ages: Sequence[float], found: Sequence[Measures]) -> list[str]:
    """For each photograph why its age is doubtful, in a sentence, or empty."""
    said = np.array(ages, np.float64)
    if len(said) < FEWEST or np.ptp(said) < SPAN:
        return [""] * len(said)
    held = against(said, years.told(found))
    return [
        f"Beside the actor's other photographs it looks {abs(off):.0f} years "
        f"{'older' if off > 0 else 'younger'} than {age:.0f}." if doubt > LIMIT else ""
        for off, doubt, age in zip(held.off, held.against, said, strict=True)
    ]  # fmt: skip


def against(said: Floats, told: Floats) -> Odds:
    """said: (n,) years; told: (n, m) see `years.told`."""
    skin, face = told[:, : -years.IDENTITY], told[:, -years.IDENTITY :]
    faces = np.where(np.isfinite(face), face - _mean(face), 0)
    return odds(said, guess.looks(said, years.score(told), [_even(skin), faces]))


def _even(table: Floats) -> Floats:
    """Each column of mean 0 and deviation 1; what is not seen is as in the others."""
    off = np.where(np.isfinite(table), table - _mean(table), 0)
    return np.asarray(off / np.maximum(np.sqrt((off**2).mean(0)), 1e-6))


def _mean(table: Floats) -> Floats:
    seen = np.isfinite(table)
    return np.asarray(np.where(seen, table, 0).sum(0) / np.maximum(seen.sum(0), 1))
