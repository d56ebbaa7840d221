"""Colors: from the plate's space to scene-linear, and on to the encoding a network sees.

Nothing here clamps, and every step can be undone: negatives and highlights of 60 000
come back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import PyOpenColorIO as ocio

from reage.ocio import active_config, apply, through_aces
from reage.plate import Pixels

__all__ = ["Encoder", "active_config"]


@dataclass(frozen=True)
class Encoder:
    """Between scene-linear pixels in `space` and a network's picture encoding.

    space:    a scene-linear space, by name, alias or role; `ACEScg` is always known
    encoding: "ACEScct": AP1 primaries, ACEScct curve (SMPTE/Academy S-2016-001), whose
              straight toe keeps negatives
              "sRGB": Rec.709 primaries, D65 by Bradford, the curve of IEC 61966-2-1
              mirrored at zero and going on above one

    Laws: `decode(encode(x)) == x` within 2e-5 of the pixel's largest channel, −1 … 60 000;
    the same input gives the same bits. Thread-safe, hashable, can be pickled.
    Raises ColorspaceError where the space is unknown, ValueError for another encoding.
    """

    space: str
    encoding: str

    def __post_init__(self) -> None:
        if self.encoding not in _STEPS:
            raise ValueError(f"encoding {self.encoding!r} is none of {', '.join(_STEPS)}")
        self._processor(inverse=False)

    def encode(self, rgb: Pixels) -> Pixels:
        """(…, 3) float32 scene-linear in `space` → a new array in `encoding`.

        The caller has replaced NaN and inf: what becomes of them here is not defined.
        """
        return apply(self._processor(inverse=False), rgb)

    def decode(self, rgb: Pixels) -> Pixels:
        """The inverse of `encode`: (…, 3) float32 in `encoding` → scene-linear in `space`."""
        return apply(self._processor(inverse=True), rgb)

    def _processor(self, inverse: bool) -> ocio.CPUProcessor:
        return _encoding_processor(os.environ.get("OCIO"), self.space, self.encoding, inverse)


def _acescct() -> tuple[ocio.Transform, ...]:
    return (_builtin("ACEScct_to_ACES2065-1", ocio.TRANSFORM_DIR_INVERSE),)


def _srgb() -> tuple[ocio.Transform, ...]:
    return (
        _builtin("ACEScg_to_ACES2065-1", ocio.TRANSFORM_DIR_INVERSE),
        _builtin("UTILITY - ACES-AP1_to_LINEAR-REC709_BFD", ocio.TRANSFORM_DIR_FORWARD),
        ocio.ExponentWithLinearTransform(
            gamma=[2.4, 2.4, 2.4, 1.0],
            offset=[0.055, 0.055, 0.055, 0.0],
            negativeStyle=ocio.NEGATIVE_MIRROR,
            direction=ocio.TRANSFORM_DIR_INVERSE,
        ),
    )


def _builtin(style: str, direction: ocio.TransformDirection) -> ocio.Transform:
    return ocio.BuiltinTransform(style=style, direction=direction)


_STEPS: dict[str, Callable[[], tuple[ocio.Transform, ...]]] = {"ACEScct": _acescct, "sRGB": _srgb}
"""From ACES2065-1 to each encoding."""


@lru_cache(maxsize=32)
def _encoding_processor(
    _ocio: str | None, space: str, encoding: str, inverse: bool
) -> ocio.CPUProcessor:
    return through_aces(space, _STEPS[encoding](), inverse)
