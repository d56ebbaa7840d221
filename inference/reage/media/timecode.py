"""SMPTE timecode: read, counted on, and packed for an EXR header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from reage.pixels.plate import Attribute


@dataclass(frozen=True)
class Timecode:
    """Frames counted since midnight, at a whole number of frames per second.

    drop: numbers 0 and 1 are left out at each minute that is no multiple of ten, as
          29.97 frames per second need it (SMPTE ST 12-1)
    """

    count: int
    base: int
    drop: bool = False

    @classmethod
    def parse(cls, text: str, rate: Fraction) -> Timecode | None:
        """ "01:02:03:04", with `;` before the frames for drop frame; None where it is neither."""
        match = re.fullmatch(r"(\d\d):(\d\d):(\d\d)([:;.])(\d\d)", text.strip())
        if not match:
            return None
        hours, minutes, seconds, frames = (int(match[i]) for i in (1, 2, 3, 5))
        base, drop = round(rate), match[4] != ":"
        total_minutes = hours * 60 + minutes
        count = (total_minutes * 60 + seconds) * base + frames
        left_out = 2 * (total_minutes - total_minutes // 10)
        return cls(count - left_out if drop else count, base, drop)

    @classmethod
    def unpacked(cls, attribute: object, rate: Fraction) -> Timecode | None:
        """Out of an EXR's timeCode, the reverse of `attribute`; None where it is none."""
        if not isinstance(attribute, Attribute) or not isinstance(attribute.value, tuple):
            return None
        time = int(attribute.value[0])
        frames, seconds, minutes, hours = (
            (time >> at + 4 & tens) * 10 + (time >> at & 15)
            for at, tens in ((0, 3), (8, 7), (16, 7), (24, 3))
        )
        drop = ";" if time >> 6 & 1 else ":"
        return cls.parse(f"{hours:02}:{minutes:02}:{seconds:02}{drop}{frames:02}", rate)

    def after(self, frames: int) -> Timecode:
        """The timecode that many frames on."""
        return Timecode(self.count + frames, self.base, self.drop)

    def fields(self) -> tuple[int, int, int, int]:
        """Hours, minutes, seconds, frames."""
        number = self.count
        if self.drop:
            per_minute, per_ten = self.base * 60 - 2, self.base * 600 - 18
            tens, rest = divmod(number, per_ten)
            number += 18 * tens + 2 * max(0, (rest - 2) // per_minute)
        seconds, frames = divmod(number, self.base)
        return seconds // 3600 % 24, seconds // 60 % 60, seconds % 60, frames

    @property
    def text(self) -> str:
        """ "01:02:03:04", or "01:02:03;04" where frames are dropped; `parse` reads it."""
        hours, minutes, seconds, frames = self.fields()
        return f"{hours:02}:{minutes:02}:{seconds:02}{';' if self.drop else ':'}{frames:02}"

    def attribute(self) -> Attribute | None:
        """As an EXR's timeCode (TV60 packing, ST 12-1 time fields); None above 30 per second."""
        if self.base > 30:
            return None
        hours, minutes, seconds, frames = self.fields()
        places = ((frames, 0), (seconds, 8), (minutes, 16), (hours, 24))
        packed = sum((value // 10 << 4 | value % 10) << shift for value, shift in places)
        return Attribute("timecode", (packed | self.drop << 6, 0))
