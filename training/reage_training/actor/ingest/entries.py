"""Entries of a book: those that it has, those that it is to have, and what says the age of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from reage_training.actor.book import Entry
from reage_training.actor.ingest import ages, held
from reage_training.actor.ingest.kept import KeptMeasures
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.shelved import Key, OnShelves, key
from reage_training.actor.ingest.tree import PhotoTree


def entries_of(
    tree: PhotoTree, kept: KeptMeasures, shelves: OnShelves
) -> tuple[list[Entry], dict[Key, Path]]:
    """All that the book has or is to have, and where what is new comes from."""
    entries = {key(e): e for e in (*shelves.entries, *shelves.gone)}
    origins: dict[Key, Path] = {}
    for source in tree.sources:
        known = kept.known(source)
        if known is None:
            continue
        found = [(source.name, known.sha256, source.path)] if known.sha256 else []
        for file, sha256 in known.stills:
            frame = int(Path(file).stem.rpartition("_f")[2])
            found.append((f"{source.name}#{frame}", sha256, kept.folder / file))
        for name, sha256, path in found:
            origins[name, sha256] = path
            entries.setdefault((name, sha256), Entry("", name, sha256))
    gone = {key(e) for e in shelves.gone}
    return [e for k, e in entries.items() if k not in gone or k in origins], origins


def aged(
    entries: Sequence[Entry],
    measures: Mapping[str, Measures],
    tree: PhotoTree,
    table: Mapping[str, float],
    born: str,
) -> tuple[list[Entry], tuple[str, ...]]:
    """Entries with what is measured and the age that something says; and ages that are wrong."""
    day = date.fromisoformat(born) if born else None
    here = {source.name for source in tree.sources}
    out, wrong = [], []
    for entry in entries:
        found = measures[entry.sha256]
        said = ages.age_of(entry.source.partition("#")[0], table, found.taken, day)
        if entry.said_by == "hand":
            said = ages.SaidAge(entry.age, "hand")
        elif entry.said_by == "table" and entry.source.partition("#")[0] not in here:
            said = ages.SaidAge(entry.age, "table")  # another tree's
        if said.wrong:
            wrong.append(said.wrong)
        out.append(replace(
            entry, age=said.age, said_by=said.by if said.age is not None else "",
            taken=found.taken, colorspace=found.colorspace, face_px=round(found.face_px, 1),
            detail_px=round(found.detail_px, 1), yaw=round(found.yaw, 1),
            pitch=round(found.pitch, 1),
            light=held.light(found.right, found.down) if found.has_face else "",
            expression=held.expression(found.held) if found.has_face else "",
        ))  # fmt: skip
    if len(wrong) > 3 and sum("before --born" in each for each in wrong) > len(entries) / 4:
        wrong.insert(0, f"Is the date of birth right? --born {born} makes many ages negative.")
    return out, tuple(wrong)
