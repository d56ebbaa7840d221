"""Square samples of a picture, turned and scaled: what the face networks look at."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from reage.pixels.geometry import Region, Similarity

Picture = npt.NDArray[np.uint8]
"""(height, width, 3) uint8, RGB, sRGB-encoded: for looking at, never for output."""


def square(center: tuple[float, float], side: float, degrees: float, pixels: int) -> Similarity:
    """Map from a `pixels` × `pixels` sample to the picture.

    The sample covers a square of `side` picture px about `center`, turned by `degrees`
    clockwise on screen: a face with that roll stands upright in it.
    """
    return Similarity.of(side / pixels, degrees, (pixels / 2, pixels / 2), center)


def sample(picture: Picture, to_picture: Similarity, pixels: int) -> Picture:
    """What lies in the square, (pixels, pixels, 3).

    Beyond the picture its edge pixels go on: a face cut by the frame is found more surely
    beside its own colors than beside black. Shrinking averages over areas first, so that
    fine grain does not alias.
    """
    height, width = picture.shape[:2]
    corners = to_picture.apply([[0, 0], [pixels, 0], [0, pixels], [pixels, pixels]])
    seen = Region.spanning(corners).expand(2).intersect(Region(0, 0, width, height))
    if seen.empty:
        return np.zeros((pixels, pixels, 3), np.uint8)
    part = picture[seen.slices(Region(0, 0, width, height))]
    shrunk_w = max(1, round(seen.width / max(1.0, to_picture.scale)))
    shrunk_h = max(1, round(seen.height / max(1.0, to_picture.scale)))
    small = cv2.resize(part, (shrunk_w, shrunk_h), interpolation=cv2.INTER_AREA)
    # Pixel centers lie at +.5 in both pictures; cv2 counts from centers.
    to_small = to_picture.matrix
    to_small[:, 2] += to_small[:, :2] @ (0.5, 0.5) - (seen.x, seen.y)
    to_small *= np.array([[shrunk_w / seen.width], [shrunk_h / seen.height]])
    to_small[:, 2] -= 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(
        np.ascontiguousarray(small),
        to_small,
        (pixels, pixels),
        flags=flags,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, np.uint8)


def angle(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> float:
    """Direction from one point (x, y) to another, degrees clockwise on screen."""
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
