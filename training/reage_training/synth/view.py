"""A view: one person, expression, light and camera, with the skin still to be lit.

It holds for each pixel where on the face it lies and what light falls there, and, finished,
everything that is not skin. So skin of any age can be lit in it, on whatever device trains,
and nothing but the face differs between two ages of a view: its skin, and eyes, teeth and lashes,
which are there as they are in youth and in old age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt

from reage_training.synth.camera import Camera
from reage_training.synth.head import Floats
from reage_training.synth.skin_color import plain_skin
from reage_training.synth.wardrobe import SCALP

if TYPE_CHECKING:
    from reage_training.synth.subject import Subject

KEYS = 3
"""Key lights at most."""

UV, NORMAL, AMBIENT, OPENNESS, HAIR_OVER = slice(0, 2), slice(2, 4), slice(4, 7), 7, 8
KEY, SKIN, HAIR, FEATURES = slice(9, 12), 12, 13, 14
STILL, STILL_GRAY, STILL_OLD = slice(15, 18), slice(18, 21), slice(21, 24)
"""Planes of a view, see `View`."""
PLANES = 24
STILLS = (STILL, STILL_GRAY, STILL_OLD)
COVERS = (SKIN, HAIR, FEATURES)

REC709_TO_ACESCG = np.array(
    [
        [0.6130974024, 0.3395231462, 0.0473794514],
        [0.0701937225, 0.9163538791, 0.0134523985],
        [0.0206155929, 0.1095697729, 0.8698146342],
    ],
    np.float32,
)
"""Linear Rec.709 to ACEScg, Bradford adapted D65 to D60 (ACES, aces-dev utility matrices)."""
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Luminance of linear Rec.709 (ITU-R BT.709-6)."""

_MARGIN = 10.0
"""Pixels around the skin that are given their nearest skin's values, for blurs and slopes."""

Planes = npt.NDArray[np.float16]


@dataclass(frozen=True)
class View:
    """planes (h, w, PLANES) float16:

    UV         face texture u and v, each as 65535ths in a uint16's bits
    NORMAL     x to the right and y up, as the camera sees it; z is toward the camera
    AMBIENT    irradiance over π from all around, with shadows, linear Rec.709
    OPENNESS   share of the sky that is seen, HAIR_OVER root hair over the skin, 0 … 1
    KEY        share 0 … 1 of each key light that is seen
    SKIN       coverage by visible facial skin; HAIR by hair strands; FEATURES by eyes, teeth, gums
               and lashes
    STILL      everything that is not skin, times its coverage: scene-linear ACEScg, exposed
    STILL_GRAY the same, were the hair gray
    STILL_OLD  the same with eyes, teeth and lashes of an old face, the hair as it is

    story: how it came about: seed, expression, camera, lights as the camera sees them,
           scalp color, cm_per_px, exposure (factor from light to scene-linear), landmarks
    """

    planes: Planes
    story: Mapping[str, Any]


def view_of(
    subject: Subject,
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
    cover = cv2.resize(skin, size, interpolation=shrunk)
    parts = [
        cv2.resize(np.ascontiguousarray(inside[..., k]), size, interpolation=shrunk)
        for k in range(inside.shape[2])
    ]
    values = np.stack(parts, -1) / np.maximum(cover, 1e-6)[..., None]
    away, nearest = distance_transform_edt(cover < 0.2, return_indices=True)
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
    for cover_plane, layer in zip(COVERS, (seen, gray, old), strict=True):
        planes[..., cover_plane] = layer[..., 3]
    exposure = _exposure(subject, camera, values, seen[..., 3])
    for where, rgb in zip(STILLS, (seen, gray, old), strict=True):
        light = rgb[..., :3] @ REC709_TO_ACESCG.T * exposure
        planes[..., where] = np.clip(light, 0, 60000)
    return View(planes, _story(subject, camera, exposure, size))


def _exposure(subject: Subject, camera: Camera, values: Floats, skin: Floats) -> float:
    """Puts the 90th percentile of the skin's luminance where `skin_level` draws it."""
    lights, tone = subject.lights, subject.person.traits.tone
    light = values[..., 5:8].copy()
    for k, (toward, color) in enumerate(zip(lights.direction, lights.color, strict=True)):
        facing = np.maximum(values[..., 2:5] @ (toward @ camera.axes), 0) * values[..., 10 + k]
        light += facing[..., None] * color
    luminance = (light * plain_skin(tone)) @ LUMA
    shown = luminance[skin > 0.9]
    bright = float(np.percentile(shown, 90)) if shown.size else 0.2
    rng = np.random.default_rng([subject.person.seed, 5])
    return skin_level(rng, tone) / max(bright, 1e-4)


def skin_level(rng: np.random.Generator, tone: float) -> float:
    """90th-percentile skin luminance to expose for, .22 … .55; darker skin rather darker."""
    low, high = 0.30 - 0.08 * tone, 0.55 - 0.17 * tone
    return float(rng.uniform(low, high))


def _story(
    subject: Subject, camera: Camera, exposure: float, size: tuple[int, int]
) -> dict[str, Any]:
    person, lights = subject.person, subject.lights
    seen = lights.rotated(camera.axes.T.copy())
    points = subject.landmarks(camera, size[1], size[0])
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
        "scalp": subject.dressed.numbers[SCALP].tolist(),
        "exposure": exposure,
        "landmarks": np.round(points, 2).tolist(),
    }
