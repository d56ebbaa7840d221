"""What cameras of fifty years make of light: film and its scan, or a digital camera and its file.

Unlike the training's sensor in all that can be told apart: noise counts photons behind a color
mosaic or lies in film's density, tone goes through a filmic curve, files are sharpened afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage_training.output import Shown, eight_bits
from reage_training.synth.head import Floats
from reage_training.synth.view import REC709_TO_ACESCG

_FROM_ACESCG = np.linalg.inv(REC709_TO_ACESCG).astype(np.float32)

_CONTRAST, _GRAY, _TOP = 1.25, 0.18, 0.97
"""Slope of the tone curve at middle gray in log light, what gray comes to stand at in display
light over what it was, and the display light that is never passed."""


@dataclass(frozen=True)
class Development:
    """One exposure and what became of it.

    stops    over what the picture was exposed for
    balance  (3,) RGB factors left of the light's color
    soft     sigma of the lens and the scan, in face heights
    film     grain in density rather than photons
    noise    deviation in middle gray
    corners  light lost in the corners, 0 … 1
    halo     of the sharpening
    """

    stops: float
    balance: tuple[float, float, float]
    soft: float
    film: bool
    noise: float
    corners: float
    halo: float

    @classmethod
    def random(cls, rng: np.random.Generator, age: float) -> Development:
        """Film until forty or so, digital files from then on."""
        film = bool(rng.uniform(30, 48) > age)
        balance = np.exp(rng.normal(0, 0.07 if film else 0.04, 3))
        return cls(
            stops=float(np.clip(rng.normal(0, 0.35), -0.8, 0.7)),
            balance=tuple(float(b) for b in balance / balance[1]),  # type: ignore[arg-type]
            soft=float(rng.uniform(0.0006, 0.0022)),
            film=film,
            noise=float(np.exp(rng.uniform(*np.log([0.008, 0.03])))),
            corners=float(rng.uniform(0, 0.3)),
            halo=0.0 if film else float(rng.uniform(0, 0.7)),
        )


def developed(
    light: Floats, face_px: float, size: tuple[int, int], how: Development, rng: np.random.Generator
) -> Shown:
    """(h, w, 3) sRGB of `size` (width, height).

    light: (H, W, 3) scene-linear ACEScg, as large or larger; face_px: the face's height in it, px
    """
    rgb = np.maximum(light @ _FROM_ACESCG.T, 0) * np.float32(2**how.stops)
    rgb = rgb * np.array(how.balance, np.float32)
    rgb = cv2.GaussianBlur(rgb, (0, 0), max(0.3, how.soft * face_px))
    rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    rgb = rgb * _vignette(size, how.corners)[..., None]
    noise = _grain if how.film else _photons
    shown = _curve(noise(rgb, how.noise, rng))
    if how.halo:
        shown = shown + how.halo * (shown - cv2.GaussianBlur(shown, (0, 0), 0.9))
    return eight_bits(shown)


def _vignette(size: tuple[int, int], lost: float) -> Floats:
    x, y = (np.linspace(-1, 1, side, dtype=np.float32) for side in size)
    return np.asarray(1 - lost * (x[None, :] ** 2 + y[:, None] ** 2) / 2, np.float32)


def _photons(rgb: Floats, noise: float, rng: np.random.Generator) -> Floats:
    """Shot and read noise; red and blue, seen by a quarter of the sites, are coarser."""
    strength = noise * np.sqrt(np.maximum(rgb, 0) / _GRAY + 0.08) * _GRAY
    height, width = rgb.shape[:2]
    field = rng.standard_normal((height, width, 3), dtype=np.float32)
    for channel in (0, 2):
        half = rng.standard_normal(((height + 1) // 2, (width + 1) // 2), dtype=np.float32)
        field[..., channel] = cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(rgb + strength * field, 0), np.float32)


def _grain(rgb: Floats, noise: float, rng: np.random.Generator) -> Floats:
    """In density, of two sizes, most of it common to the dyes."""
    height, width = rgb.shape[:2]
    common = rng.standard_normal((height, width, 1), dtype=np.float32)
    field = 0.8 * common + 0.6 * rng.standard_normal((height, width, 3), dtype=np.float32)
    field = 0.7 * field + 1.6 * cv2.GaussianBlur(field, (0, 0), 1.1)
    return np.asarray(rgb * np.exp(1.3 * noise * field), np.float32)


def _curve(rgb: Floats) -> Floats:
    """Scene light to sRGB: x^c / (x^c + k) in display light (Naka and Rushton 1966), whose slope
    in log-log at middle gray is about _CONTRAST; gray stays gray."""
    power = np.power(np.maximum(rgb, 0), np.float32(_CONTRAST))
    gray = _GRAY**_CONTRAST
    half = gray * (_TOP - _GRAY) / _GRAY
    display = _TOP * power / (power + half)
    low, high = 12.92 * display, 1.055 * np.maximum(display, 1e-6) ** (1 / 2.4) - 0.055
    return np.asarray(np.where(display <= 0.0031308, low, high), np.float32)
