"""Backgrounds with texture, and nothing in them to recognise."""

from __future__ import annotations

import cv2
import numpy as np

from reage_training.synth.head import Floats


def backdrop(rng: np.random.Generator, height: int, width: int) -> Floats:
    """(height, width, 3) float32 radiance: soft or textured fields, bars, bright spots; one in ten
    is a plain bright wall or sky, far above what a camera holds."""
    if rng.uniform() < 0.1:
        plain = np.full((height, width, 3), rng.uniform(2.0, 8.0), np.float32)
        return np.asarray(plain * (1 + 0.05 * _field(rng, height, width, 2.5)), np.float32)
    image = np.full((height, width, 3), 1.0, np.float32) * np.exp(rng.normal(-1.9, 0.8))
    image *= np.exp(rng.normal(0, 0.15, 3))
    ramp = np.linspace(-1, 1, height)[:, None, None] * rng.normal(0, 0.35)
    ramp = ramp + np.linspace(-1, 1, width)[None, :, None] * rng.normal(0, 0.35)
    image = image * np.exp(ramp)
    sharp = rng.uniform() < 0.35
    for scale, strength in ((2.5, 0.5), (8, 0.35), (30, 0.25 if sharp else 0.0)):
        image = image * np.exp(strength * _field(rng, height, width, scale))
    for _ in range(int(rng.integers(0, 7))):
        image = _bar(rng, image)
    for _ in range(int(rng.integers(0, 5))):
        image = _spot(rng, image)
    blur = 0.0 if sharp else rng.uniform(0.002, 0.02) * height
    if blur > 0.5:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    return np.asarray(np.clip(image, 0.001, 8), np.float32)


def _field(rng: np.random.Generator, height: int, width: int, scale: float) -> Floats:
    """Smooth noise of unit strength with `scale` waves over the height, a little colored."""
    rows, columns = int(scale) + 2, int(scale * width / height) + 2
    coarse = rng.standard_normal((rows, columns, 1)) + 0.12 * rng.standard_normal(
        (rows, columns, 3)
    )
    smooth = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.float32)


def _bar(rng: np.random.Generator, image: Floats) -> Floats:
    """A straight edge or beam at any angle, lighter or darker than what it covers."""
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32) / height
    angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
    across = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(0, width / height)
    inside = np.abs(across) < rng.uniform(0.01, 0.25)
    factor = np.exp(rng.normal(0, 0.6) + rng.normal(0, 0.12, 3)).astype(np.float32)
    return np.where(inside[..., None], image * factor, image)


def _spot(rng: np.random.Generator, image: Floats) -> Floats:
    """An out-of-focus light."""
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32) / height
    away = np.hypot(x - rng.uniform(0, width / height), y - rng.uniform(0, 1))
    disk = np.clip((rng.uniform(0.01, 0.08) - away) * height, 0, 1)[..., None]
    light = np.exp(rng.normal(0.0, 0.7) + rng.normal(0, 0.2, 3)).astype(np.float32)
    return np.asarray(image + disk * light * 0.5, np.float32)
