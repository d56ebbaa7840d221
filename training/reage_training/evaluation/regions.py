"""Which region of the face a pixel shows, by its place in face UV."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from reage.faces.skin import places
from reage.pattern.regions import place
from reage.pixels.plate import Pixels

SKIN = {
    "forehead": "forehead",
    "outer eye": "outer_eye",
    "under the eye": "under_eye",
    "cheek": "cheek",
    "beside the mouth": "lower_cheek",
    "upper lip": "upper_lip",
    "chin": "chin",
}
"""Regions of skin, and their places in `reage.pattern.regions`."""

FEATURES = "features"
"""Brows, eyes and lips as one."""

REGIONS = (*SKIN, FEATURES)

RINGS = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185),
    (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
)
"""Landmarks around eyes, lips and brows."""

Labels = npt.NDArray[np.uint8]
"""(h, w): 1 + the index in REGIONS; 0 where a pixel is of none."""

_SIDE = 512
"""Texels of the map."""

_INSIDE = 0.3
"""Of a place's bell, from which on skin belongs to it; where two meet, to the greater."""

_MARGIN = 0.006
"""In face UV, by which features reach beyond their landmarks: lashes, lids, the lips' edge."""


def regions_of(uv: Pixels) -> Labels:
    """Labels of pixels (h, w, 2) whose u and v, 0 … 1, are given; 0 where both are 0."""
    column = np.clip((uv[..., 0] * _SIDE).astype(int), 0, _SIDE - 1)
    row = np.clip(((1 - uv[..., 1]) * _SIDE).astype(int), 0, _SIDE - 1)
    return np.asarray(np.where(uv.any(-1), region_map()[row, column], 0), np.uint8)


def weight_of(region: str, labels: Labels, skin: Pixels) -> Pixels:
    """(h, w) 0 … 1: how much each pixel counts for a region: `skin` is the coverage by what ages,
    eyes, lips and brows among it, so that nothing counts behind a hand."""
    return np.asarray((labels == 1 + REGIONS.index(region)) * skin, np.float32)


@cache
def region_map() -> Labels:
    """(_SIDE, _SIDE) in face UV, row 0 at v = 1; read-only."""
    bells = np.stack([place(name, _SIDE) for name in SKIN.values()])
    out = np.where(bells.max(0) > _INSIDE, 1 + bells.argmax(0), 0).astype(np.uint8)
    out[_features() > 0] = 1 + REGIONS.index(FEATURES)
    out.setflags(write=False)
    return out


def _features() -> Labels:
    drawn = np.zeros((_SIDE, _SIDE), np.uint8)
    for ring in RINGS:
        points = places()[list(ring)] * (1, -1) + (0, 1)
        cv2.fillPoly(drawn, [np.round(points * _SIDE).astype(np.int32)], 1)
    span = 2 * round(_MARGIN * _SIDE) + 1
    return np.asarray(cv2.dilate(drawn, np.ones((span, span), np.uint8)), np.uint8)
