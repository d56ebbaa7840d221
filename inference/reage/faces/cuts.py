"""Where a shot ends and another begins, told by what lies around the face.

A picture of 32 × 32 of what two frames both show is compared: the structure of its lightness,
which no exposure changes, and its hues. A cut changes much at once, and more than the frames
around it; a flash gives back what was before.

Measured beside PySceneDetect's detectors by `tests/support/helpers/cut_clips.py`, see
docs/adr/0020-the-same-person.md. Those would have to see whole frames besides, and the track reads
no more than the face's surroundings.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from reage.faces.sample import Picture
from reage.faces.view import FaceView
from reage.pixels.geometry import Region

Floats = npt.NDArray[np.float32]

_SIDE = 32
_KEPT_LONGEST = 256
"""Px that a frame's picture is kept in, to be compared with the next ones."""

_LEAST_CHANGE = 0.15
_TIMES_USUAL = 5.0
"""A cut changes at least so much, and so many times what the frames around it do; chosen, see
above."""

_NEAR = 3
"""Frames before and after that tell what is usual, and for how long a flash may last. Frames
farther apart than that are not compared, as where a render takes every tenth."""

_BACK = 3.0
"""A flash changes so many times more than what comes after it differs from what was before."""

_SHARED = 0.3
"""Of the smaller region: with less in common, two frames are not compared."""

_DARK = 0.06


@dataclass(frozen=True)
class _Kept:
    """A frame's picture, small, and the region of the plate that it shows."""

    picture: Picture
    region: Region

    @classmethod
    def of(cls, seen: FaceView) -> _Kept:
        height, width = seen.picture.shape[:2]
        region = Region.spanning(seen.to_plate.apply([[0, 0], [width, height]]))
        factor = min(1.0, _KEPT_LONGEST / max(width, height))
        size = max(1, round(width * factor)), max(1, round(height * factor))
        return cls(cv2.resize(seen.picture, size, interpolation=cv2.INTER_AREA), region)

    def of_part(self, part: Region) -> tuple[Floats, Floats]:
        """Lightness (32, 32) and hues (32, 32, 2) of a region of the plate within."""
        height, width = self.picture.shape[:2]
        across, down = width / self.region.width, height / self.region.height
        left, top = (part.x - self.region.x) * across, (part.y - self.region.y) * down
        right, bottom = left + part.width * across, top + part.height * down
        rows = slice(int(top), max(int(top) + 1, round(bottom)))
        columns = slice(int(left), max(int(left) + 1, round(right)))
        cut = self.picture[rows, columns]
        small = cv2.resize(cut, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        log = np.log(small.astype(np.float32) / 255 + _DARK)
        lightness = log.mean(2)
        return lightness, (log - lightness[..., None])[..., ::2]


def _change(one: _Kept, other: _Kept) -> float | None:
    """How much changed between two frames, 0 to about 2; None where they share too little."""
    both = one.region.intersect(other.region)
    areas = [r.width * r.height for r in (one.region, other.region)]
    if both.empty or both.width * both.height < _SHARED * min(areas):
        return None
    (a, hues), (b, others) = one.of_part(both), other.of_part(both)
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    alike = float((a * b).sum()) / spread if spread > 1e-6 else 1.0
    return 1 - alike + 2 * float(np.abs(hues - others).mean())


class Cuts:
    """Told each frame in order, it suspects cuts at once and knows them a few frames later.

    found  the first frames of the shots after the first, as far as they are known
    """

    def __init__(self) -> None:
        self.found: list[int] = []
        self._told: list[int] = []
        self._known = 0  # of those told of
        self._kept: dict[int, _Kept] = {}
        self._changes: dict[int, float] = {}
        self._flashes: set[int] = set()

    def tell(self, number: int, seen: FaceView) -> bool:
        """A frame's picture. Whether a new shot seems to begin with it, by those before."""
        now, before = _Kept.of(seen), list(self._kept.items())
        self._told.append(number)
        self._kept[number] = now
        if len(self._kept) > _NEAR + 1:
            del self._kept[next(iter(self._kept))]
        near = before and number - before[-1][0] <= _NEAR
        change = _change(before[-1][1], now) if near else None
        if change is not None:
            self._changes[number] = change
            self._forgive(number, now, before)
        self._know(len(self._told) - _NEAR)
        if change is None:
            return False
        return number not in self._flashes and _stands_out(change, self._around(-1 - _NEAR, -1))

    @property
    def known_until(self) -> float:
        """The last frame up to which all cuts are found; minus infinity before there is one."""
        return self._told[self._known - 1] if self._known else float("-inf")

    def end(self) -> None:
        """No frame follows: all are known."""
        self._know(len(self._told))

    def _know(self, until: int) -> None:
        """Decide about the first so many of those told of, by those around them."""
        for i in range(self._known, until):
            number = self._told[i]
            change = self._changes.get(number)
            if change is None or number in self._flashes:
                continue
            around = [*self._around(max(0, i - _NEAR), i), *self._around(i + 1, i + _NEAR + 1)]
            if _stands_out(change, around):
                self.found.append(number)
        self._known = max(self._known, until)

    def _around(self, first: int, past: int) -> list[float]:
        """Changes at some of those told of."""
        there = (self._changes.get(n) for n in self._told[first:past])
        return [change for change in there if change is not None]

    def _forgive(self, number: int, now: _Kept, before: list[tuple[int, _Kept]]) -> None:
        """Neither a flash nor its end is a cut: what comes after is as it was before."""
        for (_, kept), (after, _) in pairwise(before):
            if (changed := self._changes.get(after, 0.0)) > _LEAST_CHANGE:
                again = _change(kept, now)
                if again is not None and again < changed / _BACK:
                    self._flashes |= {after, number}


def _stands_out(change: float, others: list[float]) -> bool:
    usual = float(np.median(others)) if others else 0.0
    return change > _LEAST_CHANGE and change > _TIMES_USUAL * usual
