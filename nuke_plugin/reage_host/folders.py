"""Folders as one look at the disk finds them."""

from __future__ import annotations

import os
from pathlib import Path

from reage.media.patterns import as_compared


class Folders:
    """Each folder is listed once, however many of its files are asked for: on Windows a listing has
    their sizes and times, and saves a way to the server for each; elsewhere it names those that
    are not there."""

    def __init__(self) -> None:
        self._known: dict[Path, dict[str, os.DirEntry[str]]] = {}

    def fingerprint(self, path: Path) -> tuple[int, int] | None:
        """As `reage.fingerprint.file_fingerprint`, of the file as it was when it was first asked
        for."""
        folder = path.parent
        if folder not in self._known:
            self._known[folder] = _listed(folder)
        entry = self._known[folder].get(as_compared(path.name))
        try:
            stat = entry.stat() if entry else None
        except OSError:
            return None
        return (stat.st_size, stat.st_mtime_ns) if stat else None


def _listed(folder: Path) -> dict[str, os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return {as_compared(entry.name): entry for entry in entries}
    except OSError:
        return {}
