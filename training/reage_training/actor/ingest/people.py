"""Who the actor is among the faces of a tree, and who is somebody else.

With the identity network: the largest group of faces that hang together, each through those that
are most like it, as photographs of one person in neighbouring years are. A face's distance to a
group is the mean to the nearest half of it: years, light and side differ, but not from all. Without
the network the mesh's shape is all there is, which tells few people apart: that is a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reage.faces.frame import RIGID
from reage_training.actor.book import Entry
from reage_training.actor.ingest import identity, shelve
from reage_training.actor.ingest.measure import Measures

Floats = npt.NDArray[np.float64]

FEWEST = 4
"""Faces from which on a group tells who is in it."""

_MOST = 1500
"""Faces, spread over the ages, among which the group is looked for; the others are held against
it."""

_CLOSE = 0.44
"""Distance of unit vectors at which a pair of faces is as much one person's as two's. dlib's .6 is
for vectors that are 1.37 long."""


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
    vectors = np.stack([found[k].identity for k in known]).astype(np.float64)
    if len(known) < FEWEST and like is None:
        return _nobody(len(found))
    ours = np.array([entries[k].hand == shelve.TAKEN for k in known])
    meant = None if like is None or not like.identity.size else like.identity.astype(np.float64)
    members = core(vectors, meant)
    strange, limit = strangeness(vectors, members | ours)
    why, sure = [""] * len(found), [False] * len(found)
    for k, off in zip(known, strange, strict=True):
        if off > limit:
            why[k] = (
                f"The face is {off:.2f} from the actor's, and photographs of the actor are within "
                f"{limit:.2f}."
            )
            sure[k] = True
    return Group(tuple(why), tuple(sure))


def core(vectors: Floats, like: Floats | None = None) -> npt.NDArray[np.bool_]:
    """Faces that are surely one person's: the strongest block of how close faces are to each other
    (the leading eigenvector of exp(−(d/c)²)); or those that are close to `like`.

    vectors: (n, 128) of unit length
    """
    sample = np.arange(len(vectors))
    if len(sample) > _MOST:
        sample = np.linspace(0, len(vectors) - 1, _MOST).astype(int)
    part = vectors[sample]
    near = np.exp(-((distances(part, part) / _REACH) ** 2))
    np.fill_diagonal(near, 0)
    weight = np.ones(len(part)) if like is None else np.exp(
        -((distances(part, like[None])[:, 0] / _REACH) ** 2)
    )
    for _ in range(100 if like is None else 3):
        weight = near @ weight + 1e-12
        weight /= np.linalg.norm(weight)
    out = np.zeros(len(vectors), bool)
    out[sample] = weight > 0.5 * weight.max()
    return out


_REACH = 0.25


def strangeness(
    vectors: Floats, members: npt.NDArray[np.bool_]
) -> tuple[Floats, float]:
    """How far each face is from the group that grows out of `members`, and the limit of it."""
    group = members.copy()
    off, limit = np.zeros(len(vectors)), np.inf
    for _ in range(_ROUNDS):
        off = to_group(vectors, group)
        inside = off[group]
        middle = float(np.median(inside))
        spread = 1.48 * float(np.median(np.abs(inside - middle)))
        limit = float(np.clip(middle + _SPREADS * max(spread, _LEAST), _NEVER, _EVER))
        now = (off <= limit) | members
        if (now == group).all():
            break
        group = now
    return off, limit


_ROUNDS, _SPREADS, _LEAST = 20, 3.0, 0.02
_NEVER, _EVER = 0.33, 0.46


def to_group(vectors: Floats, group: npt.NDArray[np.bool_]) -> Floats:
    """(n,) mean distance to the nearer half of a group; of a member, to the others."""
    there = np.flatnonzero(group)
    if len(there) > _MOST:
        there = there[np.linspace(0, len(there) - 1, _MOST).astype(int)]
    half = max(min(3, len(there)), len(there) // 2)
    out = np.empty(len(vectors))
    for start in range(0, len(vectors), _MOST):
        rows = np.arange(start, min(start + _MOST, len(vectors)))
        away = distances(vectors[rows], vectors[there])
        away[rows[:, None] == there[None]] = np.inf
        near = np.sort(away, axis=1)[:, :half]
        out[rows] = np.nanmean(np.where(np.isfinite(near), near, np.nan), axis=1)
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
