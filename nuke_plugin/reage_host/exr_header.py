"""String attributes out of an EXR's header, with the standard library alone.

Layout: OpenEXR file format, technical introduction, "Header": magic number 20000630, version,
then per attribute a name, a type, a length and that many bytes; an empty name ends it.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC = 20000630
_MOST = 1 << 20
"""Bytes of header that are read; ours have a few thousand."""


def string_attribute(path: Path, name: str) -> str | None:
    """The value, or None where the file has no such attribute, is cut short or is no EXR.

    Raises OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(4096)
        found, whole = _search(data, name.encode())
        if found is None and not whole:
            data += file.read(_MOST)
            found, _ = _search(data, name.encode())
    return found


def _search(data: bytes, name: bytes) -> tuple[str | None, bool]:
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
        if data[at:end] == name and data[end + 1 : kind] == b"string":
            return data[start : start + size].decode("utf-8", "replace"), True
        at = start + size
