"""A plate around a face, made small: at about the resolution at which the model sees it, and with
square pixels.

For whoever has no time: from here on, re-aging costs what the crop size says, however large the
plate. So preview and mirror are near to what a bake gives, but for its finest grain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate, PlateInfo

_FINER = 1.5
"""Px of a small plate for one of the crop's, at least: the crop is sampled from them once more."""


@dataclass(frozen=True)
class SmallPlate:
    """plate: from (0, 0) on; region: plate pixels that it shows; face: in its own pixels, None
    where there is none."""

    plate: Plate
    region: Region
    face: FaceFrame | None

    @classmethod
    def of(cls, plate: Plate, face: FaceFrame | None, scale: float) -> SmallPlate:
        """A plate, and a face in it, shrunk by averaging, light as light; not enlarged."""
        region, aspect = plate.region, plate.info.aspect
        rgb = resized(plate.rgb, shrunk(region, min(1.0, scale), aspect))
        here, clipped = Region(0, 0, rgb.shape[1], rgb.shape[0]), plate.clipped
        if clipped is not None:
            clipped = resized(clipped.astype(np.float32), rgb.shape) > 0
        small = Plate(rgb, here, PlateInfo(here, here, ("R", "G", "B")), clipped)
        return cls(small, region, face and _moved(face, region, here, aspect))


def enough(crop: Crop) -> float:
    """The least scale at which a plate holds all that the crop shows of it."""
    return _FINER / crop.to_plate.scale


def shrunk(region: Region, scale: float, aspect: float = 1.0) -> tuple[int, ...]:
    """A region's height and width at a scale and unsqueezed, in whole px and at least one."""
    return max(1, round(region.height * scale)), max(1, round(region.width * aspect * scale))


def resized(pixels: Pixels, shape: tuple[int, ...]) -> Pixels:
    """At the height and width of `shape`: averaged where it shrinks, linear between pixels where
    it grows."""
    if pixels.shape[:2] == shape[:2]:
        return pixels
    grows = shape[0] > pixels.shape[0] or shape[1] > pixels.shape[1]
    if grows and (shape[0] < pixels.shape[0] or shape[1] < pixels.shape[1]):
        least = (min(shape[0], pixels.shape[0]), min(shape[1], pixels.shape[1]))
        return resized(resized(pixels, least), shape)  # a side that shrinks is averaged still
    how = cv2.INTER_LINEAR if grows else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, (shape[1], shape[0]), interpolation=how), np.float32)


def _moved(face: FaceFrame, region: Region, here: Region, aspect: float) -> FaceFrame:
    """The face in the px of a picture that shows `region` as large as `here`, unsqueezed.

    Both sides are whole px, so they shrink by factors that differ by less than a px in all.
    """
    x, y = here.width / region.width, here.height / region.height
    center = ((face.center[0] / aspect - region.x) * x, (face.center[1] - region.y) * y)
    return replace(face, center=center, size=face.size * (x / aspect * y) ** 0.5)
