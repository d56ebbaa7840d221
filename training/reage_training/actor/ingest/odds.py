"""How much likelier an age is to be years off than right, by what others of those ages look like.

The question is put the way the chance runs, from an age to a look: where a face hardly changes
with the years, as the young do, a look tells no ages apart, and nothing is doubted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

OFF = (10.0, 20.0)
"""Years by which a wrong age is taken to be off, either way."""

_NEAR, _ANY = 10.0, 0.002
"""Years: sigma of what counts as about an age; and the weight of all others."""

_SLOPE, _SLOPE_TRUST, _APART = 0.6, 0.2, 10.0
"""Years that a face is seen to age in one, before anything was seen, and the weight of that: such
as of so many photographs _APART years apart."""

_WIDER, _SPREAD_TRUST, _LEAST = 1.5, 2.0, 2.0
"""How much wider `spread` looks around, in _NEAR; the weight of the whole career's spread, in
photographs; and years that it is at least."""

_ROUNDS, _TUKEY, _FARTHEST = 4, 4.0, 5.0


@dataclass(frozen=True)
class Odds:
    """off   (n,) years that each looks older than the others said to be of its age
    against (n,) log of how much likelier its look is with the likeliest of OFF than as said
    """

    off: Floats
    against: Floats


def odds(said: Floats, guessed: Floats) -> Odds:
    """said, guessed: (n,) years that are said of each photograph, and that it is guessed at without
    itself, see `guess`"""
    trust = np.ones(len(said))
    off, spread = guessed - said, np.ones(len(said))
    for _ in range(_ROUNDS):
        off = guessed - _like(said, guessed, trust, 0.0)
        spread = _spread(said, off, trust)
        trust = np.clip(1 - (off / (_TUKEY * spread)) ** 2, 0.02, None) ** 2
    right = _badness(off / spread)
    wrong = [
        _badness((guessed - _like(said, guessed, trust, way * years)) / spread)
        for years in OFF for way in (-1, 1)
    ]  # fmt: skip
    return Odds(off, right - np.min(wrong, axis=0))


def _badness(deviations: Floats) -> Floats:
    """Less the log of a normal law's likelihood, but for what is far off in any case."""
    return np.asarray(0.5 * np.minimum(deviations**2, _FARTHEST**2))


def _like(said: Floats, guessed: Floats, trust: Floats, later: float) -> Floats:
    """(n,) how old the others look that are so many years older than each is said to be: a line
    through those of about that age."""
    count, x, y, xx, xy = _around(
        said, later, _NEAR, [trust * k for k in (np.ones_like(said), said, guessed, said**2,
                                                said * guessed)]
    )  # fmt: skip
    x, y = x / count, y / count
    trusted = _SLOPE_TRUST * _APART**2 / count
    slope = (xy / count - x * y + _SLOPE * trusted) / (xx / count - x**2 + trusted)
    return np.asarray(y + np.clip(slope, 0, 1.5) * (said + later - x))


def _spread(said: Floats, off: Floats, trust: Floats) -> Floats:
    """(n,) how far looks lie apart about each age, from the mean of how far each is off."""
    whole = 1.48 * float(np.median(np.abs(off)))
    away = np.minimum(np.abs(off), 2.5 * whole)
    count, total = _around(said, 0.0, _WIDER * _NEAR, [trust, trust * away])
    mean = (total + _SPREAD_TRUST * whole / 1.25) / (count + _SPREAD_TRUST)
    return np.asarray(np.maximum(1.25 * mean, _LEAST))


def _around(said: Floats, later: float, sigma: float, values: list[Floats]) -> list[Floats]:
    """Sums of values over the others, weighed by how near they are to each age and `later` years;
    ages to the half year, so that many photographs cost no more than there are ages."""
    halves, which = np.unique(np.round(2 * said) / 2, return_inverse=True)
    weight = np.exp(-0.5 * ((said[:, None] + later - halves) / sigma) ** 2) + _ANY
    own = weight[np.arange(len(said)), which]
    return [
        weight @ np.bincount(which, value, len(halves)) - own * value for value in values
    ]  # fmt: skip
