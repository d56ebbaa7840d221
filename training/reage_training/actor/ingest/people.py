"""Who the actor is among the faces of a tree, and who is somebody else.

With the identity network: the largest group of faces that hang together, each through those of
about its age, as years change a face. Without it the mesh's shape is all there is, which tells few
people apart: that is a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage.faces.frame import RIGID
from reage_training.actor.book import Entry
from reage_training.actor.ingest import identity
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.shelved import TAKEN

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEWEST = 4
"""Faces from which on a group tells who is in it."""

_MOST = 1500
"""Faces, spread over the ages, among which the group is looked for; the others are held against
it."""

_REACH, _TURNS = 0.25, 100

_FIRST, _MOSTLY, _LATEST = 0.30, 0.345, 0.50
_WAVERS, _ANYWHERE = 0.02, 0.15
"""Where between one person and others the limit lies: between the first and the last, mostly about
the second, which counts for all, another place for a share. dlib's .6 between two photographs is
.44 of these unit vectors, its own being 1.37 long; to the nearest of many it is less. Invented
careers: the actor up to .31 to .36, others from .35 to .39 on."""

_YEARS, _ANY, _FEW = 8.0, 0.02, 8
"""Sigma of what counts as about the same age, the weight of all other ages, and how many faces are
the nearest few."""

_ROUNDS = 20


@dataclass(frozen=True)
class Group:
    """For each face why it is somebody else's, in a sentence, or empty; and whether that is sure
    enough to put it aside. notices: in sentences"""

    why: tuple[str, ...]
    sure: tuple[bool, ...]
    notices: tuple[str, ...] = ()


def actor(
    found: Sequence[Measures], entries: Sequence[Entry], like: Measures | None = None
) -> Group:
    """Who of the faces is the actor. like: a photograph of the actor."""
    if any(m.identity.size for m in found):
        return _by_network(found, entries, like)
    group = _by_shape(found) if len(found) >= 2 * FEWEST else _nobody(len(found))
    notice = (
        f"People cannot be told apart: the identity network is not installed ({identity.INSTALL}). "
        "Nobody was turned away; whose face is shaped otherwise is doubted."
    )
    return Group(group.why, group.sure, (notice,) if found else ())


def _nobody(count: int) -> Group:
    return Group(("",) * count, (False,) * count)


def _by_network(
    found: Sequence[Measures], entries: Sequence[Entry], like: Measures | None
) -> Group:
    known = np.array([k for k, m in enumerate(found) if m.identity.size])
    if len(known) < FEWEST and like is None:
        return _nobody(len(found))
    vectors = np.stack([found[k].identity for k in known]).astype(np.float64)
    ages = np.array([entries[k].age if entries[k].age is not None else np.nan for k in known])
    ours = np.array([entries[k].hand == TAKEN for k in known])
    meant = None if like is None or not like.identity.size else like.identity.astype(np.float64)
    off, limit = strangeness(vectors, ages, core(vectors, meant), ours)
    why, sure = [""] * len(found), [False] * len(found)
    for k, far in zip(known, off, strict=True):
        if far > limit:
            why[k] = (
                f"The face is {far:.2f} from the actor's of about that age; photographs of the "
                f"actor are within {limit:.2f}."
            )
            sure[k] = True
    return Group(tuple(why), tuple(sure))


def core(vectors: Floats, like: Floats | None = None) -> Flags:
    """Faces that are surely one person's: the strongest block of how close faces are to each other
    (by the leading eigenvector of exp(−(d / _REACH)²)); or those that are close to `like`.

    vectors: (n, 128) of unit length
    """
    if like is not None:
        off = distances(vectors, like[None])[:, 0]
        return np.asarray(off <= max(_FIRST, float(off.min())))
    sample = np.arange(len(vectors))
    if len(sample) > _MOST:
        sample = np.linspace(0, len(vectors) - 1, _MOST).astype(int)
    part = vectors[sample]
    near = np.exp(-((distances(part, part) / _REACH) ** 2))
    np.fill_diagonal(near, 0)
    weight = np.ones(len(part))
    for _ in range(_TURNS):
        weight = near @ weight + 1e-12
        weight /= np.linalg.norm(weight)
    out = np.zeros(len(vectors), bool)
    out[sample] = weight > 0.5 * weight.max()
    return out


def strangeness(
    vectors: Floats, ages: Floats, members: Flags, ours: Flags
) -> tuple[Floats, float]:
    """How far each face is from the group that grows out of `members`, and the limit of it: the
    middle of the widest gap between faces about where one person ends and another begins. ages: NaN
    where unknown; ours: faces of which a hand has said that they are the actor's"""
    group = members | ours
    off, limit = np.zeros(len(vectors)), _LATEST
    for _ in range(_ROUNDS):
        off = to_group(vectors, ages, group)
        between = np.sort(off[(off > _FIRST) & (off < _LATEST)])
        ends = np.concatenate([[_FIRST], between, [_LATEST]])
        middles = (ends[1:] + ends[:-1]) / 2
        likely = np.maximum(np.exp(-0.5 * ((middles - _MOSTLY) / _WAVERS) ** 2), _ANYWHERE)
        limit = float(middles[np.argmax(np.diff(ends) * likely)])
        now = (off <= limit) | ours
        if (now == group).all():
            break
        group = now
    return off, limit


def to_group(vectors: Floats, ages: Floats, group: Flags) -> Floats:
    """(n,) how far each face is from a group: half of it the mean distance to those of about the
    same age, half that to the nearest few, as ages may be wrong; a face without one has these
    alone. Of a member, from the others."""
    there = np.flatnonzero(group)
    if len(there) > _MOST:
        there = there[np.linspace(0, len(there) - 1, _MOST).astype(int)]
    few = min(_FEW, max(3, len(there) // 4))
    out = np.zeros(len(vectors))
    for start in range(0, len(vectors), _MOST):
        rows = np.arange(start, min(start + _MOST, len(vectors)))
        away = distances(vectors[rows], vectors[there])
        itself = rows[:, None] == there[None]
        weight = np.exp(-0.5 * ((ages[rows][:, None] - ages[there]) / _YEARS) ** 2) + _ANY
        weight = np.where(itself, 0, np.nan_to_num(weight))
        nearest = np.sort(np.where(itself, np.inf, away), axis=1)[:, :few]
        known = np.isfinite(nearest)
        near = np.where(known, nearest, 0).sum(1) / np.maximum(known.sum(1), 1)
        total = weight.sum(1)
        same = np.where(total > 0, (away * weight).sum(1) / np.maximum(total, 1e-9), near)
        out[rows] = (same + near) / 2
    return out


def distances(one: Floats, other: Floats) -> Floats:
    """(n, m) between vectors of unit length."""
    return np.asarray(np.sqrt(np.maximum(2 - 2 * one @ other.T, 0)))


def _by_shape(found: Sequence[Measures]) -> Group:
    """Doubts by the mesh alone: faces far from the middle one, by the skull's points."""
    shapes = np.stack([m.shape for m in found]).astype(np.float64)[:, _SKULL, :2]
    off = np.sqrt(((shapes - np.median(shapes, axis=0)) ** 2).sum(-1).mean(-1))
    limit = float(np.median(off)) + 4 * 1.48 * float(np.median(np.abs(off - np.median(off))))
    why = tuple(
        "The face is shaped otherwise than the others'; is it the same person?" if o > limit else ""
        for o in off
    )
    return Group(why, (False,) * len(found))


_SKULL = list(RIGID)
