"""A page: the pattern of the oldest years that, by the default ageing curves, gives what
photographs near its age show, and leans on all others where those say little.

Of each photograph the light is explained by growth(age) × relief. Least squares over all of them,
each counting by exp(−½ ((age − page's) / YEARS)²) + ALWAYS, gives the page's relief; what nothing
is known of is flat. Lines and folds come by curves of their own, so each is solved for by its own.
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
from reage_training.actor.album_growth import Growth
from reage_training.actor.album_sums import Sums, cut, whole
from reage_training.actor.album_tone import SIDE

YEARS, ALWAYS = 6.0, 0.08
"""Sigma over which ages tell of each other, and what every age counts for any."""

_RIDGE = 0.15
"""A place's weight at which half of a full-age spot is believed, and uncertainty is a half."""

_EDGE = 0.3
"""Share of what is usually seen of a place, below which it is an edge."""

_WHOLE = 0.6
"""Of skin to be seen, from which a place is covered wholly."""


@dataclass(frozen=True)
class Draft:
    """A page before its relief is solved for: evidence for lines and for folds, and the rest."""

    age: float
    lines: Evidence
    folds: Evidence
    rest: Pixels
    marks: Pixels
    coverage: Pixels
    count: Pixels
    uncertainty: Pixels
    tone: Pixels
    stays: Pixels
    said: dict[str, str | int | float]


def draft(
    age: float, sums: Sequence[Sums], stays: Pixels, said: dict[str, str | int | float]
) -> Draft:
    """sums: of all ages; stays (SIZE, SIZE): see `summed`; said: for the header"""
    lines = folds = None
    near = [float(np.exp(-0.5 * ((s.age - age) / YEARS) ** 2)) + ALWAYS for s in sums]
    zero = np.zeros_like(sums[0].weight)
    rest, trusted, spots, spot_weight, known = (zero.copy() for _ in range(5))
    tone = np.zeros((SIDE, SIDE, 4), np.float32)
    away = np.float32(1) - np.minimum(cut(stays) * 50, 1)
    for k, s in zip(near, sums, strict=True):
        grown = Growth.at(s.age)
        each = s.evidence()
        one = _scaled(each, k, grown.lines)
        two = _scaled(each, k, grown.folds)
        lines, folds = (one, two) if lines is None or folds is None else (lines + one, folds + two)
        w = s.weight * np.float32(k)
        rest += w * s.rest
        trusted += w
        spots += w * np.float32(grown.spots) * s.marks * away
        spot_weight += w * np.float32(grown.spots**2)
        known += w * np.float32(grown.lines**2)
        tone += np.float32(k) * s.tone
    assert lines is not None and folds is not None, "a page is of one age or more"
    best = np.max([s.coverage for s in sums], axis=0)
    return Draft(
        age, lines, folds, rest / np.maximum(trusted, np.float32(1e-6)),
        spots / (spot_weight + np.float32(_RIDGE)), np.clip(best / _WHOLE, 0, 1) * _inner(sums),
        np.asarray(sum(s.count for s in sums), np.float32), _RIDGE / (known + np.float32(_RIDGE)),
        tone[..., :3] / (tone[..., 3:] + np.float32(0.1)), stays, said,
    )  # fmt: skip


def _inner(sums: Sequence[Sums]) -> Pixels:
    """0 … 1: without the edges that hardly any photograph shows, where skin is not sure."""
    total = sum(s.weight for s in sums)
    usual = float(np.percentile(total[total > 0], 75)) if np.any(total) else 1.0
    shown = np.clip(total / (_EDGE * usual), 0, 1).astype(np.float32)
    narrowed = cv2.erode(shown, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.GaussianBlur(narrowed, (0, 0), 4))


def solved(made: Draft) -> PatternFile:
    """The page itself."""
    coverage = made.coverage
    lines = lines_of(whole(made.lines.relief())) / LINES_UNIT
    folds = folds_of(whole(made.folds.relief())) / FOLDS_UNIT
    seen = whole(coverage)
    maps = np.stack([lines, whole(made.rest) * folds, whole(made.marks) / MARKS_UNIT], -1)
    uncertainty = np.where(seen > 0, whole(made.uncertainty - 1) + 1, np.float32(1))
    tone = cv2.resize(made.tone, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR) * seen[..., None]
    return PatternFile(
        np.asarray(maps * seen[..., None], np.float32), seen, whole(made.count), made.said,
        {
            "stays": made.stays * seen, "uncertainty": np.asarray(uncertainty, np.float32),
            **{f"tone.{c}": np.ascontiguousarray(tone[..., k]) for k, c in enumerate("RGB")},
        },
    )  # fmt: skip


def _scaled(evidence: Evidence, counts: float, growth: float) -> Evidence:
    """Of growth × relief, that counts so much."""
    gains = evidence.gains * np.float32(counts * growth**2)
    return Evidence(gains, evidence.light * np.float32(counts * growth))
