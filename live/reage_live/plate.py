"""A live picture as a plate: its light is looked up only where it is asked for."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from reage.faces.observation import Observation
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage_live.light import Light
from reage_live.recording import Picture

_ENOUGH = 250.0
"""Px of a face's size from which the mesh network, which sees 192, gains nothing more."""


class LivePlate:
    """A picture, and what its values mean."""

    def __init__(self, picture: Picture, light: Light) -> None:
        self.picture, self.light = picture, light
        self.region = Region(0, 0, picture.shape[1], picture.shape[0])
        self._smaller: dict[int, LivePlate] = {}

    def read(self, _: int, region: Region | None) -> tuple[Pixels, Region]:
        """Scene-linear pixels, as `reage.faces.Read` has it."""
        where = self.region if region is None else region.intersect(self.region)
        return self.light.to_linear(self.picture[where.slices(self.region)]), where

    def for_face(self, size: float) -> tuple[LivePlate, int]:
        """The picture at the resolution at which a face of that size is followed, and how many
        px of this one a px of it stands for."""
        factor = max(1, int(size / _ENOUGH))
        if factor == 1:
            return self, 1
        if factor not in self._smaller:
            size_of = (self.region.width // factor, self.region.height // factor)
            inside = self.picture[: size_of[1] * factor, : size_of[0] * factor]
            small = cv2.resize(inside, size_of, interpolation=cv2.INTER_AREA)
            self._smaller[factor] = LivePlate(np.asarray(small), self.light)
        return self._smaller[factor], factor


def scaled(sighting: Observation, by: float) -> Observation:
    """A sighting in the px of a picture that is `by` times as large."""
    face = sighting.face
    center = (face.center[0] * by, face.center[1] * by)
    return Observation(replace(face, center=center, size=face.size * by), sighting.points * by)
