"""How finely a face is shown: by how steep its edges are, whatever the size of its file."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pixels.plate import Pixels

SHARPEST = 0.6
"""Sigma in px of edges in a picture that uses all of its pixels: what a good lens and the sensor's
own squares leave."""

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
    gives σ = s / √(R² − 1) (Zhuo and Sim 2011, "Defocus map estimation from a single image").
    """
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
    limit = float(np.quantile(steep[inside], 1 - _STEEP))
    edges = inside & (steep >= max(limit, 1e-6))
    ratio = steep[edges] / np.maximum(np.hypot(wide_x, wide_y)[edges], 1e-9)
    sigma = _AGAIN / np.sqrt(np.maximum(ratio**2 - 1, 1e-3))
    sigma = np.sqrt(np.maximum(sigma**2 - _LOOK**2, 0))
    turn = (np.arctan2(y, x)[edges] % np.pi * _TURNS / np.pi + 0.5).astype(int) % _TURNS
    each = [float(np.percentile(sigma[turn == k], _TRUST)) for k in range(_TURNS)
            if np.count_nonzero(turn == k) >= _FEWEST]  # fmt: skip
    return max(SHARPEST, *each) if each else max(SHARPEST, float(np.percentile(sigma, _TRUST)))


_LOOK = 0.5


def _gradient(field: Pixels) -> tuple[Pixels, Pixels]:
    return (
        np.asarray(cv2.Scharr(field, cv2.CV_32F, 1, 0, scale=1 / 32)),
        np.asarray(cv2.Scharr(field, cv2.CV_32F, 0, 1, scale=1 / 32)),
    )


def detail_px(face_px: float, sigma: float) -> float:
    """Px of a face's height that are told apart: what it would measure in a file that needs all of
    its pixels."""
    return face_px * SHARPEST / max(sigma, SHARPEST)
