"""How still a change lies on moving skin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from reage.pixels.plate import Pixels

FORMULA = (
    "Every frame's change d is carried into face UV by the renderer's own camera and mesh, which "
    "gives D(t). What is left of each frame against the mean of its two neighbours, "
    "r(t) = D(t) − (D(t−1) + D(t+1)) / 2, is the flicker: √(Σ r² / (1.5 Σ D²)), over all frames, "
    "colors and skin points that all three frames see. Steady changes leave nothing; a change "
    "that is new in every frame gives √(its variance / Σ D²), as noise of variance s leaves "
    "1.5 s. The drift is √(Σ (D(t) − mean D)² / Σ D²) over points that every frame sees: it "
    "holds what the turning light truly does, too."
)
"""For the page; `flicker` and `drift` compute it."""


@dataclass(frozen=True)
class SkinMap:
    """Where each texel of face UV lies in one frame: x, y (N, N) float32 px as cv2 counts, and
    whether it is seen there, (N, N) bool."""

    x: Pixels
    y: Pixels
    seen: np.ndarray

    def carried(self, delta: Pixels) -> Pixels:
        """(h, w, 3) of the frame → (N, N, 3) in face UV, bicubic; where not seen, anything."""
        edge = cv2.BORDER_REPLICATE
        return np.asarray(cv2.remap(delta, self.x, self.y, cv2.INTER_CUBIC, borderMode=edge))


def flicker(deltas: Sequence[Pixels], seen: Sequence[np.ndarray]) -> float:
    """deltas (N, N, 3) in face UV of at least three frames in a row, seen (N, N) bool each.

    See FORMULA. 0 where nothing changes at all.
    """
    left = strength = 0.0
    for t in range(1, len(deltas) - 1):
        there = seen[t - 1] & seen[t] & seen[t + 1]
        before, now, after = (deltas[k][there].astype(np.float64) for k in (t - 1, t, t + 1))
        left += float(((now - (before + after) / 2) ** 2).sum())
        strength += float((now**2).sum())
    return math.sqrt(left / (1.5 * strength)) if strength > 0 else 0.0


def drift(deltas: Sequence[Pixels], seen: Sequence[np.ndarray]) -> float:
    """How far the change wanders from its mean over all frames, as a share of its strength."""
    there = np.logical_and.reduce(list(seen))
    rows = np.stack([d[there].astype(np.float64) for d in deltas])
    strength = float((rows**2).sum())
    return math.sqrt(float(((rows - rows.mean(0)) ** 2).sum()) / strength) if strength > 0 else 0.0


def jitter(found: Sequence[np.ndarray], true: Sequence[np.ndarray]) -> float:
    """px: how landmarks (K, 2) of each frame shake about the true ones, by the same rule: RMS of
    what is left of each frame's error against the mean of its neighbours', over √1.5."""
    errors = np.stack(found) - np.stack(true)
    left = errors[1:-1] - (errors[:-2] + errors[2:]) / 2
    return float(np.sqrt((left**2).sum(-1).mean() / 1.5))
