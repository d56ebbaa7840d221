"""A node of the desktop window: one way to re-age one plate, and what of it is baked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from reage.settings import LIVE, SHOWN, Settings
from reage.version import __version__
from reage_ui.exr_header import string_attribute
from reage_ui.host import NodeState
from reage_ui.neighbours import neighbours
from reage_ui.plate_files import PlateFiles

_MARK = "reage:mark"
"""Header attribute that the engine writes for its host."""


@dataclass
class Node:
    """One way to re-age one plate.

    request  the number of what the worker does for it, None while it does nothing
    tracked  what its face track was made from, None while it has none
    """

    name: str
    plate: PlateFiles
    settings: Settings
    request: int | None = None
    tracked: object = None

    def output(self) -> Path:
        return self.plate.baked / f"{self.name}.%04d.exr"

    def file(self, frame: int) -> Path:
        return self.plate.baked / f"{self.name}.{frame:04d}.exr"

    def track(self) -> Path:
        """One for the whole plate, so that a frame baked alone fits the others."""
        return self.plate.baked / f"{self.name}.track.json"

    def to_track(self) -> object:
        """What the face track depends on."""
        files = [_stat(self.plate.file(frame)) for frame in self.plate.frames]
        return (self.settings.face, self.settings.smooth, self.settings.colorspace, files)

    def mark(self, frame: int) -> str:
        """What a frame's header must say to be up to date."""
        settings = {k: v for k, v in asdict(self.settings).items() if k not in LIVE}
        model = self.settings.model and _stat(Path(self.settings.model))
        near = neighbours(frame, self.settings.steady)
        plates = [_stat(self.plate.file(f)) for f in near if f == frame or f in self.plate.frames]
        text = json.dumps([settings, model, plates, __version__])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def standing(self) -> list[int]:
        """Frames that are baked, up to date or not. Those of a movie are counted by their files."""
        if self.plate.frames:
            return [frame for frame in self.plate.frames if self.file(frame).is_file()]
        files = (path.suffixes[-2:] for path in self.plate.baked.glob(f"{self.name}.*.exr"))
        return sorted(int(number[1:]) for number, _ in files if number[1:].isdigit())

    def state(self) -> NodeState:
        there = self.standing()
        # Of a movie nobody knows the frames before it was baked, so they carry no mark.
        fresh = [
            frame for frame in there
            if not self.plate.frames or _mark_of(self.file(frame)) == self.mark(frame)
        ]
        model = self.settings.model
        return NodeState(
            name=self.name,
            values={each.name: getattr(self.settings, each.name) for each in SHOWN},
            baked=len(fresh),
            stale=len(there) - len(fresh),
            missing=max(0, len(self.plate.frames) - len(there)),
            model=Path(model).stem if model else "default model",
            busy=self.request is not None,
        )


def _mark_of(path: Path) -> str | None:
    stat = _stat(path)
    return _read_mark(path, stat) if stat else None


@lru_cache(maxsize=20_000)
def _read_mark(path: Path, stat: tuple[int, int]) -> str | None:
    """The mark in a file's header; read again only when the file is another."""
    try:
        return string_attribute(path, _MARK)
    except OSError:
        return None


def _stat(path: Path) -> tuple[int, int] | None:
    """Size and time of a file: changes when the file does."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
