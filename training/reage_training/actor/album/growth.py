"""How much of a full-age pattern shows at an age, by the default ageing curves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from reage.pattern.layout import KINDS
from reage.pattern.maps import FOLDS
from reage.pattern.relief import SPOT_ONSETS
from reage.pixels.ramps import smoothstep

READ_AT = 74.0
"""Years at which a photograph's pattern, as it is read, is taken for the full-age one: the middle
of those of which the default model was shown photographs (`synth.seen`)."""

_LEAST = 0.02
"""No face is so young that its photograph says nothing."""

_DENSE = (31.0, 90.0)
"""Years between which weave, fine lines and crepe come, see `render.look.Look.dense`."""


@dataclass(frozen=True)
class Growth:
    """Shares of what shows at READ_AT: lines, folds, spots."""

    lines: float
    folds: float
    spots: float

    @classmethod
    def at(cls, age: float) -> Growth:
        lines, folds, spots = (max(f(age) / f(READ_AT), _LEAST) for f in (_lines, _folds, _spots))
        return cls(lines, folds, spots)


def _lines(age: float) -> float:
    drawn = [k for k in KINDS if k not in FOLDS]
    share = sum(k.aged_depth(age) for k in drawn) / sum(k.depth for k in drawn)
    return (share + smoothstep(age, *_DENSE)) / 2


def _folds(age: float) -> float:
    return sum(k.aged_depth(age) for k in FOLDS) / sum(k.depth for k in FOLDS)


def _spots(age: float) -> float:
    middles = [(a + b) / 2 for a, b in pairwise(SPOT_ONSETS)]
    return sum(smoothstep(age, m - 8, m + 14) for m in middles) / len(middles)
