"""A movie that was cut off or damaged: which of its fragments are whole.

A movie is a row of boxes, each with its length and four letters before it (ISO/IEC 14496-12,
4.2). While a take runs, each half second is written as a fragment: `moof`, which says what is in
it, and `mdat`, which holds it. Only a closed movie has one `mdat` for all.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = 8
"""Bytes of a box's length and letters."""

_AFTER = (b"moof", b"mdat", b"moov", b"free", b"wide", b"mfra")
"""What may follow a fragment."""

Bytes = bytes | mmap.mmap


@dataclass(frozen=True)
class Fragment:
    """Where it lies in the file: its `moof` from begin to middle, its `mdat` from there to end."""

    begin: int
    middle: int
    end: int

    def text(self, data: Bytes) -> bytes:
        """Both boxes, the length of the second one set right."""
        length = (self.end - self.middle).to_bytes(4, "big")
        body = data[self.middle + _HEAD : self.end]
        return data[self.begin : self.middle] + length + b"mdat" + body


@dataclass(frozen=True)
class Remains:
    """What is there of a movie that was not closed.

    head: byte behind all that stands before the first fragment, or 0 where that is damaged
    damaged: whether something is broken with fragments behind it
    """

    head: int
    fragments: tuple[Fragment, ...]
    damaged: bool


def remains_of(data: Bytes) -> Remains:
    """Only where a box is broken its surroundings are searched; all else is stepped over."""
    found: list[Fragment] = []
    head = _head_end(data)
    at: int | None = head or _next(data, 0)
    damaged = at is not None and not head
    while at is not None and at < len(data):
        here = _fragment(data, at)
        if here is None or not _goes_on(data, here.end):
            after = _next(data, at + _HEAD)
            if after is not None:
                damaged = True
                middle = _middle(data, at)
                here = Fragment(at, middle, after) if middle else None
            at = after
        else:
            at = here.end
        found += [here] if here else []
    return Remains(head, tuple(found), damaged)


def is_closed(path: Path) -> bool:
    """Whether it is an ordinary movie, whole to its end. Raises OSError."""
    found = list(boxes(path))
    kinds = {kind for kind, _ in found}
    return b"moov" in kinds and b"moof" not in kinds and found[-1][1] == path.stat().st_size


def trim(path: Path) -> bool:
    """Cut half a fragment off a movie's end, so that every frame it speaks of is there. Returns
    whether there is a frame.

    What has a whole fragment behind it is never cut off: a damaged movie stays as it is, as does
    one that was closed, and one of which nothing is whole. Raises OSError.
    """
    if is_closed(path):
        return True
    if not path.stat().st_size:
        return False
    with path.open("rb+") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            remains = remains_of(data)
        if remains.head and remains.fragments and not remains.damaged:
            file.truncate(remains.fragments[-1].end)
    return bool(remains.fragments)


def boxes(path: Path) -> Iterator[tuple[bytes, int]]:
    """(kind, byte behind it) of each whole box, up to the first that is not."""
    if path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield from _boxes(data, 0, len(data))


def _boxes(data: Bytes, at: int, size: int) -> Iterator[tuple[bytes, int]]:
    while at + _HEAD <= size:
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length < _HEAD or at + length > size:
            return
        kind, at = data[at + 4 : at + _HEAD], at + length
        yield kind, at


def _head_end(data: Bytes) -> int:
    """Where the first fragment begins, behind a `moov`; 0 where there is none."""
    before, there = 0, False
    for kind, end in _boxes(data, 0, len(data)):
        if kind == b"moof":
            break
        before, there = end, there or kind == b"moov"
    return before if there else 0


def _next(data: Bytes, at: int) -> int | None:
    """Where the next `moof` begins: its first box is `mfhd`."""
    while (found := data.find(b"moof", at)) >= 0:
        if data[found + 8 : found + 12] == b"mfhd" and found >= 4:
            return found - 4
        at = found + 4
    return None


def _middle(data: Bytes, at: int) -> int:
    """The byte behind the `moof` that begins there; 0 where it is none, or its boxes do not fill
    it."""
    end = at + int.from_bytes(data[at : at + 4], "big")
    inside = list(_boxes(data, at + _HEAD, min(end, len(data))))
    whole = data[at + 4 : at + _HEAD] == b"moof" and inside and inside[-1][1] == end
    return end if whole and any(kind == b"traf" for kind, _ in inside) else 0


def _fragment(data: Bytes, at: int) -> Fragment | None:
    middle = _middle(data, at)
    following = next(_boxes(data, middle, len(data)), (b"", 0)) if middle else (b"", 0)
    return Fragment(at, middle, following[1]) if following[0] == b"mdat" else None


def _goes_on(data: Bytes, at: int) -> bool:
    """Whether a box ends there: another begins, or the file is over."""
    return at == len(data) or data[at + 4 : at + _HEAD] in _AFTER
