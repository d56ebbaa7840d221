"""The face track of a node's shot: beside its layers, kept while what it was made from holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reage.crop_size import face_size
from reage.version import __version__
from reage_nuke import pattern


@dataclass(frozen=True)
class Track:
    """A track file as far as Nuke's side reads it.

    frames: number → its entry; keys: number → a hash of that entry
    face_size: of the whole shot, see `reage.crop_size`; None without a face
    """

    path: Path
    width: int
    height: int
    frames: Mapping[int, Mapping[str, Any]]
    keys: Mapping[int, str]
    face_size: int | None


def track_file(layers: str, view: str) -> Path:
    """`NODE.%04d.exr` → `NODE.track.json`, as the engine names it."""
    path = Path(pattern.for_view(layers, view))
    stem = path.name.split("%")[0].rstrip("._") or "face"
    return path.with_name(f"{stem}.track.json")


def read(path: Path) -> Track | None:
    """The track, or None where there is none that can be read."""
    try:
        stat = path.stat()
        return _read(path, stat.st_size, stat.st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=8)
def _read(path: Path, size: int, time: int) -> Track:
    """Read again only when the file is another: with its meshes it holds megabytes."""
    data = json.loads(path.read_text(encoding="utf-8"))
    frames = {int(entry["frame"]): entry for entry in data["frames"]}
    keys = {frame: _hash(entry) for frame, entry in frames.items()}
    shot = face_size(e["size"] for e in frames.values() if e["state"] != "none")
    return Track(path, int(data["width"]), int(data["height"]), frames, keys, shot)


def made_from(plates: Mapping[int, object], face: str, smooth: float) -> dict[str, str]:
    """All that a track depends on: each frame's plate, which face, how smooth."""
    how = {"how": _hash([face, smooth, __version__])}
    return how | {str(frame): _hash(key) for frame, key in plates.items()}


def stands(path: Path, wanted: Mapping[str, str]) -> bool:
    """Whether the track there was made from the same, for the same frames or more.

    Edits by hand are kept.
    """
    try:
        was = json.loads(_beside(path).read_text(encoding="utf-8"))
        return path.is_file() and wanted.items() <= was.items()
    except (OSError, ValueError, AttributeError):
        return False


def set_aside(path: Path) -> Path | None:
    """Where a track that was edited by hand is kept, before another is made in its place."""
    found = read(path)
    if found is None or all(entry.get("state") != "edited" for entry in found.frames.values()):
        return None
    return path.replace(path.with_suffix(".edited.json"))


def remember(path: Path, what: Mapping[str, str]) -> None:
    """Note beside a track what it was made from."""
    _beside(path).write_text(json.dumps(what), encoding="utf-8")


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def _hash(what: object) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


def _beside(path: Path) -> Path:
    return path.with_suffix(".from.json")
