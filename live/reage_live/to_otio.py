"""A day's takes as an OpenTimelineIO timeline: the raw plates, and the rough versions above."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import opentimelineio as otio

from reage import strict_json
from reage.errors import OutputError
from reage_live.take import Move, Take


def write_timeline(takes: Sequence[Take], path: Path) -> None:
    """Write the takes, in the order given, to an .otio file. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        otio.adapters.write_to_file(timeline(takes, path.stem), str(path))
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e


def timeline(takes: Sequence[Take], name: str) -> Any:
    """A Timeline of OpenTimelineIO: two video tracks, one clip for each take in either.

    A clip's time is the take's timecode. Its moves are markers on the re-aged clip; all that
    the take file says stands under "reage" in the clips' metadata.
    """
    made = otio.schema.Timeline(name)
    if takes:
        made.global_start_time = _time(takes[0], 1)
    for title, which in (("raw", "raw"), ("re-aged", "reaged")):
        track = otio.schema.Track(title, kind=otio.schema.TrackKind.Video)
        track.extend(_clip(take, which) for take in takes)
        made.tracks.append(track)
    return made


def _clip(take: Take, which: str) -> Any:
    duration = otio.opentime.RationalTime(take.frames, float(take.about.rate))
    span = otio.opentime.TimeRange(_time(take, 1), duration)
    movie: Path = getattr(take, which)
    clip = otio.schema.Clip(
        name=take.name,
        media_reference=otio.schema.ExternalReference(movie.resolve().as_uri(), span),
        source_range=span,
        metadata={"reage": {"movie": which, "take": _plain(take)}},
    )
    if which == "reaged":
        clip.markers.extend(_marker(take, move) for move in take.moves)
    return clip


def _marker(take: Take, move: Move) -> Any:
    one = otio.opentime.RationalTime(1, float(take.about.rate))
    return otio.schema.Marker(
        name=", ".join(f"{name} {value}" for name, value in move.values.items()),
        marked_range=otio.opentime.TimeRange(_time(take, move.frame), one),
        color=otio.schema.MarkerColor.YELLOW,
        metadata={"reage": {"frame": move.frame, "values": dict(move.values)}},
    )


def _time(take: Take, frame: int) -> Any:
    """Where a frame of the take stands in its timecode."""
    return otio.opentime.RationalTime(take.timecode.after(frame - 1).count, float(take.about.rate))


def _plain(take: Take) -> Any:
    """The take file as JSON knows it."""
    return strict_json.loads(take.to_json(), "the take", OutputError, strict_json.LONG)
