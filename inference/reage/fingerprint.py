"""What changes when a file does: its size and time, without reading it, or its hash. Standard
library only."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PIECE = 1 << 20


def file_fingerprint(path: Path) -> tuple[int, int] | None:
    """Size in bytes and time of the last change in ns; None where there is no file."""
    try:
        return fingerprint_of_file(path)
    except OSError:
        return None


def fingerprint_of_file(path: Path) -> tuple[int, int]:
    """The same. Raises OSError where the file cannot be looked at."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def sha256_of(path: Path) -> str:
    """Of what is in a file, 64 hex digits. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
