"""Whether the faces are where the render will look for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reage.errors import FaceError
from reage.faces import FaceChoice, FaceFrame, FaceTrack, TrackOptions, reader_of, track_shot
from reage.job import RenderJob
from reage.media.sequence import compact
from reage.shot.footage import Footage
from reage.shot.tracking import open_track, parse_face
from reage.tools.preflight.verdict import Collected

_BESIDE = 0.5
"""Of its size, that a face may lie beside where a track has it."""


def check_face(
    job: RenderJob, footage: Footage, numbers: Sequence[int], who: str, found: Collected
) -> FaceTrack | None:
    """One face in some frames of its plate, or its track beside what those show. Gives the track,
    or where there is none one of these frames alone; None where no face is."""
    parsed = found.of(who, lambda: parse_face(job.settings.face))
    if parsed is None and job.track is None:
        return None
    seen = found.of(who, lambda: _seen(footage, numbers, parsed or FaceChoice()))
    if seen is None:
        return None
    size = footage.header.display
    alone = FaceTrack(size.width, size.height, seen, footage.header.aspect) if seen else None
    if job.track is None:
        _tell(seen, numbers, who, found)
        return alone
    track = found.of(who, lambda: open_track(job, footage))
    if track is not None:
        _compare(job, track, seen, who, found)
    return track or alone


def _seen(footage: Footage, numbers: Sequence[int], choice: FaceChoice) -> dict[int, FaceFrame]:
    """The face in each of these frames by itself; the chosen one in the first, the largest in
    others, as the track would follow it there."""
    faces: dict[int, FaceFrame] = {}
    first = footage.frames[0]
    for number in numbers:
        plate = footage.read(number)[0]
        info = plate.info
        size = (info.display.width, info.display.height)
        chosen = choice if number == first else FaceChoice()
        alone = TrackOptions(sigma=0.0)
        track = track_shot(reader_of(plate), (number,), size, chosen, alone, aspect=info.aspect)
        if face := track.at(number):
            faces[number] = face
    return faces


def _tell(
    seen: dict[int, FaceFrame], numbers: Sequence[int], who: str, found: Collected
) -> None:
    lost = [n for n in numbers if n not in seen]
    count = f"{len(seen)} of {len(numbers)} sampled frames"
    if not seen:
        found.add(
            who, "fail", f"No face was found in any of {len(numbers)} sampled frames, "
            f"{compact(numbers)}.",
            "Point at it with --face X,Y, or draw a box with --face X,Y,WIDTH,HEIGHT.",
            FaceError.exit_code,
        )  # fmt: skip
        return
    sizes = sorted(round(face.size) for face in seen.values())
    high = f"{sizes[0]}" if sizes[0] == sizes[-1] else f"{sizes[0]} to {sizes[-1]}"
    if lost:
        found.add(
            who, "warn", f"A face was found in {count}, and not in {compact(lost)}: where there is "
            "none the plate passes through.",
        )  # fmt: skip
    else:
        found.add(who, "ok", f"found in {count}, {high} px high")


def _compare(
    job: RenderJob, track: FaceTrack, seen: dict[int, FaceFrame], who: str, found: Collected
) -> None:
    """A track may follow a smaller face than the largest, so it is only told where it is away from
    any."""
    apart = []
    for number, face in seen.items():
        held = track.at(number)
        if held is None or _apart(held, face):
            apart.append(number)
    there = sum(track.at(n) is not None for n in track.frames)
    if not there:
        found.add(who, "fail", f"The track {job.track} has no face in any frame.",
                  "Make it anew with `reage track`.", FaceError.exit_code)  # fmt: skip
    elif apart:
        found.add(
            who, "warn", f"The track {job.track} is not at the largest face of the frames "
            f"{compact(apart)}; is it this shot's, and the right face?",
        )  # fmt: skip
    else:
        found.add(who, "ok", f"the track has it in {there} frames, and the plate shows it there")


def _apart(one: FaceFrame, other: FaceFrame) -> bool:
    away = float(np.hypot(*np.subtract(one.center, other.center)))
    return away > _BESIDE * max(one.size, other.size)


def merged(tracks: Sequence[FaceTrack]) -> FaceTrack | None:
    """The largest of several faces in each frame, for what goes by a face's size."""
    if not tracks:
        return None
    frames: dict[int, FaceFrame] = {}
    for track in tracks:
        for number in track.frames:
            face = track.at(number)
            if face and (number not in frames or frames[number].size < face.size):
                frames[number] = face
    return replace(tracks[0], frames=frames)


