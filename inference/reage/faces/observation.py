"""One face in one frame of a shot: look where it was, or search the whole plate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from reage.faces.choose import FaceChoice, chosen
from reage.faces.detect import SAME_FACE, Detection, detect_in, overlap, window
from reage.faces.frame import MIN_ANCHORS, FaceFrame, anchors, face_frame
from reage.faces.landmarks import Landmarks, Points, landmarks_of, refined
from reage.faces.sample import square
from reage.faces.search import IS_FACE, faces_at, found_so_far
from reage.faces.view import FaceView, Read, view
from reage.pixels.geometry import Region

_REACH = 2.2
"""Side of the square that is read and searched around the last face, in face sizes."""

_NEAR_LONGEST = 640
"""Px a side that a look around the last face is shrunk to: the mesh network sees a face of
half of it at twice its own resolution."""

_WHOLE_LONGEST = 2048
"""Px a side that a whole plate is shrunk to: a face of 1/50 of it is still found."""

MOST_FACES = 32
"""That a frame is searched for; a crowd's extras are too small to be re-aged."""

_UNDETECTED = 0.5
"""Stands in for the detector's score where only the mesh was found, by the last one."""

_MIN_INSIDE = 0.4
"""Least share of the face's bounds inside the plate."""

_MIN_CUT, _MAX_CUT = 0.55, 0.8
"""Shares inside: above the higher, the mesh tells the size; below the lower, the last frame."""


@dataclass(frozen=True)
class Observation:
    """A face seen in a frame: its place, and its mesh (468, 3); both in plate px.

    Confidence is the product of the mesh network's presence, the detector's score and the
    share of the face inside the plate.
    """

    face: FaceFrame
    points: Points


def look_again(read: Read, number: int, plate: Region, last: Observation) -> Observation | None:
    """The face of the last sighting in the next frame, reading only what lies around it."""
    if (seen := around(read, number, plate, last)) is None:
        return None
    for detection in detected(seen, last):
        if here := sighted(seen, detection, number, plate, last):
            return here
    return undetected(seen, number, plate, last)


def around(read: Read, number: int, plate: Region, last: Observation) -> FaceView | None:
    """What lies around the last sighting's place; None beyond the plate."""
    was = last.face
    square_around = square(was.center, _REACH * was.size, was.degrees, 1)
    region = Region.spanning(square_around.apply([[0, 0], [1, 0], [0, 1], [1, 1]])).intersect(plate)
    return None if region.empty else view(read, number, region, _NEAR_LONGEST)


def detected(seen: FaceView, last: Observation) -> list[Detection]:
    """All that the detector finds in a view around the last sighting, nearest first."""
    was, to_picture = last.face, seen.to_plate.inverse()
    x, y = to_picture.apply(was.center)
    found = detect_in(
        seen.picture, window((x, y), _REACH * was.size * to_picture.scale, was.degrees)
    )
    return sorted(found, key=lambda d: np.hypot(d.center[0] - x, d.center[1] - y))


def sighted(
    seen: FaceView, found: Detection, number: int, plate: Region, last: Observation | None
) -> Observation | None:
    """A detected face, unless it is none, outside, or cannot be that of the last sighting."""
    mesh = landmarks_of(seen.picture, found)
    return _sighting(seen, mesh, number, found.score, last.face if last else None, plate)


def undetected(
    seen: FaceView, number: int, plate: Region, last: Observation
) -> Observation | None:
    """A profile may escape the detector, but not the mesh that starts from the last one."""
    guess = refined(seen.picture, seen.mesh_in_picture(last.points))
    mesh = refined(seen.picture, guess.points)
    return _sighting(seen, mesh, number, _UNDETECTED, last.face, plate)


def search(
    read: Read, number: int, plate: Region, last: Observation | None, choice: FaceChoice
) -> Observation | None:
    """The face in a whole frame: the chosen one, or after a loss the one last seen."""
    seen = whole(read, number)
    if last is None:
        return first(read, number, plate, seen, choice)
    faces = everyone(seen, last.face.center, hard=False)
    return next(filter(None, (closer(read, number, plate, seen, d, last) for d in faces)), None)


def first(
    read: Read, number: int, plate: Region, seen: FaceView, choice: FaceChoice
) -> Observation | None:
    """The chosen face of a whole frame."""
    detection = chosen(seen.picture, choice.through(seen.to_plate.inverse()))
    return closer(read, number, plate, seen, detection, None) if detection else None


