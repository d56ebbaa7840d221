"""What changes when a file does, without reading it. Standard library only."""

from __future__ import annotations

from pathlib import Path


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
