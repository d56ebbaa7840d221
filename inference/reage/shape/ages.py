"""The warp of a face between two ages, or to those that an age map asks for."""

from __future__ import annotations

import numpy as np

from reage.faces import FaceFrame
from reage.pixels.geometry import Region
from reage.settings import Settings
from reage.shape.amounts import amounts
from reage.shape.offsets import Offsets, Share, offsets


def aged_offsets(
    face: FaceFrame, settings: Settings, data: Region, target: Share | None = None
) -> Offsets | None:
    """The warp of a face from the settings' source age; None where nothing moves.

    data:   plate pixels that there are; nothing is fetched from beyond them
    target: years over a part of the plate, instead of the settings' target age: the warp is then
            the one to the age that is farthest away, and as much less of it elsewhere
    """
    if target is None:
        return offsets(face, amounts(settings, settings.target_age), data)
    years = target.values - np.float32(settings.source_age)
    farthest = float(years.flat[int(np.abs(years).argmax())])
    if not farthest:
        return None
    gained = amounts(settings, settings.source_age + farthest)
    return offsets(face, gained, data, Share(years / np.float32(farthest), target.region))
