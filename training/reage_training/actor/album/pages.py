"""A page: the pattern of the oldest years that, by the default ageing curves, gives what
photographs near its age show, and leans on all others where those say little.

Of each photograph the light is explained by growth(age) × relief. Least squares over all of them
gives the full relief. A page adds to it what photographs near its age, each counting by
exp(−½ ((age − page's) / YEARS)²), show besides: where they say little, that is nothing. Lines and
folds come by curves of their own, so each is solved for by its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from reage.pattern.file import PatternFile
from reage.pattern.maps import FOLDS_UNIT, LINES_UNIT, MARKS_UNIT, SIZE
from reage.pattern.photo.relief import folds_of, lines_of
from reage.pattern.photo.solve import Evidence
from reage.pixels.plate import Pixels
from reage_training.actor.album.growth import Growth
from reage_training.actor.album.sums import AgeSums, cut, whole
from reage_training.actor.album.tone import SIDE

YEARS, ALWAYS = 6.0, 0.08
"""Sigma over which ages tell of each other; what every age counts for any in spots and tone."""

_DARES = 0.3
"""How far photographs near an age are believed against what all say together."""

_RIDGE = 0.15
"""A place's weight at which half of a full-age spot is believed, and uncertainty is a half."""

_EDGE = 0.3
"""Share of what is usually seen of a place, below which it is an edge."""

_SEEN = 0.1
"""Coverage from which a mark that stays is on a page, whole: it was found there."""

_WHOLE = 0.6
"""Of skin to be seen, from which a place is covered wholly."""


@dataclass(frozen=True)
class Draft:
    """A page before its relief is solved for: what is known already, and evidence of the rest, for
    lines and for folds."""

    age: float
    lines: tuple[Pixels, Evidence]
    folds: tuple[Pixels, Evidence]
    rest: Pixels
    marks: Pixels
    coverage: Pixels
    count: Pixels
    uncertainty: Pixels
    tone: Pixels
    stays: Pixels
    said: dict[str, str | int | float]


@dataclass(frozen=True)
class Full:
    """The relief of all ages together, (HERE.height, HERE.width) 0.1 mm: for lines, for folds."""

    lines: Pixels
    folds: Pixels

    @classmethod
    def of(cls, sums: Sequence[AgeSums]) -> Full:
        return cls(*(_total(sums, [1.0] * len(sums), name).relief() for name in ("lines", "folds")))


def draft(
    age: float,
    sums: Sequence[AgeSums],
    full: Full,
    stays: Pixels,
    marked: Pixels,
    said: dict[str, str | int | float],
) -> Draft:
    """sums: of all ages; stays (SIZE, SIZE): tone of the marks that are there at that age;
    marked (SIZE, SIZE): of those of any age, see `summed`; said: for the header"""
    near = [float(np.exp(-0.5 * ((s.age - age) / YEARS) ** 2)) for s in sums]
    zero = np.zeros_like(sums[0].weight)
    rest, trusted, spots, spot_weight, known = (zero.copy() for _ in range(5))
    tone = np.zeros((SIDE, SIDE, 4), np.float32)
    away = np.float32(1) - np.minimum(cut(marked) * 50, 1)
    for k, s in zip(near, sums, strict=True):
        grown = Growth.at(s.age)
        w = s.weight * np.float32(k + ALWAYS)
        rest += w * s.rest
        trusted += w
        spots += w * np.float32(grown.spots) * s.marks * away
        spot_weight += w * np.float32(grown.spots**2)
        known += w * np.float32(grown.lines**2)
        tone += np.float32(k + ALWAYS) * s.tone
    best = np.max([s.coverage for s in sums], axis=0)
    return Draft(
        age, _besides(full.lines, sums, near, "lines"), _besides(full.folds, sums, near, "folds"),
        rest / np.maximum(trusted, np.float32(1e-6)), spots / (spot_weight + np.float32(_RIDGE)),
        np.clip(best / _WHOLE, 0, 1) * _inner(sums),
        np.asarray(sum(s.count for s in sums), np.float32), _RIDGE / (known + np.float32(_RIDGE)),
        tone[..., :3] / (tone[..., 3:] + np.float32(0.1)), stays, said,
    )  # fmt: skip


def _inner(sums: Sequence[AgeSums]) -> Pixels:
    """0 … 1: without the edges that hardly any photograph shows, where skin is not sure."""
    total = np.sum([s.weight for s in sums], axis=0)
    usual = float(np.percentile(total[total > 0], 75)) if np.any(total) else 1.0
    shown = np.clip(total / (_EDGE * usual), 0, 1).astype(np.float32)
    narrowed = cv2.erode(shown, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.GaussianBlur(narrowed, (0, 0), 4))


def solved(made: Draft) -> PatternFile:
    """The page itself."""
    coverage = made.coverage
    lines = lines_of(whole(relief_of(made.lines))) / LINES_UNIT
    folds = folds_of(whole(relief_of(made.folds))) / FOLDS_UNIT
    seen = whole(coverage)
    maps = np.stack([lines, whole(made.rest) * folds, whole(made.marks) / MARKS_UNIT], -1)
    uncertainty = np.where(seen > 0, whole(made.uncertainty - 1) + 1, np.float32(1))
    tone = cv2.resize(made.tone, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR) * seen[..., None]
    return PatternFile(
        np.asarray(maps * seen[..., None], np.float32), seen, whole(made.count), made.said,
        {
            "stays": made.stays * (seen > _SEEN),
            "uncertainty": np.asarray(uncertainty, np.float32),
            **{f"tone.{c}": np.ascontiguousarray(tone[..., k]) for k, c in enumerate("RGB")},
        },
    )  # fmt: skip


def _total(sums: Sequence[AgeSums], counts: Sequence[float], name: str) -> Evidence:
    """Of growth × relief, each age counting so much; name: of a growth."""
    total: Evidence | None = None
    for k, s in zip(counts, sums, strict=True):
        growth, each = getattr(Growth.at(s.age), name), s.evidence()
        gains = each.gains * np.float32(k * growth**2)
        one = Evidence(gains, each.light * np.float32(k * growth))
        total = one if total is None else total + one
    assert total is not None, "a page is of one age or more"
    return total


def _besides(
    full: Pixels, sums: Sequence[AgeSums], near: Sequence[float], name: str
) -> tuple[Pixels, Evidence]:
    """The full relief, and evidence of what is to be added to it."""
    there = _total(sums, [_DARES * k for k in near], name)
    return full, Evidence(there.gains, there.light - there.of_relief(full))


def relief_of(parts: tuple[Pixels, Evidence]) -> Pixels:
    """(HERE.height, HERE.width) 0.1 mm of what is known and what is added."""
    full, more = parts
    return np.asarray(full + more.relief())
