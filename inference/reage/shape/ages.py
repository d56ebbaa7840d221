"""The warp of a face between two ages, or to those that an age map asks for."""

from __future__ import annotations

import numpy as np

from reage.faces import FaceFrame
from reage.pixels.geometry import Region, unsqueezed
from reage.pixels.resample import widened
from reage.settings import Settings
from reage.shape.amounts import amounts
from reage.shape.offsets import Offsets, Share, offsets


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
            the one to the age that is farthest away, and as much less of it elsewhere
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
    years = target.values - np.float32(settings.source_age)
    farthest = float(years.flat[int(np.abs(years).argmax())])
    if not farthest:
        return None
    gained = amounts(settings, settings.source_age + farthest)
    return offsets(face, gained, data, Share(years / np.float32(farthest), target.region))
