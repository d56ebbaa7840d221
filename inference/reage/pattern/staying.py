"""Marks that stay, moles and scars, as the pages of an album say them, and how the like of them is
seen in light.

A mole is round and darker than the skin around it: tone above zero. A scar is a line, lighter: tone
below zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from reage.fingerprint import file_fingerprint
from reage.mix import Mix
from reage.pattern.maps import SIZE
from reage.pattern.mixed import stays
from reage.pixels.plate import Pixels

BLOT = 3.0
"""Sigma in texels at which light is looked at."""

_TONE = 5.0 / 2.9
"""Tone for log2 of light that a mark of usual size bends by; 2.9 is what skin of tone 1 lacks."""

_LEAST = 1e-3
"""Tone from which a texel is a mark's, which between two pages may be about to come."""

_MOST = 60
"""Marks that are held, the strongest. A face has a dozen; more are painted by mistake."""

_JOINED = 9
"""Texels over which the parts of a mark belong together, such as of a scar that was painted."""


@dataclass(frozen=True)
class PageMark:
    """A staying mark of a page, or of two that are blended: of one sign.

    x, y   texels of its patch's left and top edges, in face UV
    now    (h, w) float32 tone of what is to be there, at the target age
    then   (h, w) float32 the same at the source age; `now` itself where it is alike
    """

    x: int
    y: int
    now: Pixels
    then: Pixels

    @property
    def either(self) -> Pixels:
        """(h, w): the stronger of both."""
        return np.where(np.abs(self.then) > np.abs(self.now), self.then, self.now)


def marks_of(now: Mix, then: Mix) -> tuple[PageMark, ...]:
    """The marks at a target and a source age; () of a mix without an album that has some.

    Raises SettingsError where a file cannot be read.
    """
    if not now.files:
        return ()
    prints = tuple(file_fingerprint(file) for mix in (now, then) for file in mix.files)
    return _marks_of(now, then, prints)


@lru_cache(maxsize=8)
def _marks_of(now: Mix, then: Mix, fingerprints: object) -> tuple[PageMark, ...]:
    planes = [stays(mix) for mix in (now, then)]
    if all(plane is None for plane in planes):
        return ()
    none = np.zeros((SIZE, SIZE), np.float32)
    here, there = (none if plane is None else np.clip(plane, -1, 1) for plane in planes)
    moles = _joined(np.maximum(here, 0), np.maximum(there, 0))
    scars = _joined(np.minimum(here, 0), np.minimum(there, 0))
    marks = [*moles, *scars]
    peaks = [np.abs(mark.either).max() for mark in marks]
    strongest = np.argsort(np.negative(peaks), kind="stable")[:_MOST]
    return tuple(marks[k] for k in sorted(strongest))


def _joined(here: Pixels, there: Pixels) -> Iterator[PageMark]:
    """The marks of one sign; here, there: (SIZE, SIZE) tone at the target and the source age."""
    some = (np.maximum(np.abs(here), np.abs(there)) > _LEAST).astype(np.uint8)
    joined = cv2.morphologyEx(some, cv2.MORPH_CLOSE, np.ones((_JOINED, _JOINED), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined)
    for k in range(1, count):
        x, y, width, height = (int(n) for n in boxes[k, :4])
        box = np.s_[y : y + height, x : x + width]
        own, before = (tone[box] * (labels[box] == k) for tone in (here, there))
        yield PageMark(x, y, own, own if np.array_equal(own, before) else before)


def dark(light: Pixels, sigma: float = BLOT) -> Pixels:
    """(h, w) about the tone of round dark spots in log2 of light (h, w): by the lesser of how it
    bends in its two main directions, which along a wrinkle is none. sigma: BLOT in its px."""
    return np.asarray(np.maximum(bends(light, sigma)[0], 0), np.float32)


def bright(light: Pixels, sigma: float = BLOT) -> Pixels:
    """(h, w) the same of light lines and spots, by how it bends across them; above zero."""
    return np.asarray(np.maximum(-bends(light, sigma)[0], 0), np.float32)


def bends(light: Pixels, sigma: float = BLOT) -> tuple[Pixels, Pixels]:
    """(h, w) each: how log2 of light bends in its two main directions, as tone, the lesser first;
    below zero where it is lighter."""
    smooth = cv2.GaussianBlur(light, (0, 0), sigma)
    xx, yy, xy = (cv2.Sobel(smooth, -1, *way, scale=1 / 4) for way in ((2, 0), (0, 2), (1, 1)))
    apart = np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    by = np.float32(_TONE * sigma**2)
    return by * ((xx + yy) / 2 - apart), by * ((xx + yy) / 2 + apart)
