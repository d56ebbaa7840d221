"""Face tracks set by hand: faces moved and placed at some frames, eased between them.

What is set at a frame is a **key**: an offset of center, size and roll from the motion that is
there. Between two keys the offset goes from the one to the other as 3t² − 2t³, so that the motion
beneath goes on and nothing jumps. Frames between keys that have no face get one, on the straight
line between those beside them.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from reage.errors import SettingsError, TrackError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.smooth import between, turned
from reage.media.sequence import compact
from reage.pixels.ramps import smoothstep
from reage.shot.edit import Edit, face_set
from reage.shot.tracking import check_name, load_track, save_track


@dataclass(frozen=True)
class _Offset:
    """From one face to another in its place: square px, log of the size's ratio, degrees."""

    x: float = 0.0
    y: float = 0.0
    larger: float = 0.0
    turned: float = 0.0

    @classmethod
    def of(cls, was: FaceFrame, now: FaceFrame) -> _Offset:
        x, y = (b - a for a, b in zip(was.center, now.center, strict=True))
        return cls(x, y, math.log(now.size / was.size), _within(now.degrees - was.degrees))

    def to(self, other: _Offset, share: float) -> _Offset:
        """So far on the way to another; a turn goes the short way."""
        return _Offset(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
            self.larger + (other.larger - self.larger) * share,
            self.turned + _within(other.turned - self.turned) * share,
        )

    def on(self, face: FaceFrame) -> FaceFrame:
        if self == _Offset():
            return replace(face, state="edited")
        return replace(
            face,
            center=(face.center[0] + self.x, face.center[1] + self.y),
            size=face.size * math.exp(self.larger),
            degrees=_within(face.degrees + self.turned),
            state="edited",
        )


def _within(degrees: float) -> float:
    """-180 to 180."""
    return (degrees + 180) % 360 - 180


def edit_track_file(source: Path, target: Path, edits: Sequence[Edit]) -> FaceTrack:
    """Change a track file as `edited` does, and write it to `target`, a *.json."""
    check_name(target)
    track = edited(load_track(source), edits)
    save_track(track, target)
    return track


def edited(track: FaceTrack, edits: Sequence[Edit]) -> FaceTrack:
    """The track with some frames set by hand, and eased between each edit and the next.

    Frames before the first and after the last are left alone; so are those between two frames of
    one edit. Raises TrackError for unknown frames, SettingsError where two edits name one.
    """
    frames = [number for edit in edits for number in edit.frames]
    if lacking := sorted(set(frames) - set(track.frames)):
        raise TrackError(f"The track has no frames {compact(lacking)}.")
    if twice := sorted({n for n in frames if frames.count(n) > 1}):
        raise SettingsError(f"Frames {compact(twice)} are named by more than one --at.")
    there = {n: f for n in track.frames if (f := track.at(n)) is not None}
    keys: dict[int, FaceFrame] = {}
    of: dict[int, Edit] = {}
    for edit in edits:
        for number in () if edit.no_face else edit.frames:
            keys[number], of[number] = face_set(track, there, edit, number), edit
    bases = {**keys, **there}
    changed = dict(track.frames)
    for first, last in pairwise(sorted(keys)):
        if of[first] is not of[last]:
            offsets = {n: _Offset.of(bases[n], keys[n]) for n in (first, last)}
            changed |= _eased(track, bases, offsets)
    changed |= {n: replace(face, key=True) for n, face in keys.items()}
    changed |= {n: FaceFrame.none(n) for edit in edits if edit.no_face for n in edit.frames}
    return replace(track, frames=changed)


def dragged(
    track: FaceTrack,
    frame: int,
    center: tuple[float, float],
    size: float,
    degrees: float,
    looks: tuple[float, float] | None = None,
) -> FaceTrack:
    """The track with the face of one frame as a hand has dragged it, which makes that frame a key.

    center: in the plate's own px. The keys before and after it stay as they are; to a side without
    one, all frames up to the next that has no face move along. A frame without a face gets one,
    and so do all between it and a key with none of their own. looks: yaw and pitch of a placed
    face; those between it and a placed key turn along. Raises TrackError for an unknown frame.
    """
    if frame not in track.frames:
        raise TrackError(f"The track has no frame {frame}; bake or track it first.")
    there = {n: f for n in track.frames if (f := track.at(n)) is not None}
    yaw, pitch = looks or (None, None)
    edit = Edit((frame,), place=center, size=size, degrees=degrees, yaw=yaw, pitch=pitch)
    now = face_set(track, there, edit, frame)
    bases = {frame: now, **there}
    offset = _Offset.of(bases[frame], now)
    offsets = {frame: offset}
    for side in (-1, 1):
        offsets |= _beside(track, there, frame, side, offset)
    changed = _eased(track, bases, offsets) | {frame: replace(now, key=True)}
    kept = {n: there[n] for n in offsets if n != frame and there[n].key}
    for number, face in changed.items():
        key = kept.get(min(offsets) if number < frame else max(offsets))
        if key and number != frame and face.placed:
            changed[number] = turned(face, key, now)
    return replace(track, frames={**track.frames, **changed, **kept})


def _beside(
    track: FaceTrack, there: Mapping[int, FaceFrame], frame: int, side: int, offset: _Offset
) -> dict[int, _Offset]:
    """How far to one side of a dragged frame, -1 or 1, others are moved along, and by what."""
    numbers = sorted((n for n in track.frames if (n - frame) * side > 0), key=lambda n: n * side)
    empty = frame not in there
    for n, number in enumerate(numbers):
        if number in there and there[number].key:
            return {number: _Offset()}
        if (number in there) == empty:  # the run of frames with a face, or of those without, ends
            return {} if empty or n == 0 else {numbers[n - 1]: offset}
    return {} if empty or not numbers else {numbers[-1]: offset}


def _eased(
    track: FaceTrack, bases: Mapping[int, FaceFrame], offsets: Mapping[int, _Offset]
) -> dict[int, FaceFrame]:
    """All frames from the first offset to the last, each moved by what is eased between those
    beside it; frames without a face only beside a placed one."""
    keys, known = sorted(offsets), sorted(bases)
    out: dict[int, FaceFrame] = {}
    for number in sorted(n for n in track.frames if keys[0] <= n <= keys[-1]):
        after = bisect_left(keys, number)
        a, b = keys[max(0, after - 1)], keys[after]
        t = (number - a) / (b - a) if b > a else 0.0
        face = bases.get(number)
        if face is None:
            here = bisect_left(known, number)
            beside = bases[known[here - 1]], bases[known[here]]
            if not any(each.placed for each in beside):
                continue  # a hand moved what was seen; where nothing was, or was to be, none comes
            face = between(*beside, number)
        out[number] = offsets[a].to(offsets[b], smoothstep(t, 0.0, 1.0)).on(face)
    return out
