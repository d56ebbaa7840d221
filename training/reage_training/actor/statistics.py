"""What a photograph tells of a skin in a few numbers, whatever its light, pose and size: to compare
photographs of which no two show the same moment."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from reage.faces.frame import posed
from reage.faces.skin import places
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pattern.photo.reading import Reading, reading
from reage.pattern.photo.unwrap import unwrapped
from reage.pattern.regions import place
from reage.pixels.plate import Pixels
from reage_training.evaluation.regions import SKIN

SIZE = 512
"""Side of face UV that photographs are read at."""

REGIONS = tuple(SKIN)

BANDS = ((1.5, 3.0), (3.0, 6.0), (6.0, 12.0), (12.0, 24.0))
"""Sigmas in 1024ths of face UV, about 0.25 mm, between which relief is of one width."""

_SEEN = 0.25
"""Of a region, in square mean, that must show skin to be told of."""

_FINEST = 1.6
"""A photograph's pixel may be so many times as wide as a band's finer sigma."""

_FAINT = 0.10
"""0.1 mm of relief below which a difference is noise."""


@dataclass(frozen=True)
class SkinStatistics:
    """nan where a photograph does not show it, or not finely enough.

    relief  (len(REGIONS), len(BANDS)) RMS of relief, 0.1 mm
    tone    (len(REGIONS), 2) log2 of red over green and of green over blue, less the face's own
    shape   (468, 3) landmarks in face sizes, right, down and away, as if seen straight on
    """

    relief: Floats
    tone: Floats
    shape: Floats


@dataclass(frozen=True)
class Distance:
    """Of one from another; nan where nothing can be compared.

    relief    mean |ln| of the ratio of two reliefs, over regions and bands
    strength  the same with its sign: below zero the first is smoother
    tone      mean difference in stops
    shape     mean distance of landmarks in face sizes
    """

    relief: float
    strength: float
    tone: float
    shape: float


def skin_statistics(photo: Photograph) -> SkinStatistics:
    """Of one photograph. Raises FaceError where it shows next to no skin."""
    layout = places()
    found = reading(photo, layout, SIZE)
    return SkinStatistics(_relief(found), _tone(photo, layout, found.skin), shape_of(photo.mesh))


def shape_of(mesh: Floats) -> Floats:
    """(468, 3): a mesh without where it is, how large and how turned."""
    scale, turn, middle = posed(mesh)
    return np.asarray((mesh - middle) @ turn / scale)


def distance(one: SkinStatistics, other: SkinStatistics) -> Distance:
    """Of one from another, where both know. Law: 0 of itself; the same either way, but for the sign
    of `strength`."""
    ratio = np.log((one.relief + _FAINT) / (other.relief + _FAINT))
    apart = np.linalg.norm(one.shape - other.shape, axis=1)
    tone = np.abs(one.tone - other.tone)
    return Distance(*(float(known_mean(v)) for v in (np.abs(ratio), ratio, tone, apart)))


def mean_of(several: list[SkinStatistics]) -> SkinStatistics:
    """Of several photographs; each number from those that know it."""
    stacked = (np.stack([getattr(s, n) for s in several]) for n in ("relief", "tone", "shape"))
    relief, tone, shape = (known_mean(values, 0) for values in stacked)
    return SkinStatistics(relief, tone, shape)


def known_mean(values: ArrayLike, axis: int | None = None) -> Floats:
    """Mean of those that are finite, over one axis or all; nan where none is."""
    numbers = np.asarray(values, float)
    known = np.isfinite(numbers)
    total = np.where(known, numbers, 0).sum(axis)
    return np.where(known.any(axis), total / np.maximum(known.sum(axis), 1), np.nan)


def _relief(found: Reading) -> Floats:
    unit = SIZE / 1024
    high = found.evidence().relief()
    finest = 1.2 / np.sqrt(np.maximum(found.fine, 1e-6))
    out = np.full((len(REGIONS), len(BANDS)), np.nan)
    weights = [place(SKIN[name], SIZE) * found.skin for name in REGIONS]
    for k, (narrow, wide) in enumerate(BANDS):
        band = _blurred(high, narrow * unit) - _blurred(high, wide * unit)
        for row, weight in enumerate(weights):
            if not _shown(weight, REGIONS[row]):
                continue
            if float(np.average(finest, weights=weight)) > _FINEST * narrow:
                continue
            out[row, k] = np.sqrt(np.average(band * band, weights=weight))
    return out


def _tone(photo: Photograph, layout: Floats, skin: Pixels) -> Floats:
    seen = unwrapped(photo, layout, SIZE)
    logs = np.log2(seen.rgb + np.float32(1e-3) * np.median(seen.rgb[skin > 0.5]))
    color = np.stack([logs[..., 0] - logs[..., 1], logs[..., 1] - logs[..., 2]], -1)
    own = np.median(color[skin > 0.5], 0)
    out = np.full((len(REGIONS), 2), np.nan)
    for row, name in enumerate(REGIONS):
        weight = place(SKIN[name], SIZE) * skin
        if _shown(weight, name):
            out[row] = np.average(color, axis=(0, 1), weights=weight) - own
    return out


def _shown(weight: Pixels, name: str) -> bool:
    return bool((weight**2).sum() > _SEEN * (place(SKIN[name], SIZE) ** 2).sum())


def _blurred(field: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma))

