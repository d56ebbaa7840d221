"""A view put together from what was drawn of a person, finer than the view is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from scipy.ndimage import distance_transform_edt

from reage_training.synth.camera import Camera
from reage_training.synth.head import Floats
from reage_training.synth.lights import Lights
from reage_training.synth.person import Person
from reage_training.synth.said import LOOK
from reage_training.synth.skin_color import plain_skin
from reage_training.synth.view import (
    AMBIENT,
    COVERAGE,
    HAIR_OVER,
    KEY,
    LUMA,
    NORMAL,
    OPENNESS,
    PLANES,
    REC709_TO_ACESCG,
    STILLS,
    UV,
    View,
)

_MARGIN = 10.0
"""Pixels around the skin that are given their nearest skin's values, for blurs and slopes."""


@dataclass(frozen=True)
class Sitter:
    """Who is seen, and in which light; scalp (3,) its color, landmarks (N, 3) in the view's px."""

    person: Person
    lights: Lights
    scalp: Floats
    landmarks: Floats


def view_of(
    sitter: Sitter,
    camera: Camera,
    skin: Floats,
    inside: Floats,
    whole: Floats,
    size: tuple[int, int],
) -> View:
    """A view out of its supersampled parts, for `size` (width, height) pixels.

    skin (H, W): 1 where the surface is skin; inside (H, W, 2 + …): uv and `Subject._lit`'s
    values there; whole (H, W, 12): see `raster.draw_strands`.
    """
    shrunk = cv2.INTER_AREA
    coverage = cv2.resize(skin, size, interpolation=shrunk)
    parts = [
        cv2.resize(np.ascontiguousarray(inside[..., k]), size, interpolation=shrunk)
        for k in range(inside.shape[2])
    ]
    values = np.stack(parts, -1) / np.maximum(coverage, 1e-6)[..., None]
    away, nearest = distance_transform_edt(coverage < 0.2, return_indices=True)
    values = values[nearest[0], nearest[1]] * (away < _MARGIN)[..., None]
    seen, gray, old = (
        cv2.resize(np.ascontiguousarray(whole[..., k : k + 4]), size, interpolation=shrunk)
        for k in (0, 4, 8)
    )
    planes = np.zeros((size[1], size[0], PLANES), np.float16)
    uv = (np.clip(values[..., :2], 0, 1) * 65535 + 0.5).astype(np.uint16)
    planes[..., UV] = uv.view(np.float16)
    planes[..., NORMAL] = values[..., 2:4]
    planes[..., AMBIENT] = values[..., 5:8]
    planes[..., OPENNESS], planes[..., HAIR_OVER] = values[..., 8], values[..., 9]
    planes[..., KEY] = values[..., 10:]
    for coverage_plane, layer in zip(COVERAGE, (seen, gray, old), strict=True):
        planes[..., coverage_plane] = layer[..., 3]
    exposure = _exposure(sitter, camera, values, seen[..., 3])
    for where, rgb in zip(STILLS, (seen, gray, old), strict=True):
        light = rgb[..., :3] @ REC709_TO_ACESCG.T * exposure
        planes[..., where] = np.clip(light, 0, 60000)
    return View(planes, _metadata(sitter, camera, exposure, size))


def _exposure(sitter: Sitter, camera: Camera, values: Floats, skin: Floats) -> float:
    """Puts the 90th percentile of the skin's luminance where `skin_level` draws it."""
    lights, tone = sitter.lights, sitter.person.traits.tone
    light = values[..., 5:8].copy()
    for k, (toward, color) in enumerate(zip(lights.direction, lights.color, strict=True)):
        facing = np.maximum(values[..., 2:5] @ (toward @ camera.axes), 0) * values[..., 10 + k]
        light += facing[..., None] * color
    luminance = (light * plain_skin(tone)) @ LUMA
    shown = luminance[skin > 0.9]
    bright = float(np.percentile(shown, 90)) if shown.size else 0.2
    rng = np.random.default_rng([sitter.person.seed, 5])
    return skin_level(rng, tone) / max(bright, 1e-4)


def skin_level(rng: np.random.Generator, tone: float) -> float:
    """90th-percentile skin luminance to expose for, .22 … .55; darker skin rather darker."""
    low, high = 0.30 - 0.08 * tone, 0.55 - 0.17 * tone
    return float(rng.uniform(low, high))


def _metadata(
    sitter: Sitter, camera: Camera, exposure: float, size: tuple[int, int]
) -> dict[str, Any]:
    person, lights = sitter.person, sitter.lights
    seen = lights.rotated(camera.axes.T.copy())
    look = {} if person.said is None else {LOOK: person.said.to_dict()}
    return {
        "seed": person.seed,
        "expression": dict(person.expression),
        "cm_per_px": camera.window / size[1],
        "camera": camera.to_dict(),
        "lights": {
            "ambient": seen.ambient.tolist(),
            "direction": seen.direction.tolist(),
            "color": seen.color.tolist(),
            "spread": seen.spread.tolist(),
        },
        "scalp": sitter.scalp.tolist(),
        "exposure": exposure,
        "landmarks": np.round(sitter.landmarks, 2).tolist(),
        **look,
    }
