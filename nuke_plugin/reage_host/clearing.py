"""Deletes what a graph has baked."""

from __future__ import annotations

from collections.abc import Iterable

from reage_host import track
from reage_host.fingerprint import of_baked
from reage_host.patterns import for_frame, on_disk


def clear(layers: Iterable[str]) -> str:
    """Delete the files of some patterns that carry a bake's fingerprint, and their face tracks.

    A track that was edited by hand is set aside. Returns a sentence, which names files that are
    in use.
    """
    deleted, kept = 0, []
    for pattern in layers:
        for path in (for_frame(pattern, n) for n in on_disk(pattern)):
            if of_baked(path) is None:
                continue
            try:
                path.unlink()
                deleted += 1
            except OSError as e:
                kept.append(f"{path.name} ({e.strerror})")
        track.forget(track.track_file(pattern))
    return f"{deleted} files deleted" + (f"; in use: {', '.join(kept)}" if kept else "")
