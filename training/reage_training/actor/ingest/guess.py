"""The age that each photograph is guessed at by the actor's others, itself left out.

Bayesian linear regression of the ages that are said on what is seen, robust, as some are wrong.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_UNIT = 15.0
"""Years: about an age's deviation over a career."""

_NOISE = 0.15
"""Variance in _UNIT² that is left of one photograph: six years."""

_BROUGHT = 0.2
"""Variance in _UNIT² that each of the tables is expected to tell."""

_ROUNDS, _TUKEY, _LEAST = 6, 4.0, 0.15


def guessed(said: Floats, tables: list[Floats]) -> Floats:
    """(n,) years.

    said    (n,) years, some of them wrong
    tables  (n, m) each: what is seen of each photograph, centered
    """
    level = np.full((len(said), 1), 10.0)
    columns = np.hstack([level, *[_scaled(table) for table in tables]])
    return said + _UNIT * _left_out((said - said.mean()) / _UNIT, columns)


def _scaled(table: Floats) -> Floats:
    """So that a photograph's row brings _BROUGHT, on average."""
    power = float((table**2).sum(1).mean()) if table.size else 0.0
    return table * np.sqrt(_BROUGHT / power) if power > 1e-12 else table[:, :0]


def _left_out(said: Floats, columns: Floats) -> Floats:
    """(n,) guessed less said, each by a fit without it (its residual over 1 − leverage), weighed
    down where it is off (Tukey's biweight), so that wrong ages do not speak for each other."""
    weight, off = np.ones(len(said)), np.zeros(len(said))
    penalty = _NOISE * np.eye(columns.shape[1])
    for _ in range(_ROUNDS):
        weighted = columns * weight[:, None]
        inverse = np.linalg.inv(weighted.T @ columns + penalty)
        leverage = ((weighted @ inverse) * columns).sum(1)
        off = (columns @ (inverse @ (weighted.T @ said)) - said) / np.maximum(1 - leverage, 0.02)
        scale = _TUKEY * max(1.48 * float(np.median(np.abs(off))), _LEAST)
        weight = np.clip(1 - (off / scale) ** 2, 0.05, None) ** 2
    return off
