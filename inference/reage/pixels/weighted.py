"""Colors times one weight a pixel, the product that mattes are made for."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pixels.plate import Pixels


def weighted(pixels: Pixels, weight: Pixels) -> Pixels:
    """(h, w, C) · (h, w), both float32: `pixels * weight[..., None]` to the bit.

    NumPy takes such a product along the short last axis, which costs eight times one of equal
    shapes; so the weight is laid beside itself first.
    """
    if not pixels.size:
        return np.array(pixels)
    beside = cv2.merge((weight,) * pixels.shape[2]) if pixels.shape[2] > 1 else weight
    return np.asarray(np.multiply(pixels, beside.reshape(pixels.shape)))
