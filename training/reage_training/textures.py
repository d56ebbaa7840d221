"""Procedural textures and things in front of a face: no photograph anywhere."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from reage.pixels.plate import Pixels

Rng = np.random.Generator
Plane = npt.NDArray[np.float32]
"""float32, rows × columns."""


def _smooth_field(rng: Rng, size: int, cells: int) -> Plane:
    """(size, size) of unit-variance noise whose features are about size / cells px wide."""
    coarse = rng.standard_normal((cells + 3, cells + 3), dtype=np.float32)
    return _plane(cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC))


def texture(rng: Rng, size: int) -> Pixels:
    """(size, size, 3) scene-linear reflectance, 0.01 … 0.9: cloth, skin of a hand, plain, print."""
    color = np.exp(rng.uniform(np.log(0.02), np.log(0.7), 3)).astype(np.float32)
    gray = color.mean()
    color = gray + (color - gray) * np.float32(rng.uniform(0.1, 0.9))
    if rng.random() < 0.3:  # a hand in front of the face
        color = gray * np.array([1.35, 0.95, 0.75], np.float32)
    light = np.exp(_smooth_field(rng, size, int(rng.integers(2, 16))) * rng.uniform(0.1, 0.5))
    fine = np.exp(_smooth_field(rng, size, int(rng.integers(20, 90))) * rng.uniform(0.0, 0.2))
    pattern = _pattern(rng, size)
    out = color * (light * fine * pattern)[..., None]
    return np.asarray(np.clip(out, 0.01, 0.9), np.float32)


def _pattern(rng: Rng, size: int) -> Plane:
    """(size, size) factor: none, stripes, checks or a weave."""
    kind = rng.integers(4)
    if kind == 0:
        return np.ones((size, size), np.float32)
    along, across = _turned_axes(rng, size)
    period = rng.uniform(4, 50)
    wave = np.sin(along * (2 * np.pi / period))
    if kind > 1:
        wave = wave * np.sin(across * (2 * np.pi / period))
    if kind == 2:
        wave = np.sign(wave)
    return _plane(np.exp(wave * rng.uniform(0.05, 0.9)))


def _turned_axes(rng: Rng, size: int) -> tuple[Plane, Plane]:
    """Two perpendicular coordinates in px, turned at random, zero at the picture's center."""
    t = rng.uniform(0, 2 * np.pi)
    line = np.arange(size, dtype=np.float32) + 0.5 - size / 2
    x, y = line[None, :], line[:, None]
    c, s = np.float32(np.cos(t)), np.float32(np.sin(t))
    return x * c + y * s, y * c - x * s


def occluder_matte(rng: Rng, size: int) -> Plane:
    """(size, size), 0 … 1: where something stands in front. Soft-edged, of four kinds."""
    kind = rng.random()
    if kind < 0.3:
        matte = _cloth(rng, size)
    elif kind < 0.6:
        matte = _blobs(rng, size)
    elif kind < 0.8:
        matte = _fingers(rng, size)
    else:
        matte = _glasses(rng, size)
    soft = cv2.GaussianBlur(matte, (0, 0), float(rng.uniform(0.5, 2.0)))
    return _plane(np.clip(soft, 0, 1))  # the filter rounds to a hair above 1


def _cloth(rng: Rng, size: int) -> Plane:
    """Everything beyond a wavy line: a collar, a scarf, a hat's brim."""
    along, across = _turned_axes(rng, size)
    waves = np.sin(across / rng.uniform(8, 40)) * rng.uniform(0, 10)
    return _plane(along + waves > size * rng.uniform(0.22, 0.48))


def _blobs(rng: Rng, size: int) -> Plane:
    matte = np.zeros((size, size), np.float32)
    for _ in range(rng.integers(1, 4)):
        center = [int(v) for v in rng.integers(0, size, 2)]
        axes = [int(v) for v in rng.integers(3, max(4, size // 6), 2)]
        cv2.ellipse(matte, center, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    return matte


def _fingers(rng: Rng, size: int) -> Plane:
    """A few parallel thick lines that begin outside the picture."""
    matte = np.zeros((size, size), np.float32)
    t = rng.uniform(0, 2 * np.pi)
    way, side = np.array([np.cos(t), np.sin(t)]), np.array([-np.sin(t), np.cos(t)])
    tip = rng.uniform(0.2, 0.8, 2) * size
    thick = size * rng.uniform(0.04, 0.09)
    for k in range(rng.integers(1, 5)):
        start = tip + side * k * thick * 1.15 - way * rng.uniform(0, thick)
        end = start + way * size * 1.5
        cv2.line(matte, _point(start), _point(end), 1.0, max(1, int(thick)), cv2.LINE_AA)
    return matte


def _glasses(rng: Rng, size: int) -> Plane:
    """Two rings and a bridge."""
    matte = np.zeros((size, size), np.float32)
    t = rng.normal(0, 0.25)
    side = np.array([np.cos(t), np.sin(t)])
    center, gap = rng.uniform(0.3, 0.7, 2) * size, size * rng.uniform(0.12, 0.28)
    axes = [int(gap * rng.uniform(0.6, 0.85)), int(gap * rng.uniform(0.45, 0.8))]
    thick = int(rng.integers(1, max(2, size // 40) + 1))
    for s in (-1, 1):
        cv2.ellipse(matte, _point(center + side * gap * s), axes, np.degrees(t), 0, 360, 1.0, thick)
    bridge = side * gap * 0.3
    cv2.line(matte, _point(center - bridge), _point(center + bridge), 1.0, thick)
    return matte


def _point(xy: npt.NDArray[np.float64]) -> tuple[int, int]:
    return int(np.rint(xy[0])), int(np.rint(xy[1]))


def _plane(array: Any) -> Plane:
    """What OpenCV returns, named as the float32 array it is."""
    return np.asarray(array, np.float32)
