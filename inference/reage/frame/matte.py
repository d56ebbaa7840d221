"""Where the change may show: a soft oval around the face, from the track's outline; and how far
the crop reaches. Where hair is, an artist says; what the model takes for hair is a guess."""

from __future__ import annotations

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

SIDE = 256
"""Side in px at which a matte is drawn; it is soft, so more would show nothing more."""

GROW = 1.10
"""The landmark oval ends below the hairline and at the jaw's edge; wrinkles do not."""

FEATHER = 0.045
"""Standard deviation of the soft edge, in face sizes."""

CROP_EDGE = 0.06
"""Part of the crop's side over which the matte fades out before the crop ends."""


def face_matte(face: FaceFrame, crop: Crop) -> Pixels:
    """(SIDE, SIDE) float32, 0 … 1, spanning the crop's square; zero at its edge."""
    outline = np.asarray(face.outline, np.float64)
    middle = outline.mean(0)
    to_matte = face.to_plate.then(crop.to_plate.inverse())
    points = to_matte.apply(middle + (outline - middle) * GROW) * (SIDE / crop.size)
    hard = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillPoly(hard, [np.round(points * 16.0 - 8.0).astype(np.int32)], 1.0, cv2.LINE_8, 4)
    sigma = FEATHER * to_matte.scale * SIDE / crop.size
    soft = cv2.GaussianBlur(hard, (0, 0), max(sigma, 0.5), borderType=cv2.BORDER_REPLICATE)
    return _ended(soft)


def hair_guess(raw: Pixels) -> Pixels:
    """(size, size) float32, 0 … 1: a model's own hair matte on the crop; zero at its edge."""
    return _ended(raw)


def crop_reach(crop: Crop, region: Region) -> Pixels:
    """(h, w) float32 of `region`: 1 inside the crop, falling to 0 at its edge and beyond."""
    return np.clip(crop.paste(_edge_ramp(SIDE), region), 0.0, 1.0)


def _ended(soft: Pixels) -> Pixels:
    """A square matte that is exactly 0 and 1 in its tails, and 0 at the square's edge.

    Neither a Gaussian nor a network ever ends; cutting the last hundredths keeps the data
    window tight.
    """
    ramp = _edge_ramp(soft.shape[0])
    return np.asarray(np.clip((soft - 0.02) / 0.96, 0.0, 1.0) * ramp, np.float32)


def _edge_ramp(side: int) -> Pixels:
    """1 inside, falling to 0 at the square's edge."""
    distance = np.minimum(np.arange(side), np.arange(side)[::-1]) / (CROP_EDGE * side)
    ramp = np.clip(distance, 0.0, 1.0)
    smooth = ramp * ramp * (3.0 - 2.0 * ramp)
    return np.asarray(np.minimum.outer(smooth, smooth), np.float32)
