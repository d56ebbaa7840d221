"""What happens in a take, written down while it happens: JSON, one line a frame.

The first line says what holds for the whole take, each further one what came with a frame:

    {"reage_journal": 1, "name": …, "slate": {…}, "about": {…}, "version": …}
    {"frame": 1, "timecode": "10:00:00:00", "settings": {…}, "crop": 512, "delay": 0.12, …}

A frame's line is on its way to the disk before its result is, so a journal is never behind the
re-aged movie. A last line that was cut off is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import OutputError, PlateError
from reage.faces import FaceFrame
from reage.faces.track import track_entry
from reage.media.frames import MOST_FRAMES
from reage.shaped import made
from reage_live.disk import DiskFile
from reage_live.lock import claim, is_claimed
from reage_live.recording import LiveFrame, Slate

NAME = "take.journal.jsonl"
_VERSION = 1


class Journal:
    """A take's journal while the take runs; this process holds it."""

    def __init__(self, folder: Path, head: Mapping[str, Any]) -> None:
        """Raises OutputError where it cannot be made."""
        try:
            self._file = DiskFile(folder / NAME)
            claim(self._file)
            self._put({"reage_journal": _VERSION, **head})
        except OSError as e:
            raise OutputError(f"{folder / NAME} cannot be written: {e.strerror}.") from e
        self._last: dict[str, Any] = {}

    def add(self, number: int, frame: LiveFrame, dropped: int, moves: bool = False) -> None:
        """Note frame `number` of the movies. Numbers between two lines are frames whose result
        repeats the one before; moves: the raw movie goes on meanwhile. dropped: how many the
        recorder has dropped so far. Raises OSError."""
        now = asdict(frame.settings) | {"crop": frame.crop_size}
        moved = {k: v for k, v in now.items() if k not in self._last or self._last[k] != v}
        self._last = now
        entry: dict[str, Any] = {"frame": number, "timecode": frame.timecode.text}
        if "crop" in moved:
            entry["crop"] = moved.pop("crop")
        if moved:
            entry["settings"] = moved
        if moves:
            entry["moves"] = True
        if dropped:
            entry["dropped"] = dropped
        self._put(entry | {"delay": round(frame.delay, 6), "face": _face(frame.face, number)})

    def _put(self, entry: Mapping[str, Any]) -> None:
        self._file.write((json.dumps(entry) + "\n").encode())

    def close(self) -> None:
        self._file.close()


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A journal's head and its frames' lines, whole ones. Raises PlateError."""
    path = folder / NAME
    what, limits = f"the journal {path}", strict_json.LONG
    whole = strict_json.read(path, what, PlateError, limits).split(b"\n")[:-1]
    found = [
        strict_json.loads(line, f"entry {number} of {what}", PlateError, limits)
        for number, line in enumerate(whole, 1)
    ]
    if not found or not isinstance(found[0], dict) or found[0].get("reage_journal") != _VERSION:
        raise PlateError(f"{path} is no journal of a take, or one of another version of ReAge.")
    head, *lines = found
    made(_Head, head, f"{path}, line 1", PlateError)
    before = 0
    for number, line in enumerate(lines, 2):
        frame = made(_Line, line, f"{path}, line {number}", PlateError).frame
        if not before < frame <= MOST_FRAMES or (before == 0 and not frame == 1):
            raise PlateError(f"{path}, line {number}: frame is {frame}, the one before {before}.")
        before = frame
    return head, lines


@dataclass(frozen=True)
class _Head:
    """The first line."""

    reage_journal: int
    slate: Slate
    about: dict[str, Any]
    version: str


@dataclass(frozen=True)
class _Line:
    """Each further one; the first of them has settings and crop."""

    frame: int
    timecode: str
    delay: float
    face: dict[str, Any]
    crop: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    dropped: int = 0
    moves: bool = False


def unfinished(folder: Path) -> bool:
    """Whether a take there has a journal, and so no take file yet."""
    return (folder / NAME).is_file()


def in_use(folder: Path) -> bool:
    """Whether the take there is being recorded right now."""
    return is_claimed(folder / NAME)


def discard(folder: Path) -> None:
    """Delete a journal whose take file stands."""
    (folder / NAME).unlink(missing_ok=True)


def _face(face: FaceFrame | None, number: int) -> dict[str, Any]:
    """The face as a track file's entry has it."""
    found = FaceFrame.none(number) if face is None else replace(face, frame=number)
    return track_entry(found)
