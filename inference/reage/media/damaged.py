"""Damage to a file that the library which decodes it would fill with gray, or tell of on stderr in
words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
"""How they begin."""

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Of a JPEG: no byte of coded data, no fill byte and no restart (ITU-T T.81, B.1.1.2)."""

_CUT_SHORT = "the file ends in the middle of the picture"


def damage(path: Path) -> str:
    """What is wrong with a JPEG or a PNG, all of which is read; "" where nothing is, or for other
    files."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_PNG))
            if head == _PNG:
                return _of_png(memoryview(file.read()))
            if head.startswith(_JPEG):
                return _of_jpeg(head + file.read())
    except OSError:  # whoever reads it tells why
        pass
    return ""


def _of_jpeg(data: bytes) -> str:
    """Whether the picture's own end-of-image marker is there: behind it a file may hold anything,
    as a phone's film, and before it a preview. Segments say their length, coded data goes on to the
    next marker (ITU-T T.81, B.1.1)."""
    at = 2
    while found := _MARKER.search(data, at):
        if found[0] == b"\xff\xd9":
            return ""
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return _CUT_SHORT


def _of_png(data: memoryview) -> str:
    """By the checksums of the chunks that a picture needs (PNG, third edition, 5.3 and 5.4: their
    names begin with a capital)."""
    for name, body, kept in _chunks(data):
        if kept is None:
            return _CUT_SHORT
        if name[:1].isupper() and crc32(body, crc32(name)) != kept:
            return f"its part {name.decode('latin-1')} is not what was written"
        if name == b"IEND":
            return ""
    return _CUT_SHORT


def _chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview, int | None]]:
    """Each with its checksum, None of one that is cut off."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name, body = bytes(data[at + 4 : at + 8]), data[at + 8 : at + 8 + size]
        kept = data[at + 8 + size : at + 12 + size]
        yield name, body, int.from_bytes(kept, "big") if len(kept) == 4 else None
        at += 12 + size
