"""A camera where there is none: the demo plate's synthetic head, moved as one moves.

Picture n is always the same, to the bit.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import cv2
import numpy as np

from reage.home import demo_plate
from reage.media.imagefile import read_plate
from reage.media.timecode import Timecode
from reage.pixels.geometry import Similarity
from reage.pixels.ocio import convert
from reage_live.light import CAMERA, light
from reage_live.metronome import Metronome
from reage_live.recording import Picture
from reage_live.source import Grab

SIZE = (1280, 720)
RATE = Fraction(24)


_HEAD = (480.0, 270.0)
"""The middle of the demo plate, px."""


class TestSource:
    """The head walks to and fro, leans, comes near, and talks. See `source.Source`.

    size, rate: of its pictures
    heads:      1, or 2 side by side
    gone:       seconds at the end of every ten for which nobody is there
    """

    __test__ = False  # no test of pytest's
    name = "test"
    colorspace = CAMERA

    def __init__(
        self,
        size: tuple[int, int] = SIZE,
        rate: Fraction = RATE,
        heads: int = 1,
        gone: float = 0.0,
        paced: bool = True,
    ) -> None:
        self.rate = rate
        self._size, self._heads, self._gone, self._paced = size, heads, gone, paced
        self._next = 0

    def open(self) -> None:
        _samples()
        self._next, self._beat = 0, Metronome(self.rate)

    def read(self) -> Grab | None:
        if self._paced:
            self._beat.wait()
        number = self._next
        self._next += 1
        return Grab(self.picture(number), self.timecode(number))

    def close(self) -> None:
        return None

    def timecode(self, number: int) -> Timecode:
        return Timecode(3600 * round(self.rate), round(self.rate)).after(number)

    def picture(self, number: int) -> Picture:
        """(h, w, 3) uint8, picture `number`."""
        seconds = float(number / self.rate)
        picture: Picture = _backdrop(self._size).copy()
        if seconds % 10 < 10 - self._gone:
            frames = _samples()
            to_and_fro = [*range(len(frames)), *range(len(frames) - 2, 0, -1)]
            frame = frames[to_and_fro[number // 2 % len(to_and_fro)]]
            for head in range(self._heads):
                self._draw(picture, frame, seconds + 3.1 * head, head)
        _burn(picture, self.timecode(number).text)
        return picture

    def _draw(self, picture: Picture, frame: Picture, seconds: float, head: int) -> None:
        width, height = self._size
        share = width / self._heads
        fit = 1.0 if self._heads == 1 else 0.8
        scale = fit * height / frame.shape[0] * (1 + 0.12 * math.sin(0.7 * seconds))
        x = share * (head + 0.5 + 0.12 * math.sin(0.9 * seconds))
        y = height * (0.5 + 0.03 * math.sin(1.7 * seconds))
        move = Similarity.of(scale, 8 * math.sin(1.1 * seconds), _HEAD, (x, y))
        # cv2 counts from pixel centers, we from corners.
        matrix = Similarity(1, 0, 0.5, 0.5).then(move).then(Similarity(1, 0, -0.5, -0.5)).matrix
        left, right = round(share * head), round(share * (head + 1))
        matrix[0, 2] -= left
        picture[:, left:right] = cv2.warpAffine(
            frame, matrix, (right - left, height), flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )


@lru_cache(maxsize=1)
def _samples() -> tuple[Picture, ...]:
    """The demo plate's frames as a camera would give them. Raises PlateError without them."""
    shown = light(CAMERA)
    return tuple(
        shown.to_picture(convert(read_plate(f).rgb, "ACEScg", shown.linear), np.dtype(np.uint8))
        for f in demo_plate()
    )


@lru_cache(maxsize=4)
def _backdrop(size: tuple[int, int]) -> Picture:
    """What is there when nobody is: a soft gray."""
    width, height = size
    column = np.linspace(70, 40, height, dtype=np.float32)[:, None, None]
    return np.asarray(np.broadcast_to(column, (height, width, 3)), np.uint8)


def _burn(picture: Picture, text: str) -> None:
    """Timecode into the picture, low in the middle."""
    height, width = picture.shape[:2]
    scale = height / 900
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, 1)
    x, y = (width - wide) // 2, height - round(0.03 * height)
    pad = max(3, high // 2)
    picture[y - high - pad : y + pad, x - pad : x + wide + pad] //= 3
    cv2.putText(
        picture, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, scale, (225, 225, 225), 1, cv2.LINE_AA
    )
