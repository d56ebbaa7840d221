"""How a preview is toned for a monitor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage.pixels.color import Encoder
from reage.pixels.plate import Pixels

Picture = npt.NDArray[np.uint8]
"""(h, w, 3) uint8 sRGB."""

_DARKEST, _BRIGHTEST = 0.08, 0.5
"""Scene-linear range in which the middle of a face is shown as it is: skin under a normal
exposure lies between."""

_MOST_GAIN = 256.0
"""Eight stops: more would show nothing but noise."""

_KNEE, _ROOM = np.float32(0.85), np.float32(0.15)
"""sRGB-encoded value from which highlights are bent towards 1, and what is left there: a hard
cut would hide what changes on a shiny forehead."""


@dataclass(frozen=True)
class Tone:
    """Scene-linear to a monitor: sRGB, with `gain` before it and a soft shoulder behind.

    As it depends on the plate alone, before and after show only their own difference.
    """

    encoder: Encoder
    gain: float

    @classmethod
    def of(cls, rgb: Pixels, space: str) -> Tone:
        """The view for a picture: as a viewer without any exposure shows it, where that can be
        read; a face that is too dark or too bright is brought just into range.

        A gain that followed every picture would pump from frame to frame and show a face in
        the dark as if in daylight.
        """
        encoder = Encoder(space, "sRGB")
        rows, columns = (slice(n // 4, n - n // 4) for n in rgb.shape[:2])
        # Median, not mean: neither eyes, lamps nor a dark background decide.
        middle = float(np.median(rgb[rows, columns].mean(-1)))
        gain = 1.0
        if middle > 0.0:
            gain = min(max(1.0, _DARKEST / middle), _BRIGHTEST / middle)
        return cls(encoder, min(gain, _MOST_GAIN))

    def picture(self, rgb: Pixels) -> Picture:
        shown = self.encoder.encode(rgb * np.float32(self.gain))
        over = np.maximum(shown - np.float32(_KNEE), 0.0)
        toned = np.clip(shown, 0.0, _KNEE) + over * (_ROOM / (over + _ROOM))
        return np.asarray(toned * np.float32(255.0) + np.float32(0.5), np.uint8)
