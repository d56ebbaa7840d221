"""The color of a face's places against the face's own: what is red, sallow, dark or pale in it."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pattern.photo.light import fitted
from reage.pixels.plate import Pixels

SIDE = 128
"""Texels a side; tone is broad."""

_BROAD = 2.5
"""Sigma in those texels: 6 mm."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def tone_of(rgb: Pixels, points: Pixels, skin: Pixels) -> Pixels:
    """(SIDE, SIDE, 4): log2 of R, G, B without the light that falls on the head's shape, against
    the face's median, which takes the white balance and the exposure out; and 0 … 1, where.

    rgb (N, N, 3) unwrapped, scene-linear; points (N, N, 3) and skin (N, N), see `Unwrapped`
    """
    small, where, color = (
        cv2.resize(each, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        for each in (points, skin, rgb * skin[..., None])
    )
    color = color / np.maximum(where, 1e-3)[..., None]
    light = fitted(small, color @ _LUMA, where)
    dark = 0.02 * np.median(light[where > 0.5]) if (where > 0.5).any() else 1e-3
    logs = np.log2(np.maximum(color, 0) + dark) - np.log2(np.maximum(light, 0) + dark)[..., None]
    sure = where > 0.5
    if sure.any():
        logs = logs - np.median(logs[sure], axis=0)
    weight = where * (where > 0.3)
    total = cv2.GaussianBlur(logs * weight[..., None], (0, 0), _BROAD)
    area = cv2.GaussianBlur(weight, (0, 0), _BROAD)
    broad = np.clip(total / np.maximum(area, 1e-3)[..., None], -2, 2)
    return np.asarray(np.concatenate([broad, np.minimum(area, where)[..., None]], -1), np.float32)
