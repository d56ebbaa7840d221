"""A movie that was cut off: where its last whole fragment ends.

A movie is a row of boxes, each with its length and four letters before it (ISO/IEC 14496-12,
4.2). While a take runs, each half second is written as a fragment: `moof`, which says what is in
it, and `mdat`, which holds it. Only a closed movie has one `mdat` for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def trim(path: Path) -> None:
    """Cut half a fragment off a movie's end, so that every frame it speaks of is there.

    A movie that was closed stays as it is. Raises OSError.
    """
    end = whole_end(path)
    if end < path.stat().st_size:
        with path.open("rb+") as file:
            file.truncate(end)


def whole_end(path: Path) -> int:
    """The byte behind the last whole fragment, or behind all of a movie that was closed."""
    ends = [end for kind, end in boxes(path) if kind != b"moof"]  # its head alone is nothing
    return max(ends, default=0)


def boxes(path: Path) -> Iterator[tuple[bytes, int]]:
    """(kind, byte behind it) of each whole box, up to the first that is not."""
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length < 8 or at + length > size:
                return
            at += length
            yield head[4:8], at
