"""What the artist draws beside the plate: an age map, a hair matte."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from reage.errors import PlateError
from reage.media.sequence import Shot, compact, open_shot
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.shot.footage import Footage

_NEAR = 0.01
"""So far beyond 0 … 1 a filter's ringing may go without a word."""


@dataclass(frozen=True)
class Drawn:
    """A picture for all frames of a shot, or a sequence with one for each; of the plate's size.

    alpha:  whether its alpha counts, else its red (a gray picture's one channel)
    notice: which of the two is read, where both might have been meant
    name:   what it is and where, for sentences
    ranges: frame → lowest and highest value that was read there; frames come from several threads
    """

    shot: Shot
    alpha: bool = False
    notice: str = ""
    name: str = ""
    ranges: dict[int, tuple[float, float]] = field(default_factory=dict, compare=False)

    @classmethod
    def open(cls, what: str, pattern: str, footage: Footage, channel: str = "auto") -> Drawn:
        """What the job names.

        what:    "age map" or "hair matte", for sentences
        channel: "alpha", "red", or "auto": the alpha where the first frame has one that says
                 something, as a Roto's does, else red
        Raises PlateError where it lacks frames, has another size than the plate or not the
        channel, and what `open_shot` raises.
        """
        shot = open_shot(pattern)
        drawn = replace(_by_channel(shot, what, pattern, channel), name=f"{what} {pattern}")
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
        """(h, w) of a frame over a region; zero outside its data window."""
        frame = self._frame(number)
        out = np.zeros((region.height, region.width), np.float32)
        there = region.intersect(self.shot.info(frame).data)
        if not there.empty:
            out[there.slices(region)] = _values(self.shot, frame, there, self.alpha)
            self._measure(number, out)
        return out

    def beyond(self) -> str:
        """A sentence about values that lay beyond 0 … 1, as far as frames were read; else ""."""
        odd = {n: r for n, r in self.ranges.items() if r[0] < -_NEAR or r[1] > 1 + _NEAR}
        if not odd:
            return ""
        low, high = min(r[0] for r in odd.values()), max(r[1] for r in odd.values())
        return (
            f"The {self.name} goes from {low:.3g} to {high:.3g} in frames {compact(odd)}; what is "
            "below 0 counts as 0, what is above 1 as 1. Have it rendered with values from 0 to 1."
        )

    def _measure(self, number: int, values: Pixels) -> None:
        finite = np.isfinite(values)
        low = float(values.min(where=finite, initial=np.inf))
        high = float(values.max(where=finite, initial=-np.inf))
        before = self.ranges.get(number, (low, high))
        self.ranges[number] = min(low, before[0]), max(high, before[1])

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


def _by_channel(shot: Shot, what: str, pattern: str, channel: str) -> Drawn:
    frame = next(n for n in shot.frames if n not in shot.missing)
    window = shot.info(frame).data
    alpha = shot.alpha(frame, window)
    if channel == "red" or (alpha is None and channel == "auto"):
        return Drawn(shot)
    if alpha is None:
        raise PlateError(f"The {what} {pattern} has no alpha; leave --map-channel away.")
    if channel == "alpha":
        return Drawn(shot, True)
    try:
        painted = shot.read(frame).rgb
    except PlateError:  # it has nothing but alpha
        return Drawn(shot, True)
    chosen = not ((alpha >= 1).all() and painted.any())
    taken, other = ("alpha", "red") if chosen else ("red", "alpha")
    said = f"The {what} is read from its {taken}; --map-channel {other} takes the other."
    return Drawn(shot, chosen, said)


def _values(shot: Shot, frame: int, region: Region, alpha: bool) -> Pixels:
    if not alpha:
        return shot.read(frame, region).rgb[..., 0]
    values = shot.alpha(frame, region)
    if values is None:
        raise PlateError(f"{shot.path(frame)} has no alpha, which other frames have.")
    return values
