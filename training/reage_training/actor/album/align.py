"""The photographs of a book laid over each other, against a reference that is the actor's own.

A reference is the mean of what was laid over it already: begun with the photograph that shows most,
grown from the best ones on, then everything is laid over it once more, and thrice by what is fine
alone: pores and moles lie still where shading wanders. It is moved, last, to where
the meshes of all photographs have the face in their mean. What is compared is light against what is
around, without the head's own shape in it: moles, pores and mottled skin stay where they are for
decades, and outweigh, in a mean over many lights, what of a wrinkle's shading wanders with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from reage.pattern.maps import SIZE
from reage.pattern.photo.align import Flow, agreement, moved, shift_to
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smoothstep
from reage_training.actor.album.reading import FIRST_LOOK

_WORTH = (0.02, 0.12)
"""What a flow must add to `align.agreement` to be followed a little, and wholly."""

_FIRST = Flow(patch=24)
"""Patches in texels of FIRST_LOOK. Of 60 synthetic photographs from sides up to
55°, by the networks' meshes, places lie 8.3 texels of 1024 from their mean on average; 5.5 after
laying them over by relief and patches of 8, 4.3 by light and patches of 24."""

_AS_RELIEF = 10.0
"""By which log2 of light is multiplied, to be compared as 0.1 mm of relief are."""

_COARSE = 128
"""Side at which a shift is kept; it is even over 0.03 of face UV."""

_FINE = (Flow(16, 0.03, (0.7, 3.0)), Flow(16, 0.03, (0.7, 3.0)), Flow(12, 0.015, (0.7, 3.0)))
"""Of each further round. Places of an invented actor's 48 photographs, whose true ones are known,
lie on their mean within 2.8 texels of 1024 in the median before, 1.9 after. Compared with
the wide band they stay at 2.6; further rounds bring nothing."""

_ONE = 0.35
"""Of `align.agreement`, below which a photograph disagrees with all others."""


@dataclass(frozen=True)
class FirstLook:
    """light, skin (FIRST_LOOK, FIRST_LOOK) float16: of one photograph, see `Kept`; worth: how much
    skin it shows how finely"""

    light: np.ndarray
    skin: np.ndarray
    worth: float

    def at(self, shift: Pixels) -> tuple[Pixels, Pixels]:
        """Its light and its skin at the places that a shift leads to."""
        light, skin = (moved(f.astype(np.float32), shift) for f in (self.light, self.skin))
        return light, skin


@dataclass(frozen=True)
class Laid:
    """shift (128, 128, 2) texels of FIRST_LOOK right and down: where each place of the reference
    lies; agrees: −2 … 2, see `align.agreement`, with all the others"""

    shift: Pixels
    agrees: float


def laid_over(looks: Sequence[FirstLook], told: Callable[[], object] = lambda: None) -> list[Laid]:
    """Where each photograph has each place. told: after each of `steps` steps."""
    order = sorted(range(len(looks)), key=lambda k: -looks[k].worth)
    total = _Sum()
    found: dict[int, Laid] = {}
    for n, k in enumerate(order):
        found[k] = _laid(total, looks[k], _still()) if n else Laid(_still(), 2.0)
        total.add(looks[k], found[k].shift)
        told()
    for how in (None, *_FINE) if len(looks) > 1 else ():
        for k in order:
            before, others = found[k].shift, total.without(looks[k], found[k].shift)
            if how is None:
                found[k] = _laid(others, looks[k], before)
            else:
                shift = _moved_on(others, looks[k], before, how)
                found[k] = replace(found[k], shift=shift)
            total.swap(looks[k], before, found[k].shift)
            told()
    return _centered([found[k] for k in range(len(looks))], [look.worth for look in looks])


def steps(count: int) -> int:
    """How often `laid_over` tells of so many photographs."""
    return count * (2 + len(_FINE)) if count > 1 else count


class _Sum:
    """Lights laid over each other: their weighted mean, and where it is known."""

    def __init__(self) -> None:
        self._light = np.zeros((FIRST_LOOK, FIRST_LOOK), np.float32)
        self._weight = np.zeros((FIRST_LOOK, FIRST_LOOK), np.float32)

    def add(self, look: FirstLook, shift: Pixels, sign: float = 1.0) -> None:
        whole = full(shift, FIRST_LOOK)
        light, skin = look.at(whole)
        weight = np.maximum(skin, 0) * np.float32(sign * look.worth)
        self._light += weight * light
        self._weight += weight

    def swap(self, look: FirstLook, before: Pixels, after: Pixels) -> None:
        self.add(look, before, -1.0)
        self.add(look, after)

    def without(self, look: FirstLook, shift: Pixels) -> _Sum:
        out = _Sum()
        out._light, out._weight = self._light.copy(), self._weight.copy()
        out.add(look, shift, -1.0)
        return out

    def known(self) -> tuple[Pixels, Pixels]:
        weight = np.maximum(self._weight, 0)
        least = np.float32(0.02 * max(float(weight.max()), 1e-6))
        return self._light / (weight + least), weight / (weight + least)


def _laid(total: _Sum, look: FirstLook, start: Pixels) -> Laid:
    """A photograph over the others; start: where its places were looked for before."""
    light, known = total.known()
    whole = full(start, FIRST_LOOK)
    here, skin = look.at(whole)
    scaled = np.float32(_AS_RELIEF)
    shift = shift_to(light * scaled, known, here * scaled, skin, _FIRST)
    before = agreement(light, known, here, skin)
    after = agreement(light, known, moved(here, shift), moved(skin, shift))
    step = shift * np.float32(smoothstep(after - before, *_WORTH))
    return Laid(_small(step + moved(whole, step)), max(before, after))


def _moved_on(total: _Sum, look: FirstLook, start: Pixels, how: Flow) -> Pixels:
    """A shift that is right but for some texels, better."""
    light, known = total.known()
    whole = full(start, FIRST_LOOK)
    here, skin = look.at(whole)
    scaled = np.float32(_AS_RELIEF)
    step = shift_to(light * scaled, known, here * scaled, skin, how)
    return _small(step + moved(whole, step))


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


def odd_ones(laid: Sequence[Laid]) -> Iterator[int]:
    """Those that disagree with all others."""
    yield from (k for k, each in enumerate(laid) if each.agrees < _ONE)
