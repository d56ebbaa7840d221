"""The photographs of a book laid over each other, against a reference that is the actor's own.

A reference is the mean relief of what was laid over it already: begun with the photograph that shows
most, grown from the best ones on, then everything is laid over it once more. It is moved, last, to
where the meshes of all photographs have the face in their mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from reage.pattern.maps import SIZE
from reage.pattern.photo.align import agreement, moved, shift_to
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smoothstep
from reage_training.actor.album_reading import FIRST_LOOK

_WORTH = (0.10, 0.30)
"""What a flow must add to `align.agreement` to be followed a little, and wholly."""

_COARSE = 128
"""Side at which a shift is kept; it is even over 0.03 of face UV."""

_TRUSTED = 12
"""Photographs that make the first reference, at most."""


@dataclass(frozen=True)
class Look:
    """relief, skin (FIRST_LOOK, FIRST_LOOK): of one photograph alone, see `Kept`; growth: how much
    of the full-age lines its age shows; worth: how much skin it shows how finely"""

    relief: Pixels
    skin: Pixels
    growth: float
    worth: float


@dataclass(frozen=True)
class Laid:
    """shift (128, 128, 2) texels of FIRST_LOOK right and down: where each place of the reference
    lies; agrees: −2 … 2, see `align.agreement`, with all the others"""

    shift: Pixels
    agrees: float


def laid_over(looks: Sequence[Look], told: Callable[[], object] = lambda: None) -> list[Laid]:
    """Where each photograph has each place. told: after each of two rounds over all."""
    if len(looks) == 1:
        told()
        told()
        return [Laid(np.zeros((_COARSE, _COARSE, 2), np.float32), 2.0)]
    order = sorted(range(len(looks)), key=lambda k: -looks[k].worth * (0.2 + looks[k].growth))
    total = _Sum()
    found: dict[int, Laid] = {}
    for n, k in enumerate(order):
        if (n and n < _TRUSTED) or not n:
            found[k] = _laid(total, looks[k]) if n else Laid(_still(), 2.0)
            total.add(looks[k], found[k].shift)
        told()
    for k in order:
        rest = total.without(looks[k], found[k].shift) if k in found else total
        again = _laid(rest, looks[k])
        if k in found:
            total.swap(looks[k], found[k].shift, again.shift)
        else:
            total.add(looks[k], again.shift)
        found[k] = again
        told()
    return _centered([found[k] for k in range(len(looks))], [look.worth for look in looks])


class _Sum:
    """Reliefs laid over each other: their weighted mean, and where it is known."""

    def __init__(self) -> None:
        self._relief = np.zeros((FIRST_LOOK, FIRST_LOOK), np.float32)
        self._weight = np.zeros((FIRST_LOOK, FIRST_LOOK), np.float32)

    def add(self, look: Look, shift: Pixels, sign: float = 1.0) -> None:
        whole = full(shift, FIRST_LOOK)
        weight = np.maximum(moved(look.skin, whole), 0) * np.float32(sign * _trust(look))
        self._relief += weight * moved(look.relief, whole)
        self._weight += weight

    def swap(self, look: Look, before: Pixels, after: Pixels) -> None:
        self.add(look, before, -1.0)
        self.add(look, after)

    def without(self, look: Look, shift: Pixels) -> _Sum:
        out = _Sum()
        out._relief, out._weight = self._relief.copy(), self._weight.copy()
        out.add(look, shift, -1.0)
        return out

    def known(self) -> tuple[Pixels, Pixels]:
        weight = np.maximum(self._weight, 0)
        least = np.float32(0.02 * max(float(weight.max()), 1e-6))
        return self._relief / (weight + least), weight / (weight + least)


def _laid(total: _Sum, look: Look) -> Laid:
    known = total.known()
    shift = shift_to(*known, look.relief, look.skin)
    before = agreement(*known, look.relief, look.skin)
    after = agreement(*known, moved(look.relief, shift), moved(look.skin, shift))
    followed = shift * np.float32(smoothstep(after - before, *_WORTH))
    return Laid(_small(followed), max(before, after))


def _trust(look: Look) -> float:
    return look.worth * (0.1 + look.growth)


def _centered(laid: list[Laid], worth: Sequence[float]) -> list[Laid]:
    """The same against where the meshes have the face in their mean."""
    shares = np.array(worth) / max(sum(worth), 1e-9)
    mean = sum(np.float32(s) * each.shift for s, each in zip(shares, laid, strict=True))
    back = -np.asarray(mean, np.float32)
    # A place of the mean face lies where the reference has it, less the mean way.
    y, x = np.indices((_COARSE, _COARSE), np.float32)
    scale = _COARSE / FIRST_LOOK
    at = (x + back[..., 0] * scale, y + back[..., 1] * scale)

    def again(shift: Pixels) -> Pixels:
        there = cv2.remap(shift, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(there + back)

    return [Laid(again(each.shift), each.agrees) for each in laid]


def full(shift: Pixels, side: int) -> Pixels:
    """A shift for fields of `side` texels, in those."""
    scale = np.float32(side / FIRST_LOOK)
    return np.asarray(cv2.resize(shift, (side, side), interpolation=cv2.INTER_LINEAR) * scale)


def at_places(field: Pixels, shift: Pixels) -> Pixels:
    """A field (SIZE, SIZE) as it is at the reference's places; sharp."""
    whole = full(shift, SIZE)
    y, x = np.indices((SIZE, SIZE), np.float32)
    at = (x + whole[..., 0], y + whole[..., 1])
    return np.asarray(cv2.remap(field, *at, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def _small(shift: Pixels) -> Pixels:
    return np.asarray(cv2.resize(shift, (_COARSE, _COARSE), interpolation=cv2.INTER_AREA))


def _still() -> Pixels:
    return np.zeros((_COARSE, _COARSE, 2), np.float32)


def odd_ones(laid: Sequence[Laid], growth: Sequence[float]) -> Iterator[int]:
    """Those that disagree with all others. Of a face that has no lines yet, nothing is said."""
    for k, (each, grown) in enumerate(zip(laid, growth, strict=True)):
        if grown > 0.15 and each.agrees < 0.1:
            yield k
