"""The warp of a face between two ages, or to those that an age map asks for."""

from __future__ import annotations

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.pixels.geometry import Region, unsqueezed
from reage.pixels.resample import widened
from reage.settings import Settings
from reage.shape.amounts import amounts
from reage.shape.offsets import Offsets, Share, offsets

_OLDEST = 100
"""Years; what an age map asks for beyond them is as much."""


def aged_offsets(
    face: FaceFrame,
    settings: Settings,
    data: Region,
    target: Share | None = None,
    aspect: float = 1.0,
) -> Offsets | None:
    """The warp of a face from the settings' source age; None where nothing moves.

    data:   plate pixels that there are; nothing is fetched from beyond them
    target: years over a part of the plate, instead of the settings' target age: the warp is then
            the one to the age that is farthest away on the face, and as much less elsewhere as a
            face gains less by then
    aspect: width over height of the plate's pixels; the warp is worked out in square px
    """
    if aspect == 1.0:
        return _aged(face, settings, data, target)
    square = Region.spanning(unsqueezed(data.corners, aspect))
    if target is not None:
        target = Share(*widened(target.values, target.region, aspect))
    found = _aged(face, settings, square, target)
    return found and found.squeezed(aspect, data)


def _aged(
    face: FaceFrame, settings: Settings, data: Region, target: Share | None
) -> Offsets | None:
    if target is None:
        return offsets(face, amounts(settings, settings.target_age), data)
    years = np.clip(target.values, 0, _OLDEST)
    on_face = years[_inside(face, target.region)]
    if not on_face.size:
        return None
    farthest = float(on_face[np.abs(on_face - settings.source_age).argmax()])
    gained = amounts(settings, farthest)
    if not gained.any():
        return None
    ages = np.arange(_OLDEST + 1.0)
    share = [amounts(settings, age) @ gained / (gained @ gained) for age in ages]
    shares = np.interp(years, ages, share).astype(np.float32)
    return offsets(face, gained, data, Share(shares, target.region))


def _inside(face: FaceFrame, region: Region) -> np.ndarray:
    """(h, w) bool: pixels of a region within the face's outline."""
    inside = np.zeros((region.height, region.width), np.uint8)
    oval = np.round(face.oval() - (region.x, region.y)).astype(np.int32)
    return np.asarray(cv2.fillPoly(inside, [oval], 1) > 0)
