"""What a camera, a set and a delivery do to a picture, drawn once and done alike to a pair.

Everything up to the last step happens in scene-linear ACEScg, in the order of nature:
things in front of the face, light, lens, sensor, grade, delivery. A step is drawn with its
numbers and fields already in it, so that both pictures of a pair get the very same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from reage.plate import Pixels
from reage_training.delivery import draw_delivery
from reage_training.textures import Plane, Rng, occluder_matte, smooth_field, texture, turned_axes

Step = Callable[[Pixels], Pixels]
"""(h, w, 3) float32 scene-linear ACEScg → a new array of the same kind."""


@dataclass(frozen=True)
class Augmentation:
    """One draw. `picture` is for the pictures of a pair, `mask` for its skin mask.

    in_front: (what it looks like (size, size, 3), its matte (size, size)), nearest last
    steps:    in the order they are done
    """

    in_front: tuple[tuple[Pixels, Plane], ...]
    steps: tuple[Step, ...]

    def picture(self, rgb: Pixels) -> Pixels:
        """(size, size, 3) float32 scene-linear → the same, as the camera delivers it."""
        for look, matte in self.in_front:
            rgb = rgb + (look - rgb) * matte[..., None]
        for step in self.steps:
            rgb = step(rgb)
        return rgb

    def mask(self, skin: Plane) -> Plane:
        """(size, size) 0 … 1: skin that is still to be seen."""
        for _, matte in self.in_front:
            skin = skin * (1 - matte)
        return skin


def draw(rng: Rng, size: int) -> Augmentation:
    """Draw what happens to one pair of windows of `size` px."""
    things = rng.integers(1, 3) if rng.random() < 0.3 else 0
    in_front = tuple((texture(rng, size), occluder_matte(rng, size)) for _ in range(things))
    steps: list[Step] = []
    for chance, make in (
        (0.4, _light_gradient),
        (0.08, _backlight),
        (1.0, _grade),
        (0.5, _defocus),
        (0.12, _upscaled),
        (0.7, _grain),
        (0.25, _sharpened),
        (0.2, _clipped),
        (0.3, draw_delivery),
    ):
        if rng.random() < chance:
            steps.append(make(rng, size))
    return Augmentation(in_front, tuple(steps))


def _light_gradient(rng: Rng, size: int) -> Step:
    """Light that falls off across the face, with colour."""
    if rng.random() < 0.5:
        along, _ = turned_axes(rng, size)
        field = along * (rng.uniform(0.2, 1.2) / size)
    else:
        field = smooth_field(rng, size, int(rng.integers(1, 4))) * rng.uniform(0.05, 0.3)
    tint = rng.normal(1, 0.15, 3).astype(np.float32)
    factor = np.exp(field[..., None].astype(np.float32) * tint)
    return lambda rgb: rgb * factor


def _backlight(rng: Rng, size: int) -> Step:
    """Veiling glare from one side."""
    along, _ = turned_axes(rng, size)
    veil = 1 / (1 + np.exp(-along * (rng.uniform(4, 12) / size)))
    colour = rng.uniform(0.02, 0.35) * np.exp(rng.normal(0, 0.15, 3))
    glare = (veil[..., None] * colour).astype(np.float32)
    return lambda rgb: rgb + glare


def _grade(rng: Rng, size: int) -> Step:
    """Exposure ±1.5 stops, white balance, and a cross-talk matrix that keeps gray gray."""
    exposure = 2 ** rng.uniform(-1.5, 1.5)
    balance = np.exp(rng.normal(0, 0.07, 3))
    talk = np.eye(3) + rng.normal(0, 0.04, (3, 3))
    saturate = np.exp(rng.normal(0, 0.22))
    mix = saturate * np.eye(3) + (1 - saturate) / 3
    matrix = mix @ (talk / talk.sum(1, keepdims=True)) * (balance * exposure)
    matrix = matrix.astype(np.float32)
    return lambda rgb: _pixels(cv2.transform(rgb, matrix))


def _defocus(rng: Rng, size: int) -> Step:
    sigma = float(np.exp(rng.uniform(np.log(0.3), np.log(1.6))))
    return lambda rgb: _pixels(cv2.GaussianBlur(rgb, (0, 0), sigma))


def _upscaled(rng: Rng, size: int) -> Step:
    """A picture that was smaller once."""
    side = int(size * rng.uniform(0.4, 0.8))

    def step(rgb: Pixels) -> Pixels:
        small = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_AREA)
        return _pixels(cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC))

    return step


def _grain(rng: Rng, size: int) -> Step:
    """Sensor noise (grows with the root of light) or film grain (blurred), one field for all."""
    luma, chroma = rng.uniform(0, 0.03), rng.uniform(0, 0.02)
    field = rng.standard_normal((size, size, 3), dtype=np.float32) * np.float32(chroma)
    field += rng.standard_normal((size, size, 1), dtype=np.float32) * np.float32(luma)
    if rng.random() < 0.6:
        field = cv2.GaussianBlur(field, (0, 0), float(rng.uniform(0.4, 1.3))) * np.float32(1.6)
    floor = np.float32(rng.uniform(0.01, 0.1))
    return lambda rgb: rgb + field * (np.sqrt(np.maximum(rgb, 0)) + floor)


def _sharpened(rng: Rng, size: int) -> Step:
    sigma, amount = float(rng.uniform(0.6, 1.6)), np.float32(rng.uniform(0.2, 1.0))

    def step(rgb: Pixels) -> Pixels:
        blurred = _pixels(cv2.GaussianBlur(rgb, (0, 0), sigma))
        return _pixels(np.maximum(rgb + amount * (rgb - blurred), np.minimum(rgb, 0)))

    return step


def _clipped(rng: Rng, size: int) -> Step:
    """A sensor's white and, at times, black."""
    white = np.float32(2 ** rng.uniform(-1, 4))
    black = np.float32(0 if rng.random() < 0.5 else -1)
    return lambda rgb: np.clip(rgb, black, white)


def _pixels(array: Any) -> Pixels:
    """What OpenCV returns, named as the float32 array it is."""
    return np.asarray(array, np.float32)
