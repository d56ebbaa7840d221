"""The face track of a graph: beside its layers, kept while what it was made from holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import TrackError
from reage.media import patterns
from reage.pixels.crop_size import face_size
from reage.version import BAKE_FORMAT
from reage_host.fingerprint import by_file, hashed, looked_at
from reage_host.graph import PLATE, GraphAdapter

_HOW, _ALONE = ("how", "colorspace"), "alone "
"""Of the note beside a track: what holds for all frames, and the mark of one followed alone."""


@dataclass(frozen=True)
class Track:
    """A track file as far as a host reads it.

    height: of the plate, px; aspect: width over height of its pixels
    frames: number → its entry; keys: number → a hash of that entry
    face_size: of the whole shot, see `reage.pixels.crop_size`; None without a face
    """

    height: int
    frames: Mapping[int, Mapping[str, Any]]
    keys: Mapping[int, str]
    face_size: int | None
    aspect: float = 1.0


def track_file(layers: str) -> Path:
    """`NODE.%04d.exr` → `NODE.track.json`, as the engine names it."""
    return patterns.beside_all(layers, ".track.json")


def read(path: Path) -> Track | None:
    """The track, or None where there is none that can be read."""
    try:
        return _read(path)
    except (OSError, TrackError, ValueError, KeyError, TypeError):
        return None


@by_file(8)  # with its meshes it holds megabytes
def _read(path: Path) -> Track:
    data = strict_json.load(path, f"the track {path}", TrackError, strict_json.LONG)
    frames = {int(entry["frame"]): entry for entry in data["frames"]}
    keys = {frame: hashed(entry, in_order=False) for frame, entry in frames.items()}
    shot = face_size(e["size"] for e in frames.values() if e["state"] != "none")
    return Track(int(data["height"]), frames, keys, shot, float(data.get("pixel_aspect", 1.0)))


def made_from(graph: GraphAdapter, frames: Sequence[int] = ()) -> dict[str, str]:
    """All that a track depends on: which face, how smooth, the plate of each of `frames`, of all
    where none are named. Reads the graph in `reading`, and files here."""
    which = frames or graph.frames or (0,)  # a movie is one file for all
    how, plates = graph.reading(lambda: (_how(graph), {f: graph.key(PLATE, f) for f in which}))
    looked = {f: looked_at(plate) for f, plate in plates.items()}
    return how | {str(f): hashed([p.said, p.files]) for f, p in looked.items()}


def alone(what: Mapping[str, str]) -> dict[str, str]:
    """What frames that were followed by themselves are made from: the same, and not what a shot's
    track is made of, in which frames beside each other count."""
    return {k: v if k in _HOW else f"{_ALONE}{v}" for k, v in what.items()}


def _how(graph: GraphAdapter) -> dict[str, str]:
    settings = graph.settings(graph.frames[0] if graph.frames else 0)
    squeeze = settings.pixel_aspect or 1.0
    how = hashed([settings.face, settings.smooth, BAKE_FORMAT, *([squeeze] * (squeeze != 1.0))])
    return dict(zip(_HOW, (how, settings.colorspace or ""), strict=True))


def stands(path: Path, wanted: Mapping[str, str]) -> bool:
    """Whether the track there was made from the same, for the same frames or more.

    Edits by hand are kept.
    """
    return path.is_file() and _agrees(_noted(path), wanted)


def others_stand(path: Path, wanted: Mapping[str, str]) -> bool:
    """Whether the track there follows the same face in the same way, whatever its frames hold."""
    return stands(path, {name: wanted[name] for name in _HOW})


def is_of_lone_frames(path: Path, wanted: Mapping[str, str]) -> bool:
    """Whether the track there is of nothing but frames followed by themselves, from the same."""
    noted = _noted(path)
    return path.is_file() and bool(noted) and noted.items() <= alone(wanted).items()


def is_followed(path: Path, graph: GraphAdapter) -> bool:
    """Whether the next bake goes by the track there as far as the settings say; its frames are
    stale otherwise."""
    noted = _noted(path)
    return not noted or _agrees(noted, graph.reading(lambda: _how(graph)))


def followed(graph: GraphAdapter) -> str | None:
    """The track that the next bake goes by, where there is one."""
    path = track_file(graph.layers)
    return path.as_posix() if path.is_file() and is_followed(path, graph) else None


def _agrees(noted: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Older notes say nothing of the colorspace; it is taken to be the same."""
    return wanted.items() <= {"colorspace": wanted["colorspace"], **noted}.items()


def set_aside(path: Path) -> None:
    """Keep a track that was edited by hand, before another is made in its place."""
    found = read(path)
    if found and any(entry.get("state") == "edited" for entry in found.frames.values()):
        patterns.set_aside(path)


def remember(path: Path, what: Mapping[str, str], more: bool = False) -> None:
    """Note beside a track what it was made from; more: in addition to what stands there."""
    noted = {**_noted(path), **what} if more else what
    _beside(path).write_text(json.dumps(noted), encoding="utf-8")


def forget(path: Path) -> None:
    """Delete a track; one that was edited by hand is set aside."""
    set_aside(path)
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def _noted(path: Path) -> Mapping[str, str]:
    """What a track was made from, as it was remembered; empty where nothing is."""
    try:
        noted = _read_note(_beside(path))
    except (OSError, TrackError):
        return {}
    return noted if isinstance(noted, dict) else {}


@by_file(8)
def _read_note(path: Path) -> object:
    return strict_json.load(path, f"the note {path}", TrackError, strict_json.LONG)


def _beside(path: Path) -> Path:
    return path.with_suffix(".from.json")
