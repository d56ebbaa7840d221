"""What a person looks like: the shape of the face and its colors, without a network of its own.

Tells two people of one shot apart, in its light and in the poses it has shown. It is no
recognition: under another light, or turned far from all that was seen, nobody is sure to be known
again, and who is not sure is not followed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import astuple, dataclass
from functools import cache

import cv2
import numpy as np

from reage.faces.frame import Floats, posed
from reage.faces.landmarks import Points
from reage.faces.sample import Picture, sample, square
from reage.faces.typical import typical_points

SAME = 1.3
"""Unlikeness below which it is the same person, in that person's shot."""

OTHER = 3.0
"""Unlikeness from which it is another, though the place is right."""

_SHAPE, _TONE, _HUE = 0.01, 0.25, 0.04
"""Spreads that count as 1 of unlikeness; chosen, with SAME and OTHER, on public clips. How unlike
people come out is told in docs/adr/0020-the-same-person.md."""

_DEPTH = 0.25
"""Of the mesh network's guess at depth, beside what it sees across."""

_PIXELS = 96
_AROUND = 1.6
"""Side of the square that the colors are read from, in px and in face sizes."""

_DARK = 0.03
"""Added before the logarithm: shadows hold noise."""

_KEPT, _NEW = 32, 0.4
"""Looks that are remembered of a person, and how unlike all of them one must be to be kept."""

TIE = 0.5
"""Of unlikeness: two people nearer than this to one look are not told apart by it."""


@dataclass(frozen=True)
class Appearance:
    """A face's looks in one picture.

    shape: (468, 3) its mesh, straight on and in face units, less the typical one's
    tone:  (468, 3) logarithms of its colors, sRGB-encoded, at the mesh's points
    shown: (468,) 0..1, how far each point faces the camera; 0 outside the picture
    inside: () 0..1, share of them within the picture: the rest of the mesh is guessed
    """

    shape: Floats
    tone: Floats
    shown: Floats
    inside: Floats


def look_of(picture: Picture, points: Points) -> Appearance:
    """picture: (h, w, 3) uint8 sRGB; points: the mesh (468, 3) of the face, in its px."""
    scale, turn, shift = posed(points)
    shape = ((points - shift) @ turn) / scale - typical_points()
    to_picture = square((float(shift[0]), float(shift[1])), _AROUND * scale, 0.0, _PIXELS)
    small = cv2.GaussianBlur(sample(picture, to_picture, _PIXELS), (0, 0), 2.0)
    at = (to_picture.inverse().apply(points[:, :2]) - 0.5).astype(np.float32)
    colors = cv2.remap(
        small, at[None], np.zeros(0), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )[0]
    shown = (-(_outward() @ turn.T)[:, 2]).clip(0, 1)
    within = ((points[:, :2] >= 0) & (points[:, :2] <= picture.shape[1::-1])).all(1)
    tone = np.log(colors / 255.0 + _DARK)
    return Appearance(shape, tone, shown * within, np.asarray(within.mean()))


def unlikeness(one: Appearance, others: Appearance) -> Floats:
    """How unlike a look is to others, stacked along a first axis: 0 for the same picture; see
    SAME and OTHER."""
    bent = (one.shape - others.shape) * (1.0, 1.0, _DEPTH)
    shape = np.sqrt((bent**2).sum(-1).mean(-1)) * np.minimum(one.inside, others.inside)
    weight = one.shown * others.shown
    weight = (weight / weight.sum(-1, keepdims=True).clip(1e-9))[..., None]
    mean, means = ((weight * look.tone).sum(-2) for look in (one, others))
    a, b = one.tone - mean[..., None, :], others.tone - means[..., None, :]
    spread = np.sqrt((weight * a * a).sum((-2, -1)) * (weight * b * b).sum((-2, -1)))
    tone = 1 - (weight * a * b).sum((-2, -1)) / spread.clip(1e-9)
    hue = mean - means
    hue = np.linalg.norm(hue - hue.mean(-1, keepdims=True), axis=-1)
    together = np.stack([shape / _SHAPE, tone / _TONE, hue / _HUE])
    return np.asarray(np.linalg.norm(together, axis=0))


class Looks:
    """What is known of one person, or of all who are not that person."""

    def __init__(self) -> None:
        self._known: deque[Appearance] = deque(maxlen=_KEPT)
        self._stacked: Appearance | None = None

    def unlike(self, look: Appearance) -> float:
        """To the nearest of them; infinity where none is known."""
        stacked = self._stacked
        return float("inf") if stacked is None else float(unlikeness(look, stacked).min())

    def learn(self, look: Appearance) -> None:
        """Remember a look, unless there is one like it."""
        if self.unlike(look) > _NEW:
            self._known.append(look)
            parts = zip(*(astuple(known) for known in self._known), strict=True)
            self._stacked = Appearance(*(np.stack(part) for part in parts))


def is_same(look: Appearance, person: Looks, others: Looks) -> bool:
    """Whether it is surely that person."""
    unlike = person.unlike(look)
    return unlike < SAME and unlike < others.unlike(look) + TIE


def is_other(look: Appearance, person: Looks, others: Looks) -> bool:
    """Whether it is surely somebody else."""
    unlike = person.unlike(look)
    return unlike > OTHER or unlike > others.unlike(look) + TIE


@cache
def _outward() -> Floats:
    """(468, 3) which way each point of a typical face looks: away from a point in the head."""
    points = typical_points()
    away = points - points.mean(0) - (0.0, 0.0, 0.15)
    return np.asarray(away / np.linalg.norm(away, axis=1, keepdims=True))
