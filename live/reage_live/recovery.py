"""From a journal and two movies to a take: the way every take is finished, well or not."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from reage.errors import OutputError, PlateError, ReageError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.smooth import between
from reage.settings import Settings, by_todays_names
from reage.shot.tracking import save_track
from reage_live import journal, take
from reage_live.disk import settle
from reage_live.fragments import trim
from reage_live.recording import Slate
from reage_live.salvage import finish_salvage, is_damaged, salvage
from reage_live.take import Delays, Move, Take
from reage_live.take_movie import frames_of
from reage_live.ycbcr import even


def open_take(path: Path) -> Take:
    """A take by its folder or its take file; one that was cut off is recovered first.

    Raises PlateError, or OutputError while it is being recorded.
    """
    folder = path.parent if path.name == take.FILE else path
    return recover(folder) if journal.unfinished(folder) else take.load(folder)


def takes_of(day: Path) -> tuple[list[Take], list[str]]:
    """The takes in a folder in the order of their timecode, and a sentence for each folder
    whose take cannot be opened. Raises PlateError where there is no such folder, or no take."""
    if not day.is_dir():
        raise PlateError(f"There is no folder {day}.")
    found, troubles = [], []
    for folder in sorted(each for each in day.iterdir() if each.is_dir()):
        if not (journal.unfinished(folder) or (folder / take.FILE).is_file()):
            continue
        try:
            found.append(open_take(folder))
        except ReageError as e:
            troubles.append(str(e))
    if not found and not troubles:
        raise PlateError(f"{day} holds no take.")
    return sorted(found, key=lambda t: (t.timecode.count / t.timecode.base, t.name)), troubles


def recover(path: Path, dropped: int = 0) -> Take:
    """Make the take file of a take that was cut off; a finished one is only read.

    The movies are trimmed to whole fragments, and made anew where one is damaged in its midst;
    what is there of them decides how long the take is. dropped: as in `finish`. Raises OutputError
    while it is being recorded or a movie cannot be written, PlateError where nothing can be saved.
    """
    folder = path.parent if path.name == take.FILE else path
    if not journal.unfinished(folder):
        return take.load(folder)
    if journal.in_use(folder):
        raise OutputError(f"{folder} is being recorded right now; stop the take first.")
    head, lines = journal.read(folder)
    lost = _salvaged(folder, head, lines[0]) if lines else frozenset()
    frames = min(map(_whole_frames, _movies(folder)))
    return finish(folder, frames, recovered=True, lost=lost, dropped=dropped)


def finish(
    folder: Path,
    frames: int,
    recovered: bool,
    lost: Collection[int] = frozenset(),
    dropped: int = 0,
) -> Take:
    """Write the take file and the face track, then discard the journal.

    frames: how many both movies hold; lost: which of them repeat others, as theirs were damaged;
    dropped: how many the recorder dropped, of which the journal knows those before its last line.
    Raises PlateError for none, OutputError.
    """
    head, lines = journal.read(folder)
    if not lines or not frames:
        raise PlateError(f"{folder} was cut off in its first second; no frame of it is whole.")
    if recovered:
        frames = min(frames, lines[-1]["frame"])
    lines = [line for line in lines if line["frame"] <= frames]
    try:
        made = _assembled(folder, head, lines, frames, recovered)
        there = {*made.held, *(n for n in lost if n <= frames)}
        made = replace(made, held=tuple(sorted(there)), dropped=max(made.dropped, dropped))
        track = _track(made, lines)
    except (KeyError, TypeError, ValueError, AttributeError) as e:
        raise PlateError(f"{folder / journal.NAME} cannot be understood: {e!r}.") from e
    save_track(track, made.track)
    take.save(made)
    for path in (made.track, folder / take.FILE):
        settle(path)  # before the journal goes
    journal.discard(folder)
    return made


def _movies(folder: Path) -> tuple[Path, Path]:
    return take.raw_path(folder), take.reaged_path(folder)


def _salvaged(
    folder: Path, head: Mapping[str, Any], first: Mapping[str, Any]
) -> frozenset[int]:
    """Make movies with damage in their midst anew; which frames are lost. Raises OutputError,
    PlateError."""
    lost: set[int] = set()
    one, other = _movies(folder)
    for path, twin in ((one, other), (other, one)):
        with suppress(FileNotFoundError, KeyError, TypeError, ValueError):
            finish_salvage(path)
            if is_damaged(path):
                who = f"The journal of the take {folder}"
                about = take.about_from(head["about"], who)
                start = take.timecode_from(first["timecode"], about, who)
                lost |= salvage(path, twin, about, start)
    return frozenset(lost)


def _whole_frames(path: Path) -> int:
    try:
        return frames_of(path) if trim(path) else 0
    except (OSError, av.FFmpegError):  # cut off within its first second
        return 0


def _assembled(
    folder: Path,
    head: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    frames: int,
    recovered: bool,
) -> Take:
    who = f"{folder / journal.NAME}: "
    about = take.about_from(head["about"], who)
    first, delays = lines[0], [line["delay"] for line in lines]
    return Take(
        folder=folder,
        slate=Slate(**head["slate"]),
        about=about,
        version=head["version"],
        timecode=take.timecode_from(first["timecode"], about, who),
        frames=frames,
        settings=Settings(**by_todays_names(first["settings"])),
        moves=tuple(
            Move(n["frame"], by_todays_names(n["settings"])) for n in lines[1:] if "settings" in n
        ),
        crops=tuple((line["frame"], line["crop"]) for line in lines if "crop" in line),
        delays=Delays(
            round(float(np.median(delays)), 6), round(float(np.percentile(delays, 99)), 6)
        ),
        held=tuple(sorted(set(range(1, frames + 1)) - {line["frame"] for line in lines})),
        dropped=max(line.get("dropped", 0) for line in lines),
        recovered=recovered,
    )


def _track(made: Take, lines: Sequence[Mapping[str, Any]]) -> FaceTrack:
    """The face in every frame. Where the raw movie went on while a result was held, the face goes
    straight from one to the next; where it was held as well, so is the face."""
    width, height = even(made.about.size)
    entries = [{**line["face"], "frame": line["frame"]} for line in lines]
    document = {"reage_track": 1, "width": width, "height": height, "frames": entries}
    track = FaceTrack.from_json(json.dumps(document), str(made.track))
    moves = bool(lines[0].get("moves"))
    faces = dict(track.frames)
    for here, after in pairwise([*sorted(track.frames), made.frames + 1]):
        for n in range(here + 1, after):
            faces[n] = _filled(track.at(here), track.at(after), n, moves)
    return replace(track, frames=faces)


def _filled(a: FaceFrame | None, b: FaceFrame | None, number: int, moves: bool) -> FaceFrame:
    """The face in a frame between two."""
    if a is None:
        return FaceFrame.none(number)
    if not moves:
        return replace(a, frame=number)
    return replace(a if b is None else between(a, b, number), frame=number, state="held")