def whole(read: Read, number: int) -> FaceView:
    """All of a frame."""
    return view(read, number, None, _WHOLE_LONGEST)


def everyone(seen: FaceView, near: tuple[float, float], hard: bool) -> Iterator[Detection]:
    """The faces of a whole frame, once each: first what lies about a place in px of the plate,
    then those of the first search that finds any; where `hard`, those of all searches."""
    x, y = (float(c) for c in seen.to_plate.inverse().apply(near))
    told: list[Detection] = []

    def new(found: Iterable[Detection]) -> list[Detection]:
        unknown = [d for d in found if all(overlap(d, t) <= SAME_FACE for t in told)]
        told.extend(unknown)
        return sorted(unknown, key=lambda d: np.hypot(d.center[0] - x, d.center[1] - y))

    yield from new(faces_at(seen.picture, (x, y)))
    for found in found_so_far(seen.picture):
        yield from new(found)
        if found and not hard:
            return


def faces_by_index(
    read: Read, number: int, plate: Region, smallest: float = 0.0
) -> dict[int, FaceFrame]:
    """Every face of a frame, by the index that `FaceChoice` takes it by; smallest: px of the plate,
    below which none is looked for."""
    seen = whole(read, number)
    found: dict[int, FaceFrame] = {}
    for index in range(MOST_FACES):
        detection = chosen(seen.picture, FaceChoice(index), smallest / seen.to_plate.scale)
        if detection is None:
            break
        here = closer(read, number, plate, seen, detection, None)
        if here is not None and not any(_same(here.face, face) for face in found.values()):
            found[index] = here.face
    return found


def _same(one: FaceFrame, other: FaceFrame) -> bool:
    """Whether a harder look has found a face again."""
    return float(np.hypot(*np.subtract(one.center, other.center))) < other.size / 2


def closer(
    read: Read,
    number: int,
    plate: Region,
    seen: FaceView,
    detection: Detection,
    last: Observation | None,
) -> Observation | None:
    """A face that was detected in a whole plate, which was shrunk for it, in all its pixels."""
    here = sighted(seen, detection, number, plate, last)
    return here and (look_again(read, number, plate, here) or here)


def _sighting(
    seen: FaceView, mesh: Landmarks, number: int, score: float, was: FaceFrame | None, plate: Region
) -> Observation | None:
    """The mesh as a sighting, unless it is no face, outside, or not the one that was."""
    if mesh.presence < IS_FACE:
        return None
    points = seen.mesh_on_plate(mesh.points)
    face = face_frame(points, number, mesh.presence * score)
    inside = _inside(face, plate)
    within = (points[:, :2] >= 0) & (points[:, :2] <= (plate.right, plate.bottom))
    visible = np.logical_and(within[:, 0], within[:, 1])
    if anchors(visible) < MIN_ANCHORS:
        return None
    if was is not None and inside < _MAX_CUT:
        # Cut by the frame: placed by what is visible, its size mostly as it was.
        trust = min(1.0, max(0.0, (inside - _MIN_CUT) / (_MAX_CUT - _MIN_CUT)))
        size = was.size * (face.size / was.size) ** trust
        face = face_frame(points, number, face.confidence, visible, size)
        inside = _inside(face, plate)
    if inside < _MIN_INSIDE or (was is not None and not _follows(face, was)):
        return None
    return Observation(replace(face, confidence=face.confidence * inside), points)


def _follows(face: FaceFrame, was: FaceFrame) -> bool:
    """Whether this can be the same face, some frames later.

    From one frame to the next it may move 0.6 of its size and grow or shrink by a half;
    each further frame of a loss allows a quarter and a tenth more.
    """
    missed = max(0, face.frame - was.frame - 1)
    moved = np.hypot(*np.subtract(face.center, was.center)) / was.size
    grown = max(face.size / was.size, was.size / face.size)
    return bool(moved <= 0.6 + 0.25 * missed and grown <= 1.5 + 0.1 * missed)


def _inside(face: FaceFrame, plate: Region) -> float:
    """Share of the bounds of the face's outline that lies inside the plate."""
    oval = face.oval()
    low, high = oval.min(0), oval.max(0)
    within = np.minimum(high, (plate.right, plate.bottom)) - np.maximum(low, (plate.x, plate.y))
    return float(np.prod(within.clip(0, None)) / np.prod(high - low))
