"""How finely a face is shown: by how steep its edges are, whatever the size of its file."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pixels.plate import Pixels

SHARPEST = 0.45
"""Sigma in px of edges in a picture that uses all of its pixels, such as one that was shrunk.
Ordinary cameras leave .6 to 1, by the lens and by the sensor's squares and their colors."""

_AGAIN = 1.0
"""Sigma in px of the blur that edges are compared under."""

_STEEP = 0.02
"""Share of the face's edges, the steepest, that are looked at: lashes, brows, lips, nostrils."""

_FEWEST = 24

_TURNS = 4
"""Directions in which edges are looked at each by themselves: shaking blurs in one."""

_TRUST = 35
"""Percentile of the steepest edges' sigmas that is believed."""


def blur(rgb: Pixels, face: np.ndarray) -> float:
    """Sigma in px, SHARPEST at least, by which the sharpest edges of a face are blurred, in the
    direction in which they are blurred most.

    rgb:  (h, w, 3) scene-linear, not below zero
    face: (h, w) bool: where to look

    An edge blurred by σ has a gradient 1/σ; blurred again by a known s, 1/√(σ² + s²). Their ratio R
    gives σ = s / √(R² − 1) (Zhuo and Sim 2011, "Defocus map estimation from a single image"). It is
    measured in the smallest picture in which it is wide, where grain is no edge any more; what is
    narrow there, in the next larger one.
    """
    rows = np.flatnonzero(face.any(1))
    if not rows.size:
        return float("inf")
    level = int(np.log2(max(1.0, (rows[-1] - rows[0] + 1) / _COARSEST)))
    for k in range(level, 0, -1):
        size = (max(1, face.shape[1] >> k), max(1, face.shape[0] >> k))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        there = cv2.resize(face.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        found = _blur(np.asarray(small), there)
        if found > _WIDE:
            return float(found * 2**k)
    return _blur(rgb, face)


_COARSEST, _WIDE = 80.0, 1.15
"""Px of a face in the smallest picture that is looked at, and sigma that is wide in one."""


def _blur(rgb: Pixels, face: np.ndarray) -> float:
    level = float(np.median(rgb[face])) + 1e-6 if face.any() else 1.0
    light = np.log2(rgb.mean(-1) + np.float32(0.1 * level))
    # Grain has gradients as well: the first look is through half a pixel, and taken off again.
    first = cv2.GaussianBlur(light, (0, 0), _LOOK)
    again = cv2.GaussianBlur(first, (0, 0), _AGAIN)
    x, y = _gradient(first)
    wide_x, wide_y = _gradient(again)
    steep = np.hypot(x, y)
    inside = face & np.isfinite(steep)
    if np.count_nonzero(inside) < _FEWEST:
        return float("inf")
    turn = (np.arctan2(y, x) % np.pi * _TURNS / np.pi + 0.5).astype(int) % _TURNS
    ratio = steep / np.maximum(np.hypot(wide_x, wide_y), 1e-9)
    sigmas = []
    for k in range(_TURNS):
        here = inside & (turn == k)
        if (count := np.count_nonzero(here)) < _FEWEST:
            continue
        share = max(_STEEP, min(1.0, _FEWEST / count))
        edges = here & (steep >= max(float(np.quantile(steep[here], 1 - share)), 1e-6))
        again_by = np.maximum(ratio[edges] ** 2 - 1, 1e-3)
        sigma = np.sqrt(np.maximum(_AGAIN**2 / again_by - _LOOK**2 - _DIFFERENCE, 0))
        sigmas.append(float(np.percentile(sigma, _TRUST)))
    return max(SHARPEST, *sigmas) if sigmas else float("inf")


_LOOK, _DIFFERENCE = 0.5, 1 / 3
"""Sigma that is looked through, and the variance of the square that a difference of neighbours
averages over, in px; both are taken off again."""


def _gradient(field: Pixels) -> tuple[Pixels, Pixels]:
    return (
        np.asarray(cv2.Scharr(field, cv2.CV_32F, 1, 0, scale=1 / 32)),
        np.asarray(cv2.Scharr(field, cv2.CV_32F, 0, 1, scale=1 / 32)),
    )


def detail_px(face_px: float, sigma: float) -> float:
    """Px of a face's height that are told apart: what it would measure in a photograph that uses
    all of its pixels."""
    return face_px * SHARPEST / max(sigma, SHARPEST)
