"""All marks that stay, as pages hold them: each from the age on at which it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage.pattern.maps import SIZE
from reage.pattern.photo.skin import by_place
from reage.pixels.plate import Pixels
from reage_training.actor.album.marks import StayingMark, drawn, inner, staying
from reage_training.actor.album.scars import Lines, drawn_scars, scars
from reage_training.actor.album.sums import AgeSums, cut, whole


@dataclass(frozen=True)
class Stays:
    """marks, and of each the tone (HERE.height, HERE.width), below zero for a scar"""

    marks: tuple[StayingMark, ...]
    tones: tuple[Pixels, ...]

    @classmethod
    def of(cls, sums: Sequence[AgeSums], lines: Sequence[Lines]) -> Stays:
        """sums: of all ages from young to old, without evidence; lines: of the same ages"""
        ages, weights = [s.age for s in sums], [s.weight for s in sums]
        skin = inner(cut(by_place(SIZE)))
        seen = [w * skin for w in weights]
        moles = staying([s.dark for s in sums], seen)
        total = np.maximum(sum(weights), np.float32(1e-6))
        mean = np.asarray(sum(s.weight * s.dark for s in sums) / total, np.float32)
        found = scars(ages, lines, seen)
        return cls(
            (*moles, *found),
            (*(drawn([mole], mean) for mole in moles),
             *(drawn_scars([scar], ages, lines, weights) for scar in found)),
        )  # fmt: skip

    def at(self, age: float) -> Pixels:
        """(SIZE, SIZE) tone of the marks that are there at an age."""
        there = [t for mark, t in zip(self.marks, self.tones, strict=True) if mark.since <= age]
        return whole(self._strongest(there))

    @property
    def marked(self) -> Pixels:
        """(SIZE, SIZE) how strong the marks of any age are, 0 and above."""
        return whole(np.abs(self._strongest(self.tones)))

    def _strongest(self, tones: Sequence[Pixels]) -> Pixels:
        out = np.zeros_like(cut(np.zeros((SIZE, SIZE), np.float32)))
        for tone in tones:
            out = np.where(np.abs(tone) > np.abs(out), tone, out)
        return out
