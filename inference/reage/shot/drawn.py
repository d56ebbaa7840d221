"""What the artist draws beside the plate: an age map, a hair matte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reage.errors import PlateError
from reage.media.sequence import Shot, open_shot
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.shot.footage import Footage


@dataclass(frozen=True)
class Drawn:
    """A picture for all frames of a shot, or a sequence with one for each; of the plate's size,
    and its first channel counts."""

    shot: Shot

    @classmethod
    def open(cls, what: str, pattern: str, footage: Footage) -> Drawn:
        """What the job names.

        what: "age map" or "hair matte", for errors. Raises PlateError where it lacks frames or
        has another size than the plate, and what `open_shot` raises.
        """
        drawn = cls(open_shot(pattern))
        if lacking := sorted(n for n in footage.frames if not drawn.has(n)):
            raise PlateError(f"The {what} {pattern} lacks frame {lacking[0]}.")
        size = drawn.shot.info(drawn.shot.frames[0]).display
        wanted = footage.header.display
        if (size.width, size.height) != (wanted.width, wanted.height):
            raise PlateError(
                f"The {what} {pattern} is {size.width}×{size.height} px, the plate "
                f"{wanted.width}×{wanted.height}; they must be the same."
            )
        return drawn

    def read(self, number: int, region: Region) -> Pixels:
        """(h, w) of a frame's first channel over a region; zero outside its data window."""
        plate = self.shot.read(self._frame(number), region)
        out = np.zeros((region.height, region.width), np.float32)
        out[plate.region.slices(region)] = plate.rgb[..., 0]
        return out

    def file(self, number: int) -> Path:
        """The file that a frame's pixels come from."""
        return self.shot.path(self._frame(number))

    def has(self, number: int) -> bool:
        there = number in self.shot.frames and number not in self.shot.missing
        return self._one or there

    def _frame(self, number: int) -> int:
        return self.shot.frames[0] if self._one else number

    @property
    def _one(self) -> bool:
        return len(self.shot.frames) == 1
