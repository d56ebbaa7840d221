"""Pictures that were once sRGB files or 8-bit video, and are linear again.

A camera's tone curve is not undone by whoever linearises its JPEG with the sRGB curve;
these steps do the same, so that the network knows such plates.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np

from reage.colour import Encoder
from reage.plate import Pixels
from reage_training.textures import Rng


@lru_cache(maxsize=1)
def srgb() -> Encoder:
    """Between scene-linear ACEScg and sRGB."""
    return Encoder("ACEScg", "sRGB")


def draw_delivery(rng: Rng, size: int) -> Callable[[Pixels], Pixels]:
    """Tone curve, 8 bits, JPEG at quality 45–97, and back to scene-linear ACEScg."""
    contrast, pivot = np.float32(rng.uniform(-0.1, 0.6)), np.float32(rng.uniform(0.35, 0.6))
    quality = int(rng.integers(45, 98)) if rng.random() < 0.8 else None
    chroma = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    if rng.random() < 0.4:
        chroma = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444

    def step(rgb: Pixels) -> Pixels:
        shown = np.clip(srgb().encode(rgb), 0, 1)
        shown = shown + contrast * shown * (1 - shown) * (shown - pivot) * 2
        coded = (np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8)
        if quality is not None:
            options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, chroma]
            _, data = cv2.imencode(".jpg", coded[..., ::-1], options)
            coded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1]
        return srgb().decode(coded.astype(np.float32) / 255)

    return step
