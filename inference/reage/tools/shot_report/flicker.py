"""How much of a change is new in every frame: measured on the files, with no model.

A face's change D(t) is `encode(plate + delta × matte) − encode(plate)` in ACEScct, over a square
around the face, upright in its own frame. D(t−1) and D(t+1) are carried along the track's mesh to
where that skin is in frame t; without a mesh they stay where they are in the face's frame. What is
left is r(t) = D(t) − (D(t−1) + D(t+1)) / 2, and over all colors and pixels of the face

    flicker of the shot  = √(Σ r² / (1.5 Σ D²))
    flicker of a frame   = √(r² / (1.5 × the frames' mean D²)),   of which the first is the RMS

A steady change leaves nothing, and one that grows evenly neither. What is new in every frame, of
variance s, gives √(s / mean D²), as it leaves 1.5 s. It is what `reage_training` measures of
models on rendered heads, there with the true mesh. A track that shakes shakes the change with it,
and is not seen here.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reage.errors import ReageError, TrackError
from reage.faces import FaceTrack
from reage.faces.skin import coverage
from reage.pixels.color import Encoder
from reage.shot.one_thread import one_thread_each
from reage.shot.shot_report import FlickerCurve, FrameEntry, ShotReport
from reage.shot.steady import TimedResidual, carried
from reage.shot.tracking import load_track
from reage.tools.shot_report.shot_files import ShotFiles, square_around
from reage.tools.shot_report.where import Where

_SIDE, _REACH = 256, 1.25
"""px of the square in which changes are compared, and how many faces high it is."""

_AT_ONCE = 32
"""Frames whose changes are kept in memory, 1 MB each."""

NO_LAYERS = "The finished picture was written and no layers, so there is no flicker score."
NO_ROW = "No three frames in a row show the face, so there is no flicker score."


@dataclass(frozen=True)
class NewInFrame:
    """new: Σ r² of a frame; strength: Σ D²."""

    new: float
    strength: float


def new_in_frame(before: TimedResidual, now: TimedResidual, after: TimedResidual) -> NewInFrame:
    """Of a frame's change between its neighbours', over the face."""
    shown = coverage(now.face, now.crop)
    r = now.values - (carried(before, now, shown) + carried(after, now, shown)) / np.float32(2)
    weight = shown[..., None].astype(np.float64)
    return NewInFrame(float((weight * r**2).sum()), float((weight * now.values**2).sum()))


def flicker_curve(frames: Mapping[int, NewInFrame]) -> FlickerCurve:
    """A shot's curve; 0 where nothing changes at all."""
    if not frames:
        return FlickerCurve(None, NO_ROW)
    mean = sum(each.strength for each in frames.values()) / len(frames)
    values = [_share(each.new, mean) for each in frames.values()]
    score = math.sqrt(sum(value**2 for value in values) / len(values))
    return FlickerCurve(
        round(score, 5), "", tuple(frames), tuple(round(value, 5) for value in values)
    )


def _share(new: float, strength: float) -> float:
    return math.sqrt(new / (1.5 * strength)) if strength > 0 else 0.0


def measured_flicker(report: ShotReport, where: Where) -> tuple[FlickerCurve, ...]:
    """For each face, read from the files; with a sentence in its place where that cannot be."""
    if not report.shot.layers:
        return (FlickerCurve(None, NO_LAYERS),) * len(report.shot.faces)
    try:
        files = ShotFiles.open(report, where)
    except (ReageError, OSError) as e:
        return (FlickerCurve(None, f"There is no flicker score: {e}"),) * len(report.shot.faces)
    with one_thread_each():
        return tuple(_of_face(report, files, where, n) for n in range(len(report.shot.faces)))


def _of_face(report: ShotReport, files: ShotFiles, where: Where, face: int) -> FlickerCurve:
    path = Path(where.track or report.runs[-1].tracks[face].path)
    try:
        track = load_track(path)
    except TrackError as e:
        return FlickerCurve(None, f"There is no flicker score: {e}")
    return flicker_curve(dict(_measured(report, files, track)))


def _measured(
    report: ShotReport, files: ShotFiles, track: FaceTrack
) -> Iterator[tuple[int, NewInFrame]]:
    there = {f.number: f for f in report.frames if f.outcome != "failed" and track.at(f.number)}
    middles = [
        n for n in there if {n - 1, n + 1} <= there.keys() and {n, n + 1}.isdisjoint(track.cuts)
    ]
    changes: dict[int, TimedResidual | None] = {}
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for start in range(0, len(middles), _AT_ONCE):
            part = middles[start : start + _AT_ONCE]
            wanted = sorted({n + step for n in part for step in (-1, 0, 1)})
            new = [n for n in wanted if n not in changes]
            found = pool.map(lambda n: _change(files, track, there[n]), new)
            read = dict(zip(new, found, strict=True))
            changes = {n: read[n] if n in read else changes[n] for n in wanted}
            rows = [(changes[n - 1], changes[n], changes[n + 1]) for n in part]
            for number, told in zip(part, pool.map(_new, rows), strict=True):
                if told is not None:
                    yield number, told


def _new(row: Sequence[TimedResidual | None]) -> NewInFrame | None:
    before, now, after = row
    if before is None or now is None or after is None:
        return None
    return new_in_frame(before, now, after)


def _change(files: ShotFiles, track: FaceTrack, frame: FrameEntry) -> TimedResidual | None:
    """None where the files cannot be read, or the face is outside the plate."""
    face = track.at(frame.number)
    if face is None:
        return None
    crop = square_around(face, files.aspect, _SIDE, _REACH)
    try:
        seen = files.read(frame, crop.region.expand(2))
    except (ReageError, OSError):
        return None
    encoder = Encoder(seen.space, "ACEScct")
    before, after = (
        encoder.encode(np.nan_to_num(crop.sample(picture, seen.region)))
        for picture in (seen.plate, seen.result)
    )
    return TimedResidual(face, crop, after - before)
