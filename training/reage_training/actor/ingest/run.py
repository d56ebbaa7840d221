"""From a tree of photographs to a book, the whole story.

tree ▶ files that are new, measured ▶ entries with ages ▶ judged ▶ put in place

What is done stays done: measures are kept as they come, files are moved by a book that says that
it is not settled, and a further run goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reage.errors import Cancelled, OutputError, SettingsError
from reage.progress import Countdown, Progress
from reage_training.actor.book import NAME, Book, Entry
from reage_training.actor.ingest import ages, judge, shelve
from reage_training.actor.ingest.entries import aged, entries_of
from reage_training.actor.ingest.kept import KeptMeasures
from reage_training.actor.ingest.measure import Measures, sha256_of
from reage_training.actor.ingest.measuring import How, can_tell, lacks, measure_all
from reage_training.actor.ingest.shelved import on_shelves
from reage_training.actor.ingest.tree import PhotoTree, SourceFile, tree_of

_SAVED_EVERY = 10.0
"""Seconds."""


@dataclass(frozen=True)
class Options:
    """photographs: the tree; book: folder; born: ISO date or empty; table: of ages; like: a
    photograph of the actor; stills: of a movie at most; workers: processes, 0 for this one alone,
    which a damaged file may then end; colorspace: of files that do not say theirs"""

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
    entries, origins = entries_of(tree, kept, shelves)
    measures = _measures(entries, kept, how, options, stopped)
    entries, wrong = aged(entries, measures, tree, table, before.born)
    like = _like(options, kept, how, stopped)
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


def _measures(
    entries: Sequence[Entry], kept: KeptMeasures, how: How, options: Options,
    stopped: Callable[[], bool],
) -> dict[str, Measures]:  # fmt: skip
    """By sha256, without what only looks at them take; what a hand has put into the book is
    measured now. Raises Cancelled."""
    out: dict[str, Measures] = {}
    new: dict[str, Path] = {}
    for entry in entries:
        if entry.sha256 in out:
            continue
        found = kept.measures(entry.sha256)
        if entry.file and (found is None or can_tell(lacks(found), how)):
            new[entry.sha256] = options.book / entry.file
        out[entry.sha256] = _slim(found)
    _look(list(new.values()), how, options.workers, stopped)
    return out | {sha256: _slim(kept.measures(sha256)) for sha256 in new}


def _slim(found: Measures | None) -> Measures:
    found = found or Measures("damaged", "Nothing is known of it.")
    shape = found.shape[:0] if found.identity.size else found.shape
    return replace(found, thumbnail=found.thumbnail[:0], shape=shape)


def _look(
    files: Sequence[Path], how: How, workers: int, stopped: Callable[[], bool]
) -> None:
    """Measure single files. Raises Cancelled."""
    sources = [s for path in files if (s := SourceFile.of(path, path.name))]
    for _ in measure_all(sources, how, min(workers, len(sources)), stopped):
        pass
    if stopped():
        raise Cancelled("Stopped; the same command goes on.")


def _like(
    options: Options, kept: KeptMeasures, how: How, stopped: Callable[[], bool]
) -> Measures | None:
    """What was measured of the photograph that says who is meant."""
    if options.like is None:
        return None
    try:
        sha256 = sha256_of(options.like)
    except OSError as e:
        raise SettingsError(f"--like {options.like} cannot be read: {e.strerror}.") from e
    _look([options.like], how, options.workers, stopped)
    found = kept.measures(sha256)
    if found is None or not found.has_face:
        why = "it changed while it was read." if found is None else found.why
        raise SettingsError(f"--like {options.like} shows no one face: {why}")
    return found
