"""Whether it is still the same person: what the landmark network finds before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reage.faces import detect_faces, landmarks_of, viewable
from reage.faces.landmarks import refined
from reage.pixels.plate import Pixels

STILL_POINTS = {
    "eye corners": (33, 133, 263, 362),
    "nose bridge": (168, 6, 197),
    "nose tip": (1,),
    "mouth corners": (61, 291),
}
"""Landmarks of bone and of the ends of eyes and mouth, which no change of skin may move."""

CORNERS, MIDDLE = (61, 291), (13, 14)
"""The mouth's corners, and the middle of its lips."""

Points = np.ndarray
"""(468, 2 or 3) px."""


@dataclass(frozen=True)
class Moved:
    """From one mesh to another, in px of a 512 px view: how far each of STILL_POINTS moved, and
    how far down the mouth's corners went against the lips' middle."""

    shifts: tuple[float, ...]
    corners_down: float


def meshes(first: Pixels, *others: Pixels) -> tuple[Points, ...] | None:
    """The landmarks (468, 3) of scene-linear pictures (h, w, 3) of one size, in px of a 512 px
    view; None where no face is found in the first.

    All are looked at through the same window, by the mesh found first, so that the
    detector's own restlessness is not measured.
    """
    picture = viewable(first)
    faces = detect_faces(picture)
    if not faces:
        return None
    found = landmarks_of(picture, max(faces, key=lambda f: f.side)).points
    seen = (picture, *(viewable(other) for other in others))
    return tuple(refined(each, found).points * (512 / first.shape[0]) for each in seen)


def shift(before: Points, after: Points) -> Moved:
    """Of two meshes."""
    still = [k for group in STILL_POINTS.values() for k in group]
    away = np.linalg.norm(after[still, :2] - before[still, :2], axis=1)
    return Moved(tuple(map(float, away)), _hang(after) - _hang(before))


def summary(all_moved: Sequence[Moved]) -> dict[str, float]:
    """median and p95 of the shifts, corners_down their mean; in px, over all pictures."""
    if not all_moved:
        return {}
    shifts = np.array([s for m in all_moved for s in m.shifts])
    return {
        "median": round(float(np.median(shifts)), 3),
        "p95": round(float(np.percentile(shifts, 95)), 3),
        "corners_down": round(float(np.mean([m.corners_down for m in all_moved])), 3),
        "pictures": len(all_moved),
    }


def _hang(points: Points) -> float:
    """How far below the lips' middle the corners are, px, along the face's own down."""
    right = points[263, :2] - points[33, :2]
    down = np.array([-right[1], right[0]]) / max(float(np.hypot(*right)), 1e-9)
    away = points[list(CORNERS), :2].mean(0) - points[list(MIDDLE), :2].mean(0)
    return float(away @ down)
