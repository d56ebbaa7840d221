"""The faces of a live picture: followed from frame to frame, known again by their place.

Each frame only looks around the faces that are known. New ones come from `Finder`, which
searches whole pictures on a thread of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reage.faces import FaceFrame
from reage.faces.observation import Observation, look_again
from reage.pixels.geometry import Region
from reage_live.face_settings import FIRST
from reage_live.plate import LivePlate, scaled
from reage_live.steady import SteadyFace

_HOLD = 0.2
"""Seconds for which a face that is missed stays where it was."""

_PATIENCE = 1.0
"""Seconds after which a missed face is lost: only a search finds it again."""

_SAME = 0.6
"""Face sizes between centers within which two sightings are of one face."""

_BACK = 2.5
"""Face sizes from where a face was lost within which a new one counts as the same."""


@dataclass(frozen=True)
class Follower:
    """One face: its number, its last sighting and when that was, seconds."""

    number: int
    sighting: Observation
    seen: float
    steady: SteadyFace

    def face(self, frame: int, now: float) -> FaceFrame | None:
        """Where it is; held through a short miss, None after that."""
        missed = now - self.seen
        if missed > _HOLD:
            return None
        face = self.steady.steadied(self.sighting.face)
        return face if missed == 0 else replace(face, frame=frame, state="held")


class Followers:
    """All faces of one source. For one thread.

    patience: seconds over which a face is steadied (see `SteadyFace`)
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._active: list[Follower] = []
        self._lost: dict[int, Observation] = {}
        self._plate: Region | None = None

    @property
    def known(self) -> int:
        """How many faces are followed."""
        return len(self._active)

    def look(
        self, live: LivePlate, frame: int, now: float, found: Sequence[Observation]
    ) -> list[tuple[int, FaceFrame]]:
        """The faces of a frame by number.

        found: sightings of a search in some earlier frame; those of known faces count for
               nothing. A picture of another size begins anew.
        """
        plate = live.region
        if self._plate not in (None, plate):
            self._active, self._lost, found = [], {}, ()
        self._plate = plate
        followed = [self._followed(f, live, frame, now) for f in self._active]
        self._active = []
        for follower in followed:
            if now - follower.seen > _PATIENCE:
                self._lost[follower.number] = follower.sighting
            elif not self._has(follower.sighting):
                self._active.append(follower)
        for sighting in found:
            if self._has(sighting):
                continue
            here = _look(live, frame, sighting)
            if here is not None and not self._has(here):
                self._welcome(here, now)
        faces = ((f.number, f.face(frame, now)) for f in self._active)
        return [(number, face) for number, face in faces if face is not None]

    def _followed(
        self, follower: Follower, live: LivePlate, frame: int, now: float
    ) -> Follower:
        here = _look(live, frame, follower.sighting)
        if here is None:
            return follower
        return Follower(follower.number, here, now, follower.steady.onwards(here.face, now))

    def _has(self, sighting: Observation) -> bool:
        return any(_apart(f.sighting, sighting) < _SAME for f in self._active)

    def _welcome(self, sighting: Observation, now: float) -> None:
        number = self._number(sighting)
        self._lost.pop(number, None)
        steady = SteadyFace.begin(sighting.face, now, self._patience)
        self._active.append(Follower(number, sighting, now, steady))

    def _number(self, sighting: Observation) -> int:
        """That of the face that was lost near by; where only one was ever seen, that one's."""
        taken = {f.number for f in self._active}
        known = taken | self._lost.keys()
        if known == {FIRST} and not taken:
            return FIRST
        near = {n: _apart(was, sighting) for n, was in self._lost.items()}
        nearest = min(near, key=lambda n: near[n], default=None)
        if nearest is not None and near[nearest] < _BACK:
            return nearest
        return next(n for n in range(len(known) + 1) if n not in known)


def _look(live: LivePlate, frame: int, last: Observation) -> Observation | None:
    """The face of the last sighting in this frame."""
    small, factor = live.for_face(last.face.size)
    here = look_again(small.read, frame, small.region, scaled(last, 1 / factor))
    return here and scaled(here, factor)


def _apart(one: Observation, other: Observation) -> float:
    """Between two centers, in sizes of the first face."""
    return float(np.hypot(*np.subtract(one.face.center, other.face.center)) / one.face.size)
