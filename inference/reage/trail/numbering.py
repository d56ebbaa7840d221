"""Frames' numbers in the names of files that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_NUMBER = re.compile(r"((?<=[._])-\d+|\d+)")

_WORD = re.compile(r"(?:.*[^a-z])?(?:v|age)", re.IGNORECASE | re.DOTALL)
"""What makes the number behind it a version's or a ladder's rung, of three digits at most."""


def numbers_of(names: Sequence[str]) -> list[int]:
    """The one number by which names differ, for each of them; [] where they differ in none, in
    several, or in words: `cam2.0001_v3.exr` is 1 beside `cam2.0007_v3.exr`."""
    parts = [_NUMBER.split(name) for name in names]
    if not parts or len({tuple(each[::2]) for each in parts}) > 1:
        return []
    differ = [i for i in range(1, len(parts[0]), 2) if len({each[i] for each in parts}) > 1]
    return [int(each[differ[0]]) for each in parts] if len(differ) == 1 else []


def grouped(paths: Iterable[Path]) -> list[dict[Path, int | None]]:
    """Files that differ in a frame's number alone, each group in its order, whatever the padding
    and the sign; None is the number of a file that has none, and stands by itself."""
    groups: dict[object, dict[Path, int | None]] = {}
    for path in paths:
        around, number = _around(path)
        groups.setdefault(around if number is not None else path, {})[path] = number
    return [dict(sorted(each.items(), key=_order)) for each in groups.values()]


def _order(item: tuple[Path, int | None]) -> tuple[int, Path]:
    return item[1] or 0, item[0]


def pattern_of(path: Path) -> str:
    """A file's name with its frame's number, which it has, as a pattern."""
    parts, at = _parts(path)
    return str(path.with_name(
        "".join([*parts[:at], f"%0{len(parts[at or 0])}d", *parts[(at or 0) + 1 :]]) + path.suffix
    ))  # fmt: skip


def _around(path: Path) -> tuple[tuple[str, ...], int | None]:
    """The words around a frame's number, and that."""
    parts, at = _parts(path)
    if at is None:
        return (), None
    words = (str(path.parent), *parts[:at], "#", *parts[at + 1 :], path.suffix.lower())
    return words, int(parts[at])


def _parts(path: Path) -> tuple[list[str], int | None]:
    """A name's words and numbers, and which of them is the frame's: the last one that stands
    behind `.` or `_`, else the last; neither a version's nor a rung's."""
    parts = _NUMBER.split(path.stem)
    places = [
        i for i in range(1, len(parts), 2)
        if len(parts[i]) > 3 or not _WORD.fullmatch(parts[i - 1])
    ]  # fmt: skip
    apart = [i for i in places if parts[i - 1][-1:] in (".", "_")]
    return parts, next(reversed(apart or places), None)
