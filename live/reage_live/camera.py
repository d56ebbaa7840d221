"""A camera that the system knows by a number."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np

from reage_live.light import CAMERA
from reage_live.source import Grab, SourceLost, exact_rate

_USUAL = Fraction(25)
"""Frames a second of a camera that does not tell."""


class CameraSource:
    """A camera, such as 0. See `source.Source`.

    size, rate: asked of it; it may do otherwise, and then that is what counts
    """

    def __init__(
        self, number: int, size: tuple[int, int] | None = None, rate: float | None = None
    ) -> None:
        self.name = f"camera {number}"
        self.colorspace = CAMERA
        self.rate = _USUAL
        self._number, self._size, self._asked = number, size, rate
        self._device: cv2.VideoCapture | None = None

    def open(self) -> None:
        cv2.utils.logging.setLogLevel(0)  # what OpenCV would print is told on the screen
        device = cv2.VideoCapture(self._number)
        if not device.isOpened():
            raise SourceLost(f"There is no {self.name}, or another program has it.")
        if self._size:
            device.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
            device.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        if self._asked:
            device.set(cv2.CAP_PROP_FPS, self._asked)
        device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        told = device.get(cv2.CAP_PROP_FPS)
        self.rate = exact_rate(told) if 1 <= told <= 1000 else _USUAL
        self._device = device

    def read(self) -> Grab | None:
        if self._device is None:
            raise SourceLost(f"The {self.name} is closed.")
        came, picture = self._device.read()
        if not came or picture is None:
            raise SourceLost(f"The {self.name} gives no more pictures; is it unplugged?")
        return Grab(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)))

    def close(self) -> None:
        if self._device is not None:
            self._device.release()
            self._device = None
