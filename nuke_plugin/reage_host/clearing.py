"""Deletes what a graph has baked."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from reage.media.patterns import frame_path
from reage_host import rungs, track
from reage_host.fingerprint import of_baked
from reage_host.patterns import on_disk, unfinished

_WRITTEN_ON = 3600.0
"""Seconds without a change after which nobody writes a file any more."""


def clear(layers: Iterable[str]) -> str:
    """Delete the files of some patterns that carry a bake's fingerprint, and their face tracks.

    A track that was edited by hand is set aside. Returns a sentence, which names files that
    cannot be deleted.
    """
    deleted, kept = 0, []
    for pattern in layers:
        every = tuple(rungs.by_age(pattern).values())
        for path in (frame_path(each, n) for each in every for n in on_disk(each)):
            if of_baked(path) is None:
                continue
            try:
                path.unlink()
                deleted += 1
            except OSError as e:
                kept.append(f"{path.name} ({e.strerror})")
        for each in every:
            sweep(each, 0.0)
        faces = track.track_file(pattern)
        try:
            track.forget(faces)
        except OSError as e:
            kept.append(f"{faces.name} ({e.strerror})")
    return f"{deleted} files deleted" + (f"; not deleted: {', '.join(kept)}" if kept else "")


def sweep(layers: str, older: float = _WRITTEN_ON) -> None:
    """Delete frames of a pattern that an engine that was killed has left half written."""
    for path in unfinished(layers):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime >= older:
                path.unlink()
