"""A pattern as a model sees it: three textures of what the face may get in its oldest years."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from reage.pattern.crease import Kind
from reage.pattern.kept import kept
from reage.pattern.layout import (
    BAG,
    KINDS,
    LID,
    MARIONETTE,
    MENTOLABIAL,
    NASOLABIAL,
    NECK_CORD,
    TROUGH,
)
from reage.pattern.noise import Field
from reage.pattern.relief import Relief, relief

SIZE = 1024
"""Side of the textures in texels."""

FOLDS: tuple[Kind, ...] = (LID, BAG, TROUGH, NASOLABIAL, MARIONETTE, MENTOLABIAL, NECK_CORD)
"""Kinds that count as form; all others are lines."""

FULL_AGE = 85.0
"""Years at which a pattern is shown to a model."""

LINES_UNIT, FOLDS_UNIT, MARKS_UNIT = 5.0, 12.0, 0.12
"""What 1.0 in each map stands for: 0.1 mm of relief twice, and tone."""


@lru_cache(maxsize=4)
def maps(seed: int) -> Field:
    """(SIZE, SIZE, 3) float32, read-only: lines, folds, marks of the pattern of a seed.

    Row 0 is v = 1 (forehead), column 0 is u = 0. lines and folds: relief at FULL_AGE of a
    face at rest, below zero in a groove; marks: extra tone of the age spots. Nearly
    all of it is within −1 … 1, the deepest grooves reach −6; 0 where the pattern changes nothing.
    """
    out = kept(seed, (SIZE, SIZE, 3), lambda: shown(relief(seed, SIZE)))
    out.setflags(write=False)
    return out


def shown(pattern: Relief) -> Field:
    """(N, N, 3) maps of a pattern."""
    weight = np.array([kind.aged_depth(FULL_AGE) for kind in KINDS], np.float32)
    is_fold = np.array([kind in FOLDS for kind in KINDS])
    lines = np.tensordot(weight * ~is_fold, pattern.kinds, 1)
    lines = lines + pattern.weave + pattern.fine + pattern.crepe
    folds = np.tensordot(weight * is_fold, pattern.kinds, 1)
    planes = (lines / LINES_UNIT, folds / FOLDS_UNIT, pattern.spots.sum(0) / MARKS_UNIT)
    return np.stack(planes, -1).astype(np.float32)
