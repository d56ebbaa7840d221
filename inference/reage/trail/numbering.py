"""Frames' numbers in the names of files that belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_NUMBER = re.compile(r"((?<=[._])-\d+|\d+)")

_LAST = re.compile(r".*[._](-?\d+)")


def last_number(path: Path) -> int | None:
    """The number that a file's name ends on, `d.0012.png`; None where it ends on none."""
    found = _LAST.fullmatch(path.stem)
    return int(found[1]) if found else None


def numbers_of(names: Sequence[str]) -> list[int]:
    """The one number by which names differ, for each of them; [] where they differ in none, in
    several, or in words: `cam2.0001_v3.exr` is 1 beside `cam2.0007_v3.exr`."""
    parts = [_NUMBER.split(name) for name in names]
    if not parts or len({tuple(each[::2]) for each in parts}) > 1:
        return []
    differ = [i for i in range(1, len(parts[0]), 2) if len({each[i] for each in parts}) > 1]
    return [int(each[differ[0]]) for each in parts] if len(differ) == 1 else []
