"""Plates on disk as a host without a graph opens them: a dropped file becomes a file pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from reage.errors import MissingFrames, SettingsError
from reage.media.patterns import frame_path, has_frame_token
from reage_host.patterns import head_of, on_disk

_NUMBERED = re.compile(r"(.*?[._])(\d+)(\.[^.]+)")
_MOVIES = frozenset((
    ".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".avi", ".webm", ".mts", ".m2ts", ".ts", ".mpg", ".gif",
))  # fmt: skip


def parse_range(text: str) -> tuple[int, ...]:
    """Frames of `1001-1100, 1200` or `1001-1100x2`, each once; none for "". Raises
    SettingsError."""
    found: dict[int, None] = {}
    for word in filter(None, re.split(r"[\s,]+", text.strip())):
        span = re.fullmatch(r"(-?\d{1,9})(?:-(-?\d{1,9})(?:x(\d{1,6}))?)?", word)
        if span is None:
            raise SettingsError(f"{text!r} is no frame range; write it as 1001-1100 or 1, 5-9.")
        first, last = int(span[1]), int(span[2] or span[1])
        if abs(last - first) > _LONGEST:
            raise SettingsError(f"{text!r} has more than {_LONGEST} frames.")
        step = max(1, int(span[3] or 1))
        found |= dict.fromkeys(range(first, last + 1, step))
    return tuple(found)


_LONGEST = 1_000_000


@dataclass(frozen=True)
class PlateFiles:
    """A plate that can be opened.

    pattern  what a render job names as its plate
    name     what an artist would call it: the file's name without number and ending
    frames   the numbers that are there; () for a movie, which only the engine can count
    """

    pattern: str
    name: str
    frames: tuple[int, ...]

    @classmethod
    def at(cls, path: str) -> PlateFiles:
        """The plate that a pattern or one of its files names. Raises MissingFrames."""
        where = Path(path).absolute()
        if where.is_dir():
            raise MissingFrames(f"{where} is a folder; open a file in it.")
        if has_frame_token(where.name) and not where.is_file():
            return _numbered(where)
        if not where.is_file():
            raise MissingFrames(f"There is no file {where}.")
        if where.suffix.lower() in _MOVIES:
            return cls(str(where), where.stem, ())
        number = _NUMBERED.fullmatch(where.name)
        if number is None:
            return cls(str(where), where.stem, (1,))
        head, digits, tail = number.groups()
        found = _numbered(where.with_name(f"{head}%0{len(digits)}d{tail}"))
        alone = found.frames == (int(digits),)
        return cls(str(where), found.name, found.frames) if alone else found

    def __str__(self) -> str:
        name = Path(self.pattern).name
        if not self.frames:
            return f"{name}, a movie"
        if len(self.frames) == 1:
            return f"{name}, frame {self.first}"
        return f"{name}, {len(self.frames)} frames, {self.first}–{self.last}"

    @property
    def first(self) -> int:
        return self.frames[0] if self.frames else 1

    @property
    def last(self) -> int:
        return self.frames[-1] if self.frames else 999_999

    def file(self, frame: int) -> Path:
        """The file that holds a frame."""
        where = Path(self.pattern)
        return where if where.is_file() else frame_path(self.pattern, frame)


def _numbered(pattern: Path) -> PlateFiles:
    """The files that a pattern with its padding names."""
    if not pattern.parent.is_dir():
        raise MissingFrames(f"There is no folder {pattern.parent}.")
    numbers = on_disk(str(pattern))
    if not numbers:
        raise MissingFrames(f"There are no frames {pattern}.")
    return PlateFiles(str(pattern), head_of(pattern.name).rstrip("._- ") or pattern.stem, numbers)
