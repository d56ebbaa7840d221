"""Damage to a file that the library which decodes it would fill with gray, or tell of on stderr in
words of its own."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
"""How they begin."""

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Of a JPEG: no byte of coded data, no fill byte and no restart (ITU-T T.81, B.1.1.2)."""

_NEEDED = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
"""Of a PNG (third edition, 5.6): also where the bit is turned that says so."""

_CUT_SHORT = "the file ends in the middle of the picture"


def damage(path: Path) -> str:
    """What is wrong with a JPEG or a PNG, all of which is read; "" where nothing is, or for other
    files."""
    return _damage(path, b"IEND")


def header_damage(path: Path) -> str:
    """What is wrong with a PNG before its pixels, up to which it is read; "" where nothing is, or
    for other files."""
    return _damage(path, b"IDAT")


def _damage(path: Path, last: bytes) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(len(_PNG))
            if head == _PNG:
                return _of_png(file, last)
            if head.startswith(_JPEG) and last == b"IEND":
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


def _of_png(file: BinaryIO, last: bytes) -> str:
    """By the checksums of the chunks that a picture needs (PNG, third edition, 5.3 and 5.4: their
    names begin with a capital).

    last: where it ends; of IDAT, the pixels, only the head is read"""
    size = os.fstat(file.fileno()).st_size
    while len(head := file.read(8)) == 8:
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if file.tell() + length + 4 > size:
            break
        if not name.isalpha():
            return "one of its parts has a name that is none"
        if name == last == b"IDAT":
            return ""
        body, kept = file.read(length), int.from_bytes(file.read(4), "big")
        needed = name[:1].isupper() or name.upper() in _NEEDED
        if needed and crc32(body, crc32(name)) != kept:
            return f"its part {name.decode('latin-1')} is not what was written"
        if name == last:
            return ""
    return _CUT_SHORT
