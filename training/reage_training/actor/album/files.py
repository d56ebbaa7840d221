"""An album's files: pages that stand, pages that a hand has painted, and what lies beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reage import strict_json
from reage.album import page_files
from reage.errors import OutputError, SettingsError
from reage.media.replacing import replacing
from reage.pattern.file import PatternFile, read_pattern
from reage_training.actor.album.marks import StayingMark
from reage_training.actor.album.reading import FORMAT, Kept
from reage_training.actor.album.shape import shapes
from reage_training.actor.book import Entry

READINGS, SHAPE, MARKS = "readings", "shape.json", "marks.json"

MADE_OF = "reage:pattern_made_of"
"""Of a page's header: a hash of the photographs, their ages and this program's."""

VERSION = 7
"""Another one makes all pages anew."""


def reading_file(album: Path, entry: Entry) -> Path:
    return album / READINGS / f"{entry.sha256}.{FORMAT}.npz"


def look_of(path: Path) -> Path:
    return path.with_suffix(".png")


def pages(album: Path) -> list[Path]:
    return [page.path for page in page_files(str(album))]


def is_painted(path: Path) -> bool:
    page = _opened(path)
    return page is None or page.painted


def _opened(path: Path) -> PatternFile | None:
    try:
        return read_pattern(path, whole=True)
    except SettingsError:
        return None


def standing(
    album: Path, made_of: str, again: bool
) -> tuple[tuple[Path, ...], tuple[Path, ...]] | None:
    """Pages that stand and those that were painted, where nothing else is to be made."""
    there = {path: _opened(path) for path in pages(album)}
    painted = [p for p, page in there.items() if page is None or page.painted]
    stood = [
        p for p, page in there.items()
        if page and not page.painted and page.said.get(MADE_OF) == made_of
    ]  # fmt: skip
    whole_album = _named_before(album, made_of) <= {p.name for p in (*stood, *painted)}
    whole_album = whole_album and bool(there) and (album / SHAPE).is_file()
    if (again and painted) or not whole_album or len(stood) + len(painted) < len(there):
        return None
    return tuple(stood), tuple(painted)


def made_of(read: Sequence[Entry]) -> str:
    what = [VERSION, FORMAT, sorted((e.sha256, e.age) for e in read)]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def age_of(entry: Entry) -> float:
    assert entry.age is not None, "a book's learned_from have ages"
    return entry.age


def write_shapes(album: Path, entries: Sequence[Entry], at: Sequence[float]) -> None:
    kept = [Kept.read(reading_file(album, e)) for e in entries]
    known = [k for k in kept if k is not None]
    ages = [age_of(e) for e, k in zip(entries, kept, strict=True) if k is not None]
    made, spread = shapes(ages, [k.mesh for k in known], [k.facing for k in known], at)
    write_json(album / SHAPE, {
        "format": 1,
        "units": "face units: x right, y down, z away; middle 0, hairline to chin 1; at rest",
        "spread": round(spread, 5),
        "ages": [round(a, 2) for a in at],
        "points": [np.round(m, 5).tolist() for m in made],
    })  # fmt: skip


def said_before(album: Path) -> tuple[tuple[str, ...], tuple[StayingMark, ...]]:
    """Names that disagreed, and marks that stay, as the last run wrote them."""
    try:
        said = strict_json.load(album / MARKS, f"{album / MARKS}", SettingsError)
        return tuple(said["odd"]), tuple(StayingMark(*m) for m in said["marks"])
    except (SettingsError, KeyError, TypeError):
        return (), ()


def _named_before(album: Path, made_of: str) -> set[str]:
    """The pages' names that the last run wrote, if it had the same photographs; else one that no
    page has."""
    try:
        said = strict_json.load(album / MARKS, f"{album / MARKS}", SettingsError)
        return {*said["pages"]} if said["made_of"] == made_of else {""}
    except (SettingsError, KeyError, TypeError):
        return {""}


def write_json(path: Path, what: object) -> None:
    try:
        with replacing(path) as draft_file:
            draft_file.write_text(json.dumps(what), encoding="utf-8")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e
