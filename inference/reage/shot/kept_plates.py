"""Plates that were read for the face track and wait to be rendered, so that none is decoded twice.

No more are kept than a fixed number of bytes: of what does not fit, the render reads its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from reage.pixels.geometry import Region
from reage.pixels.plate import Plate

MOST_BYTES = 512 * 2**20
"""A frame of 1080p that a face fills takes 25 MB, and some twenty wait at a time."""


@dataclass(frozen=True)
class ReadPlate:
    """A frame's pixels, or a region's.

    own:   as its file has them, in the color space `named`
    plate: the same scene-linear, in `space`
    """

    own: Plate
    named: str
    plate: Plate
    space: str

    @property
    def bytes(self) -> int:
        both = {id(p.rgb): p.rgb.nbytes for p in (self.own, self.plate)}
        return sum(both.values())

    def cut(self, region: Region) -> ReadPlate | None:
        """A region of it; None where that was not read."""
        wanted = region.intersect(self.own.info.data)
        if wanted.empty or wanted.intersect(self.own.region) != wanted:
            return None
        plate = self.plate.cut(wanted)
        own = plate if self.own is self.plate else self.own.cut(wanted)
        return ReadPlate(own, self.named, plate, self.space)


class KeptPlates:
    """By frame; read by one thread, taken by others."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._left = most
        self._kept: dict[int, ReadPlate] = {}
        self._lock = Lock()

    def keep(self, frame: int, read: ReadPlate) -> None:
        """The larger of what was read of a frame stays, where there is room."""
        with self._lock:
            before = self._kept.get(frame)
            freed = before.bytes if before else 0
            if read.bytes > freed and read.bytes <= self._left + freed:
                self._left += freed - read.bytes
                self._kept[frame] = read

    def at(self, frame: int, region: Region | None) -> ReadPlate | None:
        """A region of a frame, or all that is in its file; None where that is not kept."""
        with self._lock:
            kept = self._kept.get(frame)
        if kept is None:
            return None
        return kept.cut(kept.own.info.data if region is None else region)

    def drop(self, frame: int) -> None:
        """Nobody wants it any more."""
        with self._lock:
            if (kept := self._kept.pop(frame, None)) is not None:
                self._left += kept.bytes
