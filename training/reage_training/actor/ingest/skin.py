"""What of a photograph's skin may tell years: how rough it is, by region and band, and its tone."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import FaceError
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pattern.photo.reading import reading
from reage.pattern.regions import place
from reage.pixels.plate import Pixels

SIZE = 512

REGIONS = ("forehead", "outer_eye", "under_eye", "cheek", "lower_cheek", "upper_lip", "chin")

BANDS = ((0.7, 1.4), (1.4, 2.8), (2.8, 5.6), (5.6, 11.2))
"""Sigmas in texels of SIZE between which light is rough."""

NAMES = tuple(f"{region} {k}" for region in REGIONS for k in range(len(BANDS))) + tuple(
    f"marks {region}" for region in REGIONS
)

_LEAST = 0.15
"""Share of a region that must be seen."""


def roughness(photo: Photograph, layout: Floats) -> npt.NDArray[np.float32]:
    """(len(NAMES),) log2 of the deviation of light in each region and band, and log2 of the tone
    of marks; NaN where a region is not seen, or not finely enough for a band."""
    out = np.full(len(NAMES), np.nan, np.float32)
    try:
        read = reading(photo, layout, SIZE)
    except FaceError:
        return out
    bands = [_band(read.light, *sigmas) ** 2 for sigmas in BANDS]
    marks = read.marks
    for k, region in enumerate(REGIONS):
        weight = read.skin * _where(region)
        total = float(weight.sum())
        for b, band in enumerate(bands):
            if total > _LEAST * float(_where(region).sum()):
                out[k * len(BANDS) + b] = 0.5 * np.log2((band * weight).sum() / total + 1e-7)
        if total > _LEAST * float(_where(region).sum()):
            out[len(REGIONS) * len(BANDS) + k] = np.log2((marks * weight).sum() / total + 1e-3)
    return out


def _band(field: Pixels, narrow: float, wide: float) -> Pixels:
    return np.asarray(
        cv2.GaussianBlur(field, (0, 0), narrow) - cv2.GaussianBlur(field, (0, 0), wide)
    )


@cache
def _where(region: str) -> Pixels:
    out = np.clip(place(region, SIZE), 0, 1)
    return np.asarray(out * (out > 0.3), np.float32)
