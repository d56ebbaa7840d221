"""Frames a second, as headers of pictures say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import OpenImageIO as oiio

from reage.pixels.plate import Attribute

FRAMES_PER_SECOND = "framesPerSecond"
"""Of OpenEXR's standard attribute; OpenImageIO's own pages, and files made by them, write a capital
F, so names are compared in any case."""

_DPX = ("dpx:FrameRate", "dpx:TemporalFrameRate")
"""The film header's and the television header's (SMPTE ST 268)."""

_MOST = 1000
"""What is above is no rate but damage."""


def exact_rate(rate: float) -> Fraction:
    """23.976 is 24000/1001, as television counts; 24 is 24."""
    whole = Fraction(round(rate * 1.001) * 1000, 1001)
    return whole if abs(float(whole) - rate) < 0.002 else Fraction(rate).limit_denominator(1000)


def rate_attribute(rate: Fraction) -> Attribute:
    """As EXR headers hold it."""
    return Attribute("rational", (rate.numerator, rate.denominator))


def rate_of(metadata: Mapping[str, object]) -> Fraction | None:
    """What a header says, or None."""
    found = (value for name, value in metadata.items() if name.lower() == FRAMES_PER_SECOND.lower())
    said = next(found, None)
    if isinstance(said, Attribute) and isinstance(said.value, tuple) and all(said.value):
        return _plausible(Fraction(*map(int, said.value[:2])))
    return _plausible(said) if isinstance(said, int | float) else None


def dpx_rate(spec: oiio.ImageSpec) -> Fraction | None:
    """What the header of a DPX says, or None."""
    said = (_plausible(spec.get_float_attribute(name)) for name in _DPX)
    return next(filter(None, said), None)


def _plausible(rate: float | Fraction) -> Fraction | None:
    if not (math.isfinite(rate) and 0 < rate <= _MOST):
        return None
    return rate if isinstance(rate, Fraction) else exact_rate(rate)
