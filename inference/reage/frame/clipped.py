"""Where a plate is clipped white, and how a change ends there.

A blown-out backdrop has no picture in it: what a model adds beside it is a rim, not skin. What
counts as clipped:

- In files of whole numbers, a pixel whose three channels all have the format's highest code
  value; 254.5 of 255 and above. The readers know: `Plate.clipped`.
- In float files and movies, whose format has no highest value, a plateau: a pixel whose three
  channels all have the highest value that there is in the crop's square, at least `WHITE`.

And of these only patches that hang together over more than `PATCH` of the square. So neither a
glint on skin nor unclipped values above one are touched.
"""

from __future__ import annotations

import cv2
import numpy as np

from reage.pixels.plate import Pixels

PATCH = 0.001
"""Share of the crop's square above which clipped pixels that hang together are a patch; with the
usual crop a square of about a twentieth of the face size."""

WHITE = 0.5
"""Scene-linear value below which a plateau is no clipped white, but something dark and flat."""

NEAR, SOFT = 2.0, 6.0
"""The change is nothing up to so many px from clipped white, and whole so many px further on; px
of plate or crop, whichever are larger."""

_ROUNDING = 1e-5
"""Part of a value by which equal code values may differ after a conversion of colors."""


def plateau(rgb: Pixels) -> np.ndarray:
    """(h, w) bool of scene-linear pixels (h, w, 3) with any values: those of the plateau."""
    finite = np.isfinite(rgb)
    light = rgb if finite.all() else np.where(finite, rgb, np.float32(-np.inf))
    # Channel by channel: along an axis of three, numpy takes ten times as long.
    tops = [float(light[..., i].max(initial=-np.inf)) for i in range(3)]
    if min(tops) < WHITE:
        return np.zeros(rgb.shape[:2], bool)
    edges = [np.float32(top) * np.float32(1 - _ROUNDING) for top in tops]
    red, green, blue = (light[..., i] >= edge for i, edge in enumerate(edges))
    return np.asarray(red & green & blue)


def patches(clipped: np.ndarray) -> np.ndarray:
    """The same, (h, w) bool over the crop's square, without what is too small to be a patch."""
    if np.count_nonzero(clipped) <= PATCH * clipped.size:
        return np.zeros_like(clipped)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(clipped.astype(np.uint8), connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] > PATCH * clipped.size
    large[0] = False  # what is not clipped
    return np.asarray(large[labels])


def ending(clipped: np.ndarray, pixel: float) -> Pixels | None:
    """(h, w) float32: 0 at and near clipped pixels, rising softly to 1; None where all is 1.

    clipped: (h, w) bool, patches of it; pixel: what NEAR and SOFT are counted in, in plate px
    """
    if not clipped.any():
        return None
    unclipped = (~clipped).astype(np.uint8)
    distance = cv2.distanceTransform(unclipped, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    ramp = np.clip((distance / pixel - NEAR) / SOFT, 0.0, 1.0)
    return np.asarray(ramp * ramp * (3.0 - 2.0 * ramp), np.float32)
