"""A pattern laid on the face in a crop, as a model that takes one sees it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.faces.skin import BEYOND, Spline, coverage, facing, places
from reage.fingerprint import file_fingerprint
from reage.mix import Mix
from reage.pattern.mixed import mixed
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.pixels.weighted import weighted

_LEVELS = 5
"""Halvings of a texture that are kept: down to a face of about 20 px."""

_MOST = 8
"""Patterns that are kept in memory, 16 MiB each, the last ones used."""

_MAKING = Lock()
_made: dict[tuple[object, ...], tuple[Pixels, ...]] = {}
_used: dict[tuple[object, ...], float] = {}
"""When each was used last; monotonic seconds."""


def conditioning_map(face: FaceFrame, crop: Crop, pattern: int | str) -> Pixels:
    """(size, size, 3) float32: a pattern's maps where the crop shows the face; see `reage.mix`.

    Zero beyond the face, and everywhere where the track has no mesh. Raises SettingsError where a
    pattern file cannot be read.
    """
    return laid(face, crop, _textures(pattern))


def laid(face: FaceFrame, crop: Crop, textures: Sequence[Pixels]) -> Pixels:
    """(size, size, C) float32: a texture in face UV, as `halved` gives it, laid on the face.

    Law: a texture that holds u and v shows, at each landmark that looks at the camera, the
    landmark's place, to 1 % of a face.
    """
    out = np.zeros((crop.size, crop.size, textures[0].shape[2]), np.float32)
    skin = skin_of(face, crop)
    if skin is None:
        return out
    here = _around(skin, crop)
    uv = skin.over(here)
    rows, columns = here.slices(Region(0, 0, crop.size, crop.size))
    out[rows, columns] = weighted(_sampled(textures, uv), coverage(face, crop)[rows, columns])
    return out


def halved(texture: Pixels) -> tuple[Pixels, ...]:
    """A texture (N, N, C) in face UV and its halvings, row 0 at v = 1 and column 0 at u = 0."""
    levels = [np.ascontiguousarray(texture, np.float32)]
    while len(levels) <= _LEVELS and min(levels[-1].shape[:2]) > 1:
        smaller = cv2.pyrDown(levels[-1])
        levels.append(smaller.reshape(*smaller.shape[:2], -1))  # cv2 drops a single channel
    return tuple(levels)


def is_made(pattern: int | str) -> bool:
    """Whether `conditioning_map` has it at once, and need not make it for seconds. Never waits."""
    return _key(pattern) in _made


def make(pattern: int | str) -> None:
    """Make a pattern before it is needed. Raises SettingsError where a file cannot be read."""
    _textures(pattern)


def _key(pattern: int | str) -> tuple[object, ...]:
    """Another one where a file has changed."""
    mix = Mix.of(pattern)
    return (mix, *map(file_fingerprint, mix.files))


def _textures(pattern: int | str) -> tuple[Pixels, ...]:
    """A thread that needs a pattern which another one is making waits for it; one whose pattern is
    there waits for nobody."""
    key = _key(pattern)
    textures = _made.get(key)
    if textures is None:
        with _MAKING:
            textures = _made.get(key)
            if textures is None:
                textures = halved(mixed(Mix.of(pattern)))
                while len(_made) >= _MOST:
                    oldest = min(_made, key=lambda kept: _used.get(kept, 0.0))
                    del _made[oldest]
                    _used.pop(oldest, None)
                _made[key] = textures
    _used[key] = time.monotonic()
    return textures


@lru_cache(maxsize=4)
def skin_of(face: FaceFrame, crop: Crop) -> Spline | None:
    """Crop px to face UV; None without a mesh."""
    points = face.landmarks()
    if points is None:
        return None
    to_crop = crop.to_plate.inverse()
    margin = BEYOND * face.size * to_crop.scale
    weights = facing(np.array(face.mesh))
    return Spline.through(to_crop.apply(points), places(), weights, margin)


def _around(skin: Spline, crop: Crop) -> Region:
    """The part of the crop that the map was made for."""
    bounds = Region.spanning(np.stack([skin.low, skin.high]))
    return bounds.intersect(Region(0, 0, crop.size, crop.size))


def _sampled(textures: Sequence[Pixels], uv: Pixels) -> Pixels:
    """(h, w, C): the texture at face UV (h, w, 2), as blurred as the crop's pixels ask.

    One blur for the whole face, between two levels, so that it does not jump over time.
    """
    side = textures[0].shape[0]
    level = float(np.clip(np.log2(max(side * _pace(uv), 1.0)), 0, len(textures) - 1))
    low = min(int(level), len(textures) - 2)
    share = level - low
    x, y = uv[..., 0] * side - 0.5, (1 - uv[..., 1]) * side - 0.5
    fine, coarse = (_at(textures[n], x, y, 2.0**-n) for n in (low, low + 1))
    return np.asarray(cv2.addWeighted(fine, 1 - share, coarse, share, 0)).reshape(fine.shape)


def _at(texture: Pixels, x: Pixels, y: Pixels, scale: float) -> Pixels:
    k = np.float32(scale)  # a halving keeps the first texel's center where it was
    found = cv2.remap(texture, x * k, y * k, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(found).reshape(*x.shape, -1)


def _pace(uv: Pixels) -> float:
    """Face UV per crop pixel in the middle of the face, by area."""
    coarse = uv[::8, ::8].astype(np.float64)
    along, down = np.diff(coarse, axis=1)[:-1] / 8, np.diff(coarse, axis=0)[:, :-1] / 8
    area = along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0]
    return float(np.sqrt(np.median(np.abs(area))))
