"""What of a face's relief has been there at all ages: its features, pores, and the dimple that a
mole would pass for. A plate shows it already; it is no pattern of ageing.

Light is explained by still + growth(age) × ageing, in turns: the ageing out of all photographs, the
still out of what young ones show besides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from reage.pattern.photo.solve import Evidence
from reage.pixels.plate import Pixels
from reage_training.actor.album.growth import Growth
from reage_training.actor.album.sums import AgeSums, packed

_TURNS = 2


def without_still(sums: Sequence[AgeSums]) -> list[AgeSums]:
    """The same sums, their light without what the still relief takes."""
    still = _still(sums)
    return [replace(s, light=packed(e.light - e.of_relief(still))) for s in sums
            for e in (s.evidence(),)]  # fmt: skip


def _still(sums: Sequence[AgeSums]) -> Pixels:
    """(HERE.height, HERE.width) 0.1 mm; 0 where there is no young photograph."""
    still = ageing = np.zeros_like(sums[0].weight)
    for _ in range(_TURNS):
        ageing = _solved(sums, lambda g: (g * g, g), still, lambda g: 1.0)
        still = _solved(sums, lambda g: (_young(g), _young(g)), ageing, lambda g: g)
    return still


def _young(growth: float) -> float:
    return max(0.0, 1.0 - growth) ** 2


def _solved(
    sums: Sequence[AgeSums],
    counts: Callable[[float], tuple[float, float]],
    known: Pixels,
    times: Callable[[float], float],
) -> Pixels:
    """The relief that explains what `times(growth)` × known leaves over, counted by counts(growth):
    of the gains, and of the light."""
    total: Evidence | None = None
    for s in sums:
        growth, each = Growth.at(s.age).lines, s.evidence()
        of_gains, of_light = (np.float32(c) for c in counts(growth))
        left = each.light - np.float32(times(growth)) * each.of_relief(known)
        one = Evidence(each.gains * of_gains, left * of_light)
        total = one if total is None else total + one
    assert total is not None, "an album has photographs"
    return total.relief()
