"""The years that a face's skin, and how the identity network sees it, say of people in general.

Learned from invented people alone: `years.json`, made by `learn_years`. What it says of real ones
is a hint, which each career's own photographs bend and weigh, see `guess`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage import strict_json
from reage.errors import SettingsError
from reage_training.actor.ingest.measure import Measures

Floats = npt.NDArray[np.float64]

FILE = Path(__file__).with_name("years.json")
IDENTITY = 128


def told(found: Sequence[Measures]) -> Floats:
    """(n, m) what tells years, and what gets in its way: skin; expression, sharpness, pose and
    light; the identity network's numbers. NaN where not seen."""
    none = np.full(IDENTITY, np.nan)
    return np.array([
        np.concatenate([
            m.skin, m.held, [np.log2(max(m.detail_px, 1.0)), abs(m.yaw) / 30, m.pitch / 30,
                             np.hypot(m.right, m.down)],
            m.identity if m.identity.size else none,
        ]) for m in found
    ], np.float64)  # fmt: skip


def score(table: Floats) -> Floats:
    """(n,) years, up to a constant, of rows of `told`; what is not seen says nothing."""
    usual, years = _learned()
    return np.asarray(np.where(np.isfinite(table), table - usual, 0) @ years)


@cache
def _learned() -> tuple[Floats, Floats]:
    """(m,) each: what is usual, and years for one more of it."""
    stored = strict_json.load(FILE, f"the table {FILE.name}", SettingsError)
    usual, years = (np.array(stored[name], np.float64) for name in ("usual", "years"))
    return usual, years


def learned(careers: Sequence[tuple[Floats, Floats]], ridge: float = 30.0) -> tuple[Floats, Floats]:
    """`usual` and `years` out of careers, (n,) true ages and (n, m) `told` each: ridge regression
    within each career, so that it is ageing that is learned and not who is old."""
    rows = np.vstack([table for _, table in careers])
    usual, spread = np.nanmean(rows, 0), np.maximum(np.nanstd(rows, 0), 1e-6)
    columns, ages = [], []
    for age, table in careers:
        read = np.where(np.isfinite(table), (table - usual) / spread, 0)
        columns.append(read - read.mean(0))
        ages.append(age - age.mean())
    x, y = np.vstack(columns), np.concatenate(ages)
    weight = np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ y)
    return usual, weight / spread
