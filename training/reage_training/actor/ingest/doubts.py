"""Ages that do not suit the face: each photograph held against the actor's others.

what skin and face show ▶ the age that it is guessed at without itself ▶ odds

A hint, no more; what it finds, and doubts in vain, stands measured in docs/actor.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reage_training.actor.ingest.guess import guessed
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.odds import Odds, odds
from reage_training.actor.statistics import known_mean

Floats = npt.NDArray[np.float64]

FEWEST, SPAN = 12, 15.0
"""Photographs, and years from the youngest to the oldest, from which on skin tells ages."""

LIMIT = 1.6
"""Log of how much likelier an age must be wrong than right by its look to be doubted: about a tenth
of right ones are."""

_IDENTITY = 128


def of_ages(ages: Sequence[float], found: Sequence[Measures]) -> list[str]:
    """For each photograph why its age is doubtful, in a sentence, or empty."""
    said = np.array(ages, np.float64)
    if len(said) < FEWEST or np.ptp(said) < SPAN:
        return [""] * len(said)
    held = against(said, *shown(found))
    return [
        f"Beside the actor's other photographs it looks {abs(off):.0f} years "
        f"{'older' if off > 0 else 'younger'} than {age:.0f}." if doubt > LIMIT else ""
        for off, doubt, age in zip(held.off, held.against, said, strict=True)
    ]  # fmt: skip


def shown(found: Sequence[Measures]) -> tuple[Floats, Floats]:
    """(n, m) skin, with what gets in its way: expression, sharpness, pose and light; (n, 128) the
    identity network's numbers. NaN where not seen."""
    none = np.full(_IDENTITY, np.nan)
    skin = [
        np.concatenate([
            m.skin, m.held, [np.log2(max(m.detail_px, 1.0)), abs(m.yaw) / 30, m.pitch / 30,
                             np.hypot(m.right, m.down)],
        ]) for m in found
    ]  # fmt: skip
    faces = [m.identity if m.identity.size else none for m in found]
    return np.array(skin, np.float64), np.array(faces, np.float64)


def against(said: Floats, skin: Floats, faces: Floats) -> Odds:
    """said: (n,) years; skin, faces: see `shown`."""
    skin = _centered(skin)
    even = skin / np.maximum(np.sqrt((skin**2).mean(0)), 1e-6)
    return odds(said, guessed(said, [even, _centered(faces)]))


def _centered(table: Floats) -> Floats:
    """Each column less its mean; what is not seen is as in the actor's other photographs."""
    return np.where(np.isfinite(table), table - known_mean(table, 0), 0)
