"""Ages that do not suit the face: each photograph held against the actor's others.

A hint, no more; what it finds, and doubts in vain, stands measured in docs/actor.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reage_training.actor.ingest.measure import Measures

Floats = npt.NDArray[np.float64]

FEWEST, SPAN = 12, 15.0
"""Photographs, and years from the youngest to the oldest, from which on skin tells ages."""

OFF = 6.0
"""Years from which on an age is doubted."""

_FACE = 20.0
"""Weight of the identity network's numbers beside readings of the skin, each of deviation 1."""


def of_ages(ages: Sequence[float], found: Sequence[Measures]) -> list[str]:
    """For each photograph why its age is doubtful, in a sentence, or empty."""
    said = np.array(ages, np.float64)
    if len(said) < FEWEST or np.ptp(said) < SPAN:
        return [""] * len(said)
    guessed, limit = seen_age(said, readings(found))
    return [
        f"Beside the actor's other photographs it looks {abs(guess - age):.0f} years "
        f"{'older' if guess > age else 'younger'} than {age:.0f}." if abs(guess - age) > limit
        else ""
        for guess, age in zip(guessed, said, strict=True)
    ]


def readings(found: Sequence[Measures]) -> Floats:
    """(n, m) what may tell years: roughness of the skin, and the face as the identity network sees
    it; and what gets in its way: pose, expression, light, sharpness. What is not seen is as in the
    others."""
    rows = [
        np.concatenate([
            m.skin, m.held, [np.log2(max(m.detail_px, 1.0)), abs(m.yaw) / 30, m.pitch / 30,
                             np.hypot(m.right, m.down)],
        ]) for m in found
    ]  # fmt: skip
    table = np.array(rows, np.float64)
    seen = np.isfinite(table)
    counts = np.maximum(seen.sum(0), 1)
    mean = np.where(seen, table, 0).sum(0) / counts
    filled = np.where(seen, table, mean)
    spread = np.sqrt(((filled - mean) ** 2).sum(0) / counts)
    read = (filled - mean) / np.maximum(spread, 1e-6)
    if not all(m.identity.size for m in found):
        return np.asarray(read)
    faces = np.stack([m.identity for m in found]).astype(np.float64)
    return np.hstack([read, _FACE * (faces - faces.mean(0))])


def seen_age(said: Floats, table: Floats) -> tuple[Floats, float]:
    """The age that the others say for each, and years off from which on it is doubtful.

    Ridge regression, each photograph left out (its residual over 1 − leverage), weighed down where
    it is off (Tukey's biweight), so that wrong ages do not speak for themselves; of several ridges
    the one whose residuals are least in the middle.
    """
    best = min((_left_out(said, table, ridge) for ridge in _RIDGES), key=_spread)
    return said + best, max(OFF, _SPREADS * _spread(best))


_RIDGES, _SPREADS, _ROUNDS, _TUKEY = (3.0, 10.0, 30.0, 100.0, 300.0), 1.5, 8, 4.0


def _spread(off: Floats) -> float:
    return 1.48 * float(np.median(np.abs(off)))


def _left_out(said: Floats, table: Floats, ridge: float) -> Floats:
    """(n,) guessed less said, each by a fit without it."""
    columns = np.column_stack([np.ones(len(said)), table])
    penalty = np.diag([1e-6, *[ridge] * table.shape[1]])
    weight, off = np.ones(len(said)), np.zeros(len(said))
    for _ in range(_ROUNDS):
        weighted = columns * weight[:, None]
        inverse = np.linalg.inv(weighted.T @ columns + penalty)
        fitted = columns @ (inverse @ (weighted.T @ said))
        leverage = np.einsum("ij,jk,ik->i", weighted, inverse, columns)
        off = (fitted - said) / np.maximum(1 - leverage, 0.05)
        scale = _TUKEY * max(_spread(off), 1.0)
        weight = np.clip(1 - (off / scale) ** 2, 0.05, None) ** 2
    return off
