"""Attributes out of an EXR's header, with the standard library alone.

Layout: OpenEXR file format, technical introduction, "Header": magic number 20000630, version,
then per attribute a name, a type, a length and that many bytes; an empty name ends it.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC = 20000630
_MOST = 1 << 20
"""Bytes of header that are read; ours have a few thousand."""

_FIXED = (b"\x00", b"\x06", b"\x07")
"""NO_COMPRESSION, B44 and B44A, by OpenEXR's `Compression`."""


def string_attribute(path: Path, name: str) -> str | None:
    """The value, or None where the file has no such attribute, is cut short or is no EXR.

    Raises OSError where the file cannot be read.
    """
    found = _attribute(path, name, "string")
    return None if found is None else found.decode("utf-8", "replace")


def chunks_vary(path: Path) -> bool:
    """Whether the file is an EXR whose chunks are as long as what is in them compresses to. False
    where its header cannot be read to there. Raises OSError where the file cannot be read."""
    return (_attribute(path, "compression", "compression") or b"\0") not in _FIXED


def _attribute(path: Path, name: str, kind: str) -> bytes | None:
    with path.open("rb") as file:
        data = file.read(4096)
        found, whole = _search(data, name.encode(), kind.encode())
        if found is None and not whole:
            data += file.read(_MOST)
            found, _ = _search(data, name.encode(), kind.encode())
    return found


def _search(data: bytes, name: bytes, of: bytes) -> tuple[bytes | None, bool]:
    """(the value, whether the header was read to the attribute or to its end)."""
    if len(data) < 8 or struct.unpack_from("<i", data)[0] != _MAGIC:
        return None, True
    at = 8
    while True:
        try:
            end = data.index(b"\0", at)
            if end == at:
                return None, True
            kind = data.index(b"\0", end + 1)
            (size,) = struct.unpack_from("<i", data, kind + 1)
        except (ValueError, struct.error):
            return None, False
        start = kind + 5
        if size < 0:
            return None, True
        if start + size > len(data):
            return None, False
        if data[at:end] == name and data[end + 1 : kind] == of:
            return data[start : start + size], True
        at = start + size
