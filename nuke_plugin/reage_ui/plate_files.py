"""Plates on disk as the desktop window opens them: a dropped file becomes a file pattern.

Names are read as the engine reads them: `shot.%04d.exr`, `shot.####.exr`, `shot.@@@@.exr`,
a still, or a movie. Standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from reage.errors import MissingFrames

_TOKEN = re.compile(r"%(?:0(\d+))?d|(#+)|(@+)")
_NUMBERED = re.compile(r"(.*?[._])(\d+)(\.[^.]+)")
_MOVIES = frozenset((".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".avi"))


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
        tokens = list(_TOKEN.finditer(where.name))
        if tokens and not where.is_file():
            return _numbered(where, tokens[-1])
        if not where.is_file():
            raise MissingFrames(f"There is no file {where}.")
        number = _NUMBERED.fullmatch(where.name)
        if where.suffix.lower() in _MOVIES:
            return cls(str(where), where.stem, ())
        if number is None:
            return cls(str(where), where.stem, (1,))
        head, digits, tail = number.groups()
        pattern = where.with_name(f"{head}%0{len(digits)}d{tail}")
        found = _numbered(pattern, list(_TOKEN.finditer(pattern.name))[-1])
        one = found.frames == (int(digits),)
        return replace(found, pattern=str(where)) if one else found

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
        if where.is_file() or not (tokens := list(_TOKEN.finditer(where.name))):
            return where
        return where.with_name(_named(where.name, tokens[-1], frame))

    @property
    def baked(self) -> Path:
        """The folder for what is baked from it."""
        return Path(self.pattern).parent / "reage"


def _numbered(pattern: Path, token: re.Match[str]) -> PlateFiles:
    """The files that a pattern with its padding names."""
    head, tail = pattern.name[: token.start()], pattern.name[token.end() :]
    if not pattern.parent.is_dir():
        raise MissingFrames(f"There is no folder {pattern.parent}.")
    shape = re.compile(f"{re.escape(head)}(\\d+){re.escape(tail)}")
    matches = (shape.fullmatch(entry.name) for entry in pattern.parent.iterdir())
    numbers = sorted({int(m.group(1)) for m in matches if m and _padded(m, pattern.name, token)})
    if not numbers:
        raise MissingFrames(f"There are no frames {pattern}.")
    return PlateFiles(str(pattern), head.rstrip("._- ") or pattern.stem, tuple(numbers))


def _padded(match: re.Match[str], pattern: str, token: re.Match[str]) -> bool:
    """Whether a number is written as the pattern pads it."""
    return match.group(0) == _named(pattern, token, int(match.group(1)))


def _named(pattern: str, token: re.Match[str], frame: int) -> str:
    width, hashes, ats = token.groups()
    digits = int(width) if width else len(hashes or ats or "1")
    return f"{pattern[: token.start()]}{frame:0{digits}d}{pattern[token.end() :]}"
