"""One person from frame to frame: by place, size and looks.

While nothing interrupts, place and size decide, and looks only refuse whom they surely tell to be
another. After a loss, at a cut, and with others near, the looks must be known: a doubt is a miss.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from reage.faces.choose import FaceChoice
from reage.faces.cuts import Cuts
from reage.faces.detect import Detection
from reage.faces.looks import TIE, Appearance, Looks, is_other, is_same, look_of
from reage.faces.observation import (
    Observation,
    around,
    closer,
    detected,
    everyone,
    first,
    sighted,
    undetected,
    whole,
)
from reage.faces.view import FaceView, Read
from reage.pixels.geometry import Region

_WARY = 12
"""Frames, after another was near, for which looks must be known: half a second."""

_HARD = 6
"""Of so many frames without the person one is searched for small faces beside others' large ones,
which takes up to a second."""

_APART = 0.6
"""Of a face's size: what lies farther away is another face."""


class Pursuit:
    """Looks for a person in one frame after another.

    doubts  frames in which a face was at the place that looks as if it were somebody else's, or
            after a cut nobody's for sure; such a frame is a miss
    cuts    where shots begin; suspected while it runs, known at the end
    """

    def __init__(self, read: Read, plate: Region, choice: FaceChoice) -> None:
        self.doubts: list[int] = []
        self.cuts = Cuts()
        self._read, self._plate, self._choice = read, plate, choice
        self._person, self._others = Looks(), Looks()
        self._last: Observation | None = None
        self._lost = True
        self._elsewhere = False  # a cut lies between the last sighting and now
        self._wary = 0
        self._searches = 0  # in vain, since the last sighting

    def miss(self) -> None:
        """A frame that cannot be read."""
        self._lost = True

    def look(self, number: int) -> Observation | None:
        """The person in this frame, or None."""
        now = self._first(number) if self._last is None else self._next(number, self._last)
        self._lost = now is None
        if now is not None:
            self._last, self._elsewhere, self._searches = now, False, 0
        return now

    def _first(self, number: int) -> Observation | None:
        seen = whole(self._read, number)
        self.cuts.tell(number, seen)
        now = first(self._read, number, self._plate, seen, self._choice)
        if now is not None:
            self._person.learn(_look(seen, now))
            self._meet(seen, now, everyone(seen, now.face.center, hard=False), number)
        return now

    def _next(self, number: int, last: Observation) -> Observation | None:
        seen = None if self._lost else around(self._read, number, self._plate, last)
        told = seen or whole(self._read, number)
        if self.cuts.tell(number, told):
            self._elsewhere = True
        elif seen is not None and (now := self._follow(number, seen, last)):
            return now
        return self._find(number, told if seen is None else whole(self._read, number), last)

    def _follow(self, number: int, seen: FaceView, last: Observation) -> Observation | None:
        """Where the person was a frame ago."""
        found = detected(seen, last)
        self._wary = _WARY if len(found) > 1 else max(0, self._wary - 1)
        near = list(filter(None, (sighted(seen, d, number, self._plate, last) for d in found)))
        for here in near:
            look = _look(seen, here)
            if self._accepts(look, number):
                if not self._wary or is_same(look, self._person, self._others):
                    self._person.learn(look)
                if len(found) > 1:
                    self._meet(seen, here, found, number)
                return here
        if near:
            return None
        guess = undetected(seen, number, self._plate, last)
        return guess if guess and self._accepts(_look(seen, guess), number) else None

    def _accepts(self, look: Appearance, number: int) -> bool:
        """A look at the right place: its person's, unless it tells or might be another's."""
        if self._wary:
            well = is_same(look, self._person, self._others)
        else:
            well = not is_other(look, self._person, self._others)
        if not well:
            self.doubts.append(number)
        return well

    def _meet(
        self, seen: FaceView, here: Observation, found: Iterable[Detection], number: int
    ) -> None:
        """Faces beside the person's are others'."""
        for detection in found:
            other = sighted(seen, detection, number, self._plate, None)
            if other is not None and _apart(other, here):
                self._others.learn(_look(seen, other))

    def _find(self, number: int, seen: FaceView, last: Observation) -> Observation | None:
        """Anywhere in the frame; after a cut at any place and size."""
        was = None if self._elsewhere else last
        hard = self._searches % _HARD == 0
        self._searches += 1
        found = list(everyone(seen, last.face.center, hard))
        known: list[tuple[float, Detection]] = []
        for detection in found:
            if (here := sighted(seen, detection, number, self._plate, was)) is None:
                continue
            look = _look(seen, here)
            if is_same(look, self._person, self._others):
                known.append((self._person.unlike(look), detection))
            else:
                self.doubts.append(number)
        if not known:
            return None
        most = min(unlike for unlike, _ in known)
        nearest = next(d for unlike, d in known if unlike <= most + TIE)
        now = closer(self._read, number, self._plate, seen, nearest, was)
        if now is not None:
            self._meet(seen, now, found, number)
        return now


def _look(seen: FaceView, here: Observation) -> Appearance:
    return look_of(seen.picture, seen.mesh_in_picture(here.points))


def _apart(one: Observation, other: Observation) -> bool:
    gap = np.hypot(*np.subtract(one.face.center, other.face.center))
    return bool(gap > _APART * max(one.face.size, other.face.size))
