"""What of a photograph's skin may tell years: how rough it is and which way its lines run, by
region and band, and how dark its marks are."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import FaceError
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pattern.photo.reading import reading
from reage.pattern.photo.skin import by_place
from reage.pattern.regions import PLACES
from reage.pixels.plate import Pixels

SIZE = 512

REGIONS = {
    **{name: PLACES[name] for name in (
        "forehead", "outer_eye", "under_eye", "cheek", "lower_cheek", "upper_lip", "chin",
        "inner_eye", "nose", "alar",
    )},
    "glabella": (0.0, 0.79, 0.045, 0.045),
    "nasolabial": (0.105, 0.53, 0.03, 0.05),
    "marionette": (0.125, 0.40, 0.035, 0.06),
    "temple": (0.27, 0.80, 0.05, 0.06),
}  # fmt: skip
"""As `reage.pattern.regions.PLACES`."""

BANDS = ((0.7, 1.4), (1.4, 2.8), (2.8, 5.6), (5.6, 11.2))
"""Sigmas in texels of SIZE between which light is rough."""

NAMES = tuple(
    f"{what} {region} {k}" for what in ("rough", "level", "slant")
    for k in range(len(BANDS)) for region in REGIONS
) + tuple(f"marks {region}" for region in REGIONS)  # fmt: skip

_LEAST = 0.15
"""Share of a region that must be seen."""


def roughness(photo: Photograph, layout: Floats) -> npt.NDArray[np.float32]:
    """(len(NAMES),) by region and band: log2 of the deviation of light; how far its lines run
    level rather than upright, and down and outward rather than down and inward, −1 … 1 each (noise
    runs no way, creases do); then log2 of the tone of marks. NaN where a region is not seen."""
    try:
        read = reading(photo, layout, SIZE)
    except FaceError:
        return np.full(len(NAMES), np.nan, np.float32)
    weight = _where() * read.skin.ravel()
    total = weight.sum(1)
    fields = [field for band in BANDS for field in _lines(read.light, *band)]
    means = np.stack([*fields, read.marks]).reshape(len(fields) + 1, -1) @ weight.T
    means = means / np.maximum(total, 1e-6)
    power, upright, level, slant = means[:-1].reshape(len(BANDS), 4, len(REGIONS)).swapaxes(0, 1)
    both = upright + level + 1e-9
    out = np.concatenate([
        (0.5 * np.log2(power + 1e-7)), (level - upright) / both, 2 * slant / both,
        np.log2(means[-1:] + 1e-3),
    ])  # fmt: skip
    out[:, total <= _LEAST * _where().sum(1)] = np.nan
    return out.astype(np.float32).ravel()


def _lines(light: Pixels, narrow: float, wide: float) -> list[Pixels]:
    """Power of a band, and the structure tensor of it, mirrored on the face's other side."""
    band = cv2.GaussianBlur(light, (0, 0), narrow) - cv2.GaussianBlur(light, (0, 0), wide)
    down, right = np.gradient(band)
    right[:, SIZE // 2 :] *= -1
    return [band * band, right * right, down * down, down * right]


@cache
def _where() -> Pixels:
    """(regions, SIZE²) 0 … 1."""
    centers = (np.arange(SIZE) + 0.5) / SIZE
    out = []
    for off, v, wide, high in REGIONS.values():
        across = np.exp(-(((np.abs(centers - 0.5) - off) / wide) ** 2))
        down = np.exp(-(((centers[::-1] - v) / high) ** 2))
        there = np.outer(down, across)
        out.append((there * (there > 0.3) * by_place(SIZE)).ravel())
    return np.array(out, np.float32)
