"""From a tree of photographs to a book, the whole story.

tree ▶ files that are new, measured ▶ entries with ages ▶ judged ▶ put in place

What is done stays done: measures are kept as they come, files are moved by a book that says that
it is not settled, and a further run goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reage.errors import Cancelled, OutputError, SettingsError
from reage.progress import Countdown, Progress
from reage_training.actor.book import NAME, Book, Entry
from reage_training.actor.ingest import ages, held, judge, shelve
from reage_training.actor.ingest.kept import KeptMeasures
from reage_training.actor.ingest.measure import Measures, sha256_of
from reage_training.actor.ingest.measuring import How, can_tell, measure_all, measure_file
from reage_training.actor.ingest.shelved import Key, OnShelves, key, on_shelves
from reage_training.actor.ingest.tree import PhotoTree, SourceFile, tree_of

_SAVED_EVERY = 10.0
"""Seconds."""


@dataclass(frozen=True)
class Options:
    """photographs: the tree; book: folder; born: ISO date or empty; table: of ages; like: a
    photograph of the actor; stills: of a movie at most; workers: processes; colorspace: of files
    that do not say theirs"""

    photographs: Path
    book: Path
    born: str = ""
    table: Path | None = None
    like: Path | None = None
    stills: int = 24
    workers: int = 2
    colorspace: str | None = None


@dataclass(frozen=True)
class Ingested:
    """The book, where the measures of its photographs are kept, and what there is to say of it, in
    sentences."""

    book: Book
    kept: KeptMeasures
    notices: tuple[str, ...]


def ingest(
    options: Options,
    progress: Callable[[Progress], object] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Ingested:
    """Make a book, or bring one up to date.

    Raises SettingsError for wrong options, a wrong table and a tree without a photograph, FaceError
    where the face networks are missing, OutputError, Cancelled.
    """
    tree = tree_of(options.photographs, options.book)
    before = _book(options)
    if not tree.sources and not before.entries:
        raise SettingsError(
            f"There is no photograph and no movie in {options.photographs}; "
            f"{tree.left} files in it are of other kinds."
        )
    table = _table(options, tree)
    kept = KeptMeasures.open(options.book)
    how = How(kept.folder, options.colorspace, options.stills)
    changed = _measure(tree, kept, how, options.workers, progress, stopped)
    shelves = on_shelves(before)
    entries, origins = _entries(tree, kept, shelves)
    measures = _measures(entries, kept, how, options.book)
    entries, wrong = _aged(entries, measures, tree, table, before.born)
    like = _like(options, how)
    judged = judge.judged(entries, measures, like)
    asked = replace(before, entries=shelve.placed(judged.entries))
    countdown = Countdown("book", len(asked.entries))
    book, fallen = shelve.settle(
        asked, origins, lambda: progress(countdown.next(countdown.done)), stopped
    )
    if not book.settled:
        raise Cancelled("Stopped; the same command goes on.")
    notices = (
        *(f"{name} cannot be read; is it closed to you?" for name in tree.closed),
        *(f"{name} changed or went while it was read; give the command again to take it."
          for name in (*changed, *(e.source for e in fallen))),
        *judged.notices,
        *wrong,
    )  # fmt: skip
    return Ingested(book, kept, notices)


def _book(options: Options) -> Book:
    born = ages.birth(options.born).isoformat() if options.born else ""
    if (options.book / NAME).is_file():
        book = Book.read(options.book)
        return replace(book, born=born or book.born)
    if options.book.exists() and not options.book.is_dir():
        raise OutputError(f"{options.book} is a file; name a folder for the book.")
    return Book(options.book, born)


def _table(options: Options, tree: PhotoTree) -> Mapping[str, float]:
    """Ages by file: of tables in the tree, with the table's folder before each; then `--ages`."""
    out: dict[str, float] = {}
    for path in tree.tables:
        below = path.parent.relative_to(options.photographs).as_posix()
        for name, age in ages.read_table(path).items():
            out[name if below == "." else f"{below}/{name}"] = age
    if options.table is not None:
        out |= ages.read_table(options.table)
    return out


def _measure(
    tree: PhotoTree,
    kept: KeptMeasures,
    how: How,
    workers: int,
    progress: Callable[[Progress], object],
    stopped: Callable[[], bool],
) -> list[str]:
    """Measure what is new. Returns the names of files that changed meanwhile. Raises Cancelled."""
    todo = [s for s in tree.sources if not _is_known(kept, s, how)]
    countdown, changed, saved = Countdown("photographs", len(todo)), [], time.monotonic()
    try:
        for done in measure_all(todo, how, min(workers, len(todo)), stopped):
            if done.known is None:
                changed.append(done.source.name)
            else:
                kept.note(done.known)
            progress(countdown.next(countdown.done))
            if time.monotonic() - saved > _SAVED_EVERY:
                kept.save()
                saved = time.monotonic()
    finally:
        if todo:
            kept.save()
    if stopped():
        raise Cancelled(
            f"Stopped; {countdown.done} of {len(todo)} files were measured and are kept. The same "
            "command goes on."
        )
    return changed


def _is_known(kept: KeptMeasures, source: SourceFile, how: How) -> bool:
    known = kept.known(source)
    if known is None or can_tell(known.lacks, how):
        return False
    if known.sha256:
        return kept.file(known.sha256).is_file()
    if len(known.stills) >= known.most < how.stills:
        return False
    return all(
        kept.file(sha256).is_file() and (kept.folder / file).is_file()
        for file, sha256 in known.stills
    )


def _entries(
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


def _measures(
    entries: Sequence[Entry], kept: KeptMeasures, how: How, book: Path
) -> dict[str, Measures]:
    """By sha256, without what only looks at them take; what a hand has put into the book is
    measured now."""
    out: dict[str, Measures] = {}
    for entry in entries:
        if entry.sha256 not in out:
            found = kept.measures(entry.sha256)
            if found is None and entry.file and (book / entry.file).is_file():
                found = measure_file(book / entry.file, entry.sha256, how)
            found = found or Measures("damaged", "Nothing is known of it.")
            shape = found.shape[:0] if found.identity.size else found.shape
            out[entry.sha256] = replace(found, thumbnail=found.thumbnail[:0], shape=shape)
    return out


def _aged(
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


def _like(options: Options, how: How) -> Measures | None:
    """What was measured of the photograph that says who is meant."""
    if options.like is None:
        return None
    try:
        sha256 = sha256_of(options.like)
    except OSError as e:
        raise SettingsError(f"--like {options.like} cannot be read: {e.strerror}.") from e
    found = measure_file(options.like, sha256, how)
    if not found.has_face:
        raise SettingsError(f"--like {options.like} shows no one face: {found.why}")
    return found
