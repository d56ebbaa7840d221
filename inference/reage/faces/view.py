"""What the face networks get to see of a plate, and how it lies on the plate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reage.faces.landmarks import Points
from reage.faces.sample import Picture
from reage.faces.viewable import shrunk, viewable
from reage.pixels.geometry import Region, Similarity, squeezed
from reage.pixels.plate import Pixels, Plate
from reage.pixels.resample import widened

Read = Callable[[int, Region | None], tuple[Pixels, Region]]
"""read(frame, region) -> (rgb, covered): (h, w, 3) float32 scene-linear pixels of a region
inside the plate, or of the whole plate for None, and the region that they do cover."""


def reader_of(plate: Plate) -> Read:
    """Reads a plate that is in memory, whatever the frame."""

    def read(_: int, region: Region | None) -> tuple[Pixels, Region]:
        part = plate if region is None else plate.cut(region)
        return part.rgb, part.region

    return read


def unsqueezed_reader(read: Read, aspect: float, plate: Region) -> Read:
    """The same in square px, for `read` of a plate whose pixels are `aspect` times as wide as
    high; `plate`: its display window, in its own px."""
    if aspect == 1.0:
        return read

    def wide(frame: int, region: Region | None) -> tuple[Pixels, Region]:
        if region is None:
            return widened(*read(frame, None), aspect)
        needed = Region.spanning(squeezed(region.corners, aspect)).expand(2).intersect(plate)
        rgb, covered = widened(*read(frame, needed), aspect)
        wanted = region.intersect(covered)
        return rgb[wanted.slices(covered)], wanted

    return wide


@dataclass(frozen=True)
class FaceView:
    """A picture and the map from its px to the plate's square px: scale and shift, no turn."""

    picture: Picture
    to_plate: Similarity

    def mesh_on_plate(self, points: Points) -> Points:
        """(468, 3) in picture px, moved to plate px."""
        depth = points[:, 2:] * self.to_plate.scale
        return np.hstack([self.to_plate.apply(points[:, :2]), depth])

    def mesh_in_picture(self, points: Points) -> Points:
        """(468, 3) in plate px, moved to picture px."""
        depth = points[:, 2:] / self.to_plate.scale
        return np.hstack([self.to_plate.inverse().apply(points[:, :2]), depth])


def view(read: Read, frame: int, region: Region | None, longest: int) -> FaceView:
    """Look at a region of a frame, or at all of it, shrunk to at most `longest` px a side.

    The factor is whole, so a region ends up between half of `longest` and `longest`.
    """
    rgb, covered = read(frame, region)
    factor = max(1, -(-max(covered.width, covered.height) // longest))
    factor = min(factor, covered.width, covered.height)
    to_plate = Similarity.of(factor, to=(covered.x, covered.y))
    return FaceView(viewable(shrunk(rgb, factor) if factor > 1 else rgb), to_plate)
