"""Where live pictures come from. Each kind of source stands in a module of its own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from reage.errors import PlateError
from reage.media.timecode import Timecode
from reage_live.recording import Picture


class SourceLost(PlateError):
    """A source cannot be opened, or gives no more pictures; it may come back."""


@dataclass(frozen=True)
class Grab:
    """One picture as a source gives it, and its own timecode where it has one."""

    picture: Picture
    timecode: Timecode | None = None


def exact_rate(told: float) -> Fraction:
    """23.976, 29.97 and their like as 24000/1001 and so on; other rates to a hundredth."""
    whole = round(told * 1.001)
    if abs(told * 1.001 - whole) < 0.01 and abs(told - round(told)) > 0.01:
        return Fraction(whole * 1000, 1001)
    return Fraction(round(told * 100), 100)


class Source(Protocol):
    """Gives pictures one after the other, as fast as they come. For one thread.

    name        for lines on the screen, such as "camera 0"
    rate        frames a second that it says it has; known once it is open
    colorspace  OpenColorIO name of what its values mean; known once it is open
    """

    name: str

    @property
    def rate(self) -> Fraction: ...

    @property
    def colorspace(self) -> str: ...

    def open(self) -> None:
        """Begin, or begin again after `close`. Raises SourceLost."""
        ...

    def read(self) -> Grab | None:
        """Wait for the next picture; None where the source has come to its end.

        Raises SourceLost.
        """
        ...

    def close(self) -> None:
        """May be called at any time, and twice."""
        ...
