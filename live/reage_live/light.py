"""From a camera's values to light and back."""

from __future__ import annotations

from functools import cached_property, lru_cache

import cv2
import numpy as np

from reage.errors import ColorspaceError
from reage.pixels.ocio import convert
from reage.pixels.plate import Pixels
from reage_live.recording import Picture

CAMERA = "srgb_rec709_scene"
"""What a source means that says nothing: as every monitor on set shows it."""

_LINEAR = ("lin_rec709_scene", "lin_p3d65_scene", "lin_rec2020_scene")


_FINE = 16384
"""Steps in which light is looked up on its way to 8 bits: along its root they are a fifteenth of
a code value at most, a tenth of the time that the curve itself takes."""


_BAND = 16
"""Rows that are changed at once: few enough for all steps to stay in the processor's cache."""


class Light:
    """Between R'G'B' of one color space and scene-linear light in the same primaries.

    space:  OpenColorIO name, such as srgb_rec709_scene; a curve for each channel
    linear: the scene-linear space, by name

    Law: `to_picture(to_linear(p), p.dtype) == p`, to the bit, for 8 bits.
    Raises ColorspaceError where the space is unknown, or is no such curve.
    """

    def __init__(self, space: str) -> None:
        self.space = space
        self.linear = next((linear for linear in _LINEAR if _is_curve(space, linear)), "")
        if not self.linear:
            raise ColorspaceError(
                f"The live mirror cannot read {space}: it takes Rec.709, P3 and Rec.2020 pictures "
                "with a display's curve. Name one with --colorspace, such as srgb_rec709_scene."
            )

    def to_linear(self, picture: Picture) -> Pixels:
        """(h, w, 3) uint8 or uint16 → (h, w, 3) float32 scene-linear."""
        if picture.dtype == np.uint8:
            return np.asarray(cv2.LUT(np.ascontiguousarray(picture), self._table8), np.float32)
        return np.take(self._table16, picture)

    def to_picture(self, linear: Pixels, dtype: np.dtype[np.unsignedinteger]) -> Picture:
        """(h, w, 3) float32 scene-linear → whole numbers of that type; clipped as a display's."""
        if dtype == np.uint8 and self._table8[-1] < 1.01:  # not PQ or HLG
            roots = np.clip(linear, 0, 1)
            np.sqrt(roots, out=roots)
            roots *= np.float32(_FINE)
            roots += np.float32(0.5)
            return np.take(self._codes, roots.astype(np.uint16), mode="clip")
        top = np.float32(np.iinfo(dtype).max)
        shown = convert(linear, self.linear, self.space)
        return np.asarray(np.clip(shown, 0, 1) * top + np.float32(0.5), dtype)

    def add(self, picture: Picture, change: Pixels) -> None:
        """Add `change`, (h, w, 3) float32 scene-linear, to the light of a picture, in its place.

        Where it is zero the picture keeps its bits.
        """
        for top in range(0, len(picture), _BAND):
            part, more = picture[top : top + _BAND], change[top : top + _BAND]
            lit = self.to_linear(part)
            lit += more
            after = self.to_picture(lit, part.dtype)
            # 8 bits come back as they went, by the law above.
            np.copyto(part, after, where=True if part.dtype == np.uint8 else more != 0)

    @cached_property
    def _codes(self) -> Picture:
        """8-bit values by the root of light, in steps of 1 / _FINE."""
        light = np.square(_ramp(_FINE + 1), dtype=np.float32)
        gray = np.repeat(light[:, None], 3, axis=1)
        shown = convert(gray, self.linear, self.space)[:, 0]
        return np.asarray(np.clip(shown, 0, 1) * 255 + 0.5, np.uint8)

    @cached_property
    def _table8(self) -> Pixels:
        return _curve(self.space, self.linear, 256)

    @cached_property
    def _table16(self) -> Pixels:
        return _curve(self.space, self.linear, 65536)


@lru_cache(maxsize=8)
def light(space: str) -> Light:
    """The Light of a space, made once. Raises ColorspaceError."""
    return Light(space)


def _ramp(values: int) -> Pixels:
    return np.linspace(0, 1, values, dtype=np.float32)


def _curve(space: str, linear: str, values: int) -> Pixels:
    """(values,) float32: what each value of a channel means."""
    gray = np.repeat(_ramp(values)[:, None], 3, axis=1)
    return np.ascontiguousarray(convert(gray, space, linear)[:, 0])


def _is_curve(space: str, linear: str) -> bool:
    """Whether the two differ by one curve that holds for each channel by itself."""
    red = np.zeros((9, 3), np.float32)
    red[:, 0] = _ramp(9)
    gray = _curve(space, linear, 9)
    seen = convert(red, space, linear)
    return bool(np.abs(seen[:, 0] - gray).max() < 1e-4 and np.abs(seen[:, 1:]).max() < 1e-4)
