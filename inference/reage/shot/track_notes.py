"""What a face track leaves to be looked at: frames that a supervisor would ask about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from reage.faces import FaceFrame, FaceTrack
from reage.media.sequence import compact

DOUBTFUL = 0.5
"""Confidence below which a sighting is worth a look; chosen. The demo plate's face has .90 at
least, and a face that is half out of the picture at most half of what it had."""

JUMP = 0.3
"""Of its size, that a face lies beside the middle of its neighbours' places; chosen. The demo
plate's, which turns, stays below .002 there."""


def track_notes(track: FaceTrack, frames: Iterable[int]) -> dict[str, tuple[int, ...]]:
    """Words → the frames of a render, ascending, that they are true of; none that is empty.

    held     bridged over a short miss
    edited   set by hand
    doubtful seen with little confidence
    jumps    far from between its neighbours
    alone    a face with none in the frames before and after, of a shot with more frames
    cuts     a new shot begins
    unsure   without a face, where one was that might be another's
    """
    numbers = sorted(frames)
    faces = {n: face for n in numbers if (face := track.at(n)) is not None}
    away = [n for n in numbers if n not in faces]
    found = {
        "held": [n for n, f in faces.items() if f.state == "held"],
        "edited": [n for n, f in faces.items() if f.state == "edited"],
        "doubtful": [
            n for n, f in faces.items() if f.state == "seen" and f.confidence < DOUBTFUL
        ],
        "jumps": list(_jumps(track, faces)),
        "alone": list(_alone(track, faces)),
        "cuts": sorted({*track.cuts} & {*numbers}),
        "unsure": sorted({*track.doubts} & {*away}),
    }
    return {words: tuple(ns) for words, ns in found.items() if ns}


def sentence(notes: Mapping[str, tuple[int, ...]]) -> str:
    """The same as a line of a report: `held: 1004-1006; jumps: 1010`; "" where there is nothing."""
    return "; ".join(f"{words}: {compact(numbers)}" for words, numbers in notes.items())


def _jumps(track: FaceTrack, faces: Mapping[int, FaceFrame]) -> Iterator[int]:
    for number, face in faces.items():
        before, after = track.at(number - 1), track.at(number + 1)
        if before is None or after is None or not {number, number + 1}.isdisjoint(track.cuts):
            continue
        middle = np.mean([before.center, after.center], axis=0)
        if np.hypot(*(np.asarray(face.center) - middle)) > JUMP * face.size:
            yield number


def _alone(track: FaceTrack, faces: Mapping[int, FaceFrame]) -> Iterator[int]:
    if len(track.frames) < 3:
        return
    for number in faces:
        beside = (track.at(number - 1), track.at(number + 1))
        known = number - 1 in track.frames or number + 1 in track.frames
        if known and not any(beside):
            yield number
