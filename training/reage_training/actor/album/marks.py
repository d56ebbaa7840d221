"""Moles, told from spots that come with age; for scars see `album.scars`.

A spot of age comes slowly. A mole is there in all photographs; where it seems to come at once,
beard, shadow or make-up hid it in those of a time, and it counts as always there. Both are round
and dark; a wrinkle is dark, and long. The color of a small dark mark tells little: JPEG keeps it at
half its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from reage.pixels.plate import Pixels

_EDGE = 17
"""Side in texels by which what borders on lips, brows and nostrils is left out."""

_SIGMA = 1.6
"""Texels over which marks are looked at together."""

_NEAR = 8
"""Texels within which a mark of another age is the same one: 2.4 mm."""

_LEAST = 0.07
"""Mean tone of a mark, over its sigma, below which it is mottled skin. In the albums of two
invented actors eleven moles have .13 or more, twelve of thirteen other spots .051 or less."""

_APART = 2.6
"""By how many times more than the skin around it has of the like."""

_PRESENT = 0.3
"""Of a mark's usual tone, from which a photograph shows it."""

_ALWAYS, _YOUNG = 0.7, 0.6
"""Share of the ages, and of the younger half of them, that must show a mark that stays."""

_REACH = 7
"""Texels around a mark's middle that may be its own."""

_MOST = 60
"""Marks of a face."""


def inner(skin: Pixels) -> Pixels:
    """(N, N) 0 or 1: skin (N, N) without what borders on features."""
    there = cv2.erode((skin > 0.99).astype(np.float32), np.ones((_EDGE, _EDGE), np.uint8))
    return np.asarray(there, np.float32)


@dataclass(frozen=True)
class StayingMark:
    """x, y: texel; tone: its strongest, below zero for a scar; since: years from which it is there,
    0 for always"""

    x: int
    y: int
    tone: float
    since: float = 0.0


def staying(marks: Sequence[Pixels], weights: Sequence[Pixels]) -> list[StayingMark]:
    """The moles.

    marks, weights: of ages from young to old, (N, N) each: mean tone of dark spots in photographs
    of about that age, and how much skin was seen there
    """
    total = sum(weights)
    mean = sum(w * m for w, m in zip(weights, marks, strict=True)) / np.maximum(total, 1e-3)
    smooth = cv2.GaussianBlur(np.asarray(mean, np.float32), (0, 0), _SIGMA)
    around = np.sqrt(cv2.GaussianBlur(smooth * smooth, (0, 0), 20)) + 1e-4
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _NEAR + 1, 2 * _NEAR + 1))
    peaks = (smooth >= cv2.dilate(smooth, disk)) & (smooth > _LEAST)
    peaks &= (smooth > _APART * around) & (total > 0.2)
    at = np.argwhere(peaks)
    at = at[np.argsort(-smooth[peaks])][:_MOST]
    found = []
    for y, x in at:
        row = [near(m, x, y) for m in marks]
        there = [float(w[y, x]) for w in weights]
        if _stays(row, there):
            found.append(StayingMark(int(x), int(y), float(smooth[y, x])))
    return found


def drawn(marks: Sequence[StayingMark], mean: Pixels) -> Pixels:
    """(N, N) tone of the marks, as their photographs' mean (N, N) has it around each."""
    y, x = np.indices(mean.shape, np.float32)
    out = np.zeros_like(mean)
    for mark in marks:
        off = np.hypot(x - mark.x, y - mark.y)
        own = (off < _REACH) & (mean > 0.3 * mark.tone)
        _, parts = cv2.connectedComponents(own.astype(np.uint8))
        label = parts[mark.y, mark.x]
        out = np.maximum(out, np.where((parts == label) & (label > 0), mean, 0))
    return np.asarray(out, np.float32)


def near(field: Pixels, x: int, y: int) -> float:
    """The strongest near a texel, smoothed."""
    low, left = max(0, y - 2 * _NEAR), max(0, x - 2 * _NEAR)
    patch = np.asarray(field[low : y + 2 * _NEAR + 1, left : x + 2 * _NEAR + 1], np.float32)
    smooth = cv2.GaussianBlur(patch, (0, 0), _SIGMA)
    rows, columns = np.indices(smooth.shape)
    close = np.hypot(rows + low - y, columns + left - x) <= _NEAR
    return float(smooth[close].max())


def _stays(row: Sequence[float], there: Sequence[float]) -> bool:
    """Whether a mark is none that comes slowly, and lasts."""
    tones = np.array([v for v, w in zip(row, there, strict=True) if w > 0.2])
    if len(tones) < 2:
        return False
    usual = float(np.median(np.sort(tones)[len(tones) // 2 :]))
    shown = tones > _PRESENT * usual
    half = max(1, len(tones) // 2)
    if shown.mean() >= _ALWAYS and shown[:half].mean() >= _YOUNG:
        return True
    for k in range(2, len(tones) - 2):  # nothing before, and at once all of it
        before, after = tones[:k], tones[k:]
        at_once = shown[k] and np.median(after[:3]) > 0.75 * np.median(after)
        if before.max() < _PRESENT * usual and at_once and shown[k:].mean() > 0.85:
            return True
    return False
