"""How far the mesh answers for a crop's pixels."""

from __future__ import annotations

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.pixels.crop import Crop
from reage.pixels.plate import Pixels

WHOLE, BEYOND = 0.02, 0.06
"""How far past the outline the skin's map is believed, wholly and at all, in face sizes. The
outline's corners cut off a little of the mesh."""

_SIDE = 256
"""Side in px at which the coverage is drawn; it is soft, so more would show nothing more."""


def coverage(face: FaceFrame, crop: Crop) -> Pixels:
    """(size, size) float32 over the crop: 1 within the face's outline and a little past it,
    falling to 0 at BEYOND."""
    to_crop = face.to_plate.then(crop.to_plate.inverse())
    points = to_crop.apply(np.array(face.outline)) * (_SIDE / crop.size)
    outside = np.ones((_SIDE, _SIDE), np.uint8)
    cv2.fillPoly(outside, [np.round(points * 16.0 - 8.0).astype(np.int32)], 0, cv2.LINE_8, 4)
    scale = to_crop.scale * _SIDE / crop.size
    away = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5)
    near = np.clip((BEYOND - away / scale) / (BEYOND - WHOLE), 0.0, 1.0)
    soft = near * near * (3 - 2 * near)
    return np.asarray(cv2.resize(soft, (crop.size, crop.size), interpolation=cv2.INTER_LINEAR))
