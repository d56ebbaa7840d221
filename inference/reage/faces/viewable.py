"""A scene-linear plate made viewable for the face networks, whatever its exposure."""

from __future__ import annotations

import cv2
import numpy as np

from reage.faces.sample import Picture
from reage.pixels.plate import Pixels

_REC709_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_KEY = 0.18
_SAMPLES = 100_000
_BRIGHTEST = np.float32(1e30)
"""Stands in for +inf; leaves room to sum and scale without overflow."""


def viewable(rgb: Pixels) -> Picture:
    """Tone-map scene-linear light to 8 bits, for detection only.

    rgb:     (h, w, 3) float32 scene-linear, any exposure; NaN and negatives count as
             black, +inf as the brightest
    returns  (h, w, 3) uint8, near sRGB
    Law: `viewable(k * rgb)` is `viewable(rgb)` for any k > 0, to one code value.

    Exposure and shoulder: Reinhard et al. 2002, "Photographic Tone Reproduction for Digital
    Images", equations 1 to 4, with the 99.5th percentile as white, within a
    hundred times the 95th, so that neither a lamp nor a hot pixel decides. A square root
    stands in for the sRGB curve.
    """
    light = _clean(rgb)
    step = max(1, int(np.sqrt(light.shape[0] * light.shape[1] / _SAMPLES)))
    luma = (light[::step, ::step].astype(np.float64) @ _REC709_LUMA).ravel()
    lit = luma[luma > 0]
    if not lit.size:
        return np.zeros(light.shape, np.uint8)
    bright, white = np.percentile(lit, (95, 99.5))
    white = min(white, bright * 100)  # a sun or a lamp may fill some per cent
    # Blacks far below white would drag the logarithmic mean down and blow out the face.
    mean = np.exp(np.log(lit[lit >= white * 1e-3]).mean())
    gain = _KEY / mean
    scaled = np.minimum(light, np.float32(white)) * np.float32(gain)
    burn = np.float32(1 / (gain * white) ** 2)
    toned = scaled * (1 + scaled * burn) / (1 + scaled)
    return np.asarray(np.sqrt(toned.clip(0, 1)) * np.float32(255) + np.float32(0.5), np.uint8)


def shrunk(rgb: Pixels, factor: int) -> Pixels:
    """Means of `factor` × `factor` blocks; columns and rows that fill no block are left out.

    rgb: (h, w, 3) float32 scene-linear, cleaned as in `viewable`, so that a NaN stays a
    pixel. Both sides must hold one block.
    """
    height, width = rgb.shape[0] // factor, rgb.shape[1] // factor
    whole = _clean(rgb[: height * factor, : width * factor])
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))


def _clean(rgb: Pixels) -> Pixels:
    clean = np.clip(rgb, np.float32(0), _BRIGHTEST)
    # NaN goes through; fmax would stop it, at five times the time.
    return np.nan_to_num(clean, copy=False, nan=0.0) if np.isnan(clean.min(initial=0)) else clean
