"""Find faces in a whole picture: cheap looks first, harder ones only in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from reage.faces.detect import SAME_FACE, Detection, detect_in, overlap, window
from reage.faces.landmarks import landmarks_of
from reage.faces.sample import Picture, angle
from reage.pixels.geometry import Similarity

_SECOND_LOOK = 2.2
"""Side of the window of a second look, in box sides."""

IS_FACE = 0.5
"""Presence from which the landmark network is believed."""


_SEEN = 6.0
"""A window finds faces down to one so many times smaller than itself."""


def detect_faces(picture: Picture, at_least: int = 1, smallest: float = 0.0) -> list[Detection]:
    """Faces in a picture, highest score first.

    picture:  (h, w, 3) uint8 sRGB
    smallest: px; searches that could only find smaller ones are left out
    at_least: stop at the first search that has found so many. First the whole picture is
              looked at; then it is turned by quarters; then overlapping windows of its
              shorter side, a half and a quarter of it are searched for small faces.
    A face stands only if a second, closer look finds it again and the landmark network
    agrees. Raises FaceError where the models are missing.
    """
    found: list[Detection] = []
    for found in found_so_far(picture, smallest):
        if len(found) >= at_least:
            break
    return found


def found_so_far(picture: Picture, smallest: float = 0.0) -> Iterator[list[Detection]]:
    """What `detect_faces` has found after each of its searches, highest score first."""
    found: list[Detection] = []
    for windows in _searches(picture.shape[1], picture.shape[0], smallest):
        found = _distinct([*found, *confirmed(picture, windows)])
        yield found


def faces_at(picture: Picture, point: tuple[float, float]) -> list[Detection]:
    """Faces around one point (x, y) in picture px, highest score first.

    Looks through windows about the point, from the whole picture down to a face of about
    1/60 of it, upright first, then turned by quarters.
    """
    longest = max(picture.shape[:2])
    for degrees in (0, 90, 180, 270):
        windows = [window(point, 2 * longest / 2**n, degrees) for n in range(6)]
        found = _distinct(d for d in confirmed(picture, windows) if _near(d, point))
        if found:
            return found
    return []


def confirmed(picture: Picture, windows: Iterable[Similarity]) -> list[Detection]:
    """Faces seen through these windows, in picture px, that a second look confirms."""
    first = _distinct(d for w in windows for d in detect_in(picture, w))
    return [d for seen in first if (d := _second_look(picture, seen)) is not None]


def _second_look(picture: Picture, seen: Detection) -> Detection | None:
    """The same face from close by and upright, where its box is exact; None for a mirage.

    It is turned by quarters too: a face upside down can pass, poorly, for an upright one.
    """
    degrees = angle(seen.keypoints[0], seen.keypoints[1])
    side = _SECOND_LOOK * seen.side
    closer = [
        d
        for turn in (0, 90, 180, 270)
        for d in detect_in(picture, window(seen.center, side, degrees + turn))
        if overlap(d, seen) > SAME_FACE
    ]
    best = max(closer, key=lambda d: d.score, default=None)
    if best is None or landmarks_of(picture, best).presence < IS_FACE:
        return None
    return best


def _distinct(found: Iterable[Detection]) -> list[Detection]:
    """Without repeats from overlapping windows; the best of each face, best first."""
    kept: list[Detection] = []
    for d in sorted(found, key=lambda d: -d.score):
        if all(overlap(d, k) <= SAME_FACE for k in kept):
            kept.append(d)
    return kept


def _near(face: Detection, point: tuple[float, float]) -> bool:
    """Whether a point lies in the face's box, or up to a half of it above (the forehead)."""
    x, y = face.center
    return bool(np.hypot(point[0] - x, point[1] - y) <= face.side)


def _searches(width: int, height: int, smallest: float) -> Iterator[list[Similarity]]:
    center, longest = (width / 2, height / 2), max(width, height)
    shortest = max(min(width, height), longest / 4)  # a mere strip would take windows without end
    yield [window(center, longest)]
    yield [window(center, longest, turn) for turn in (90, 180, 270)]
    for part in (1, 2, 4):
        yield [
            window((x, y), shortest / part, turn)
            for turn in ((0, 90, 180, 270) if part == 1 else (0,))
            for x in _centers(width, shortest / part)
            for y in _centers(height, shortest / part)
        ]
        if shortest / part <= _SEEN * smallest:
            return


def _centers(length: int, side: float) -> list[float]:
    """Window centers along one axis, neighbours overlapping by a third at least."""
    count = max(0, int(np.ceil((length - side) / (side * 2 / 3) - 1e-9))) + 1
    if count == 1:
        return [length / 2]
    return [float(c) for c in np.linspace(side / 2, length - side / 2, count)]
