"""What a double's skin must be so that photographs of it read as photographs of the actor do.

A reading is fainter and softer than the skin it was read off, most where skin is seen aslant or
from afar. So the double is photographed, read by what read the actor, and its lines and folds are
made stronger, region by region and band by band, until both readings are as strong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from reage.mix import REGIONS
from reage.pattern.maps import SIZE
from reage.pattern.mixed import share
from reage.pattern.noise import Field
from reage_training.actor.statistics import known_mean

SIGMAS = (2.0, 5.0, 12.0)
"""Of the blurs, in texels of SIZE, between which bands lie: finer than the first, then between, and
what is broader than the last."""

_MOST, _LEAST = 4.0, 0.4
"""What a gain may be in all."""

_CAREFUL = 0.8
"""Power of a ratio that is followed at once: a reading is not linear in what is read."""

_SURE = 0.15
"""Mean coverage of a region below which nothing is changed there."""

_FAINT = 0.02
"""RMS in units of `pattern.maps` that is noise of the reading, for lines and folds both."""


@dataclass(frozen=True)
class Gains:
    """values (2, R, B): lines' and folds', for each of `mix.REGIONS` and band of SIGMAS"""

    values: np.ndarray

    @classmethod
    def none(cls) -> Gains:
        return cls(np.ones((2, len(REGIONS), len(SIGMAS) + 1)))

    def on(self, plane: Field, which: int) -> Field:
        """A map (N, N) with its bands stronger; which: 0 lines, 1 folds."""
        out = np.zeros_like(plane)
        for b, band in enumerate(bands(plane)):
            gain = sum(share(r, SIZE) * np.float32(self.values[which, k, b])
                       for k, r in enumerate(REGIONS))  # fmt: skip
            out += band * gain
        return out

    def towards(self, wanted: np.ndarray, got: np.ndarray) -> Gains:
        """These, made stronger where less was read than wanted; both as `strengths` gives them."""
        ratio = np.nan_to_num((wanted + _FAINT) / (got + _FAINT), nan=1.0) ** _CAREFUL
        return replace(self, values=np.clip(self.values * ratio, _LEAST, _MOST))


def bands(plane: Field) -> list[Field]:
    """Fine to broad, of a map (N, N); they sum to it."""
    soft = [plane, *(cv2.GaussianBlur(plane, (0, 0), sigma) for sigma in SIGMAS)]
    return [a - b for a, b in pairwise(soft)] + [soft[-1]]


def strengths(maps: Field, coverage: Field) -> np.ndarray:
    """(2, R, B): RMS of lines and folds in each region and band, of maps (N, N, 2 or more); nan
    where photographs showed next to nothing of a region."""
    out = np.full((2, len(REGIONS), len(SIGMAS) + 1), np.nan)
    for k, region in enumerate(REGIONS):
        part = share(region, SIZE)
        weight = part * coverage
        if weight.sum() < _SURE * part.sum():
            continue
        for which in (0, 1):
            for b, band in enumerate(bands(maps[..., which])):
                out[which, k, b] = np.sqrt((band**2 * weight).sum() / weight.sum())
    return out


def calibrated(
    wanted: Mapping[float, np.ndarray],
    read: Callable[[Gains, float], np.ndarray],
    rounds: int,
) -> Gains:
    """Gains with which readings of the double come out as wanted.

    wanted: age → `strengths` of the actor's photographs; read: `strengths` of the double's with
    gains, at an age
    """
    gains = Gains.none()
    for _ in range(rounds):
        got = [read(gains, age) for age in wanted]
        gains = gains.towards(known_mean([*wanted.values()], 0), known_mean(got, 0))
    return gains
