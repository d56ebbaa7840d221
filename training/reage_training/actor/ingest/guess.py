"""How old each photograph looks beside the others, itself left out.

Bayesian linear regression of the ages that are said on what is read, robust, as some are wrong.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_UNIT = 15.0
"""Years: about an age's deviation over a career."""

_NOISE = 0.15
"""Variance in _UNIT² of what is read of one photograph: six years."""

_BEND, _BENT, _APART = 7.4, 0.2, 5.0
"""Years: sigma of the bumps that let a general score's years bend, the variance in _UNIT² that they
bring, and years between two."""

_OWN = 0.1
"""Variance in _UNIT² that the actor's own ways bring, for each of the tables."""

_ROUNDS, _TUKEY, _LEAST = 6, 4.0, 0.15


def looks(said: Floats, score: Floats, tables: list[Floats]) -> Floats:
    """(n,) years.

    said    (n,) years, some of them wrong
    score   (n,) years that people of any kind would be taken for, up to a constant
    tables  (n, m) each: readings whose meaning is the actor's own, centered
    """
    columns = np.hstack([
        np.full((len(said), 1), 10.0), score[:, None] / _UNIT, _bumps(score),
        *[_scaled(table) for table in tables],
    ])  # fmt: skip
    return said + _UNIT * _left_out((said - said.mean()) / _UNIT, columns)


def _bumps(score: Floats) -> Floats:
    centers = np.arange(score.min() - _BEND, score.max() + _BEND + _APART, _APART)
    scale = _BENT * _APART / (_BEND * np.sqrt(np.pi))
    return np.asarray(np.sqrt(scale) * np.exp(-0.5 * ((score[:, None] - centers) / _BEND) ** 2))


def _scaled(table: Floats) -> Floats:
    """So that a photograph's row brings _OWN, on average."""
    power = float((table**2).sum(1).mean()) if table.size else 0.0
    return table * np.sqrt(_OWN / power) if power > 1e-12 else table[:, :0]


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
