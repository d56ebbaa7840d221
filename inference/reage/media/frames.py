"""Frame numbers: ranges, and file names that hold them.

A pattern names a frame with `%04d`, `####` or `@@@@` (one sign per digit, as in Nuke) in
the file's name. Ranges are written `1001-1100x2,1200`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fileseq import FrameSet, framesToFrameRange
from fileseq.exceptions import FileSeqException

from reage.errors import SettingsError


def parse_frames(text: str) -> tuple[int, ...]:
    """Numbers of a range such as `1001-1100x2,1200`, in that order, each once.

    Raises SettingsError.
    """
    try:
        numbers = tuple(FrameSet(text))
    except (FileSeqException, ValueError):
        numbers = ()
    if not numbers or not all(isinstance(n, int) for n in numbers):
        raise SettingsError(f"{text!r} is no frame range; write it as 1001-1100, 1-9x2 or 1,5,9.")
    return numbers


def compact(frames: Iterable[int]) -> str:
    """Frame numbers in a few words: "1004, 1010-1012"."""
    return str(framesToFrameRange(sorted(frames), sort=False, compress=False)).replace(",", ", ")


def has_frame_token(pattern: str | Path) -> bool:
    """Whether the pattern's file name has a place for the frame number."""
    return _split(Path(pattern).name) is not None


def frame_path(pattern: str | Path, frame: int) -> Path:
    """The pattern with the frame's number in it; a pattern without a token as it is."""
    where = Path(pattern)
    parts = _split(where.name)
    return where if parts is None else where.with_name(parts.name(frame))


def frame_paths(pattern: str | Path, frames: Iterable[int]) -> dict[int, Path]:
    """Where each frame goes; no two go to the same file.

    Raises SettingsError for several frames and a pattern without a token.
    """
    numbers = tuple(frames)
    if len(numbers) > 1 and not has_frame_token(pattern):
        raise SettingsError(
            f"{pattern} has no place for a frame number, and there are {len(numbers)} frames; "
            f"write it as {with_token(Path(pattern))}."
        )
    return {n: frame_path(pattern, n) for n in numbers}


def on_disk(pattern: Path) -> frozenset[int]:
    """Numbers of the files that the pattern, with its padding, would name."""
    parts = _split(pattern.name)
    if parts is None:
        return frozenset()
    number = re.compile(f"{re.escape(_case(parts.head))}(-?\\d+){re.escape(_case(parts.tail))}")
    found = (number.fullmatch(_case(e.name)) for e in os.scandir(pattern.parent))
    matches = ((int(m.group(1)), m.group(0)) for m in found if m)
    return frozenset(n for n, name in matches if _case(parts.name(n)) == name)


def _case(name: str) -> str:
    """The name as the file system compares it."""
    return os.path.normcase(name)


def with_token(path: Path) -> str:
    """The path with a frame number's place in it, for messages that show how."""
    stem = re.sub(r"[._]\d+$", "", path.stem)
    return str(path.with_name(f"{stem}.%04d{path.suffix}"))


_TOKEN = re.compile(r"%(?:0(\d+))?d|(#+)|(@+)")


@dataclass(frozen=True)
class _Parts:
    """A file name around its frame number."""

    head: str
    digits: int
    tail: str

    def name(self, frame: int) -> str:
        return f"{self.head}{frame:0{self.digits}d}{self.tail}"


def _split(name: str) -> _Parts | None:
    """The name around its last token; None where it has none."""
    tokens = list(_TOKEN.finditer(name))
    if not tokens:
        return None
    last = tokens[-1]
    width, hashes, ats = last.groups()
    digits = int(width) if width else len(hashes or ats or "1")
    return _Parts(name[: last.start()], digits, name[last.end() :])
