"""What lies in a book's folder, which may be other than its entries say: a hand has moved, renamed,
replaced, added or deleted files there, or whoever moved them was stopped on the way.

A file that lies where its entry says, and is of the size and time that are noted, is that entry's;
all others are told by what they hold.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from reage.errors import OutputError
from reage.media.replacing import writer_of
from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.measure import sha256_of

TAKEN, ASIDE, BY_HAND = "photographs", "aside", "by_hand"
"""Folders; the last is the reason of what a hand has put straight into `aside`."""

Key = tuple[str, str]
"""An entry's source and sha256: the same name with other pixels is another photograph."""


def key(entry: Entry) -> Key:
    return entry.source, entry.sha256


def name_of(entry: Entry) -> str:
    return PurePosixPath(entry.file).name


@dataclass(frozen=True)
class OnShelves:
    """entries: as a hand may have moved them; gone: those whose file is nowhere in the book"""

    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...]


_ALIKE: tuple[Callable[[Entry], Hashable], ...] = (
    lambda e: (name_of(e), e.sha256),  # moved
    lambda e: e.sha256,  # renamed
    lambda e: e.file,  # replaced where it was
    name_of,  # moved, with other pixels
)
"""What tells a file that is not where its entry says, from the surest on."""


def on_shelves(book: Book) -> OnShelves:
    """Files that a hand has put into a book are new entries; one that it has put in another's place
    is that one, with other pixels. Raises OutputError where one cannot be read."""
    there = set(_there(book.folder))
    found: dict[int, Entry] = {}
    missing: list[int] = []
    for k, entry in enumerate(book.entries):
        at = [w for w in _places(book, entry) if w in there and holds(book.folder, entry, w)]
        if at:
            there.discard(at[0])
            found[k] = seen(book.folder, replace(entry, file=at[0], was=""))
        else:
            missing.append(k)
    strangers = {where: _stranger(book.folder, where) for where in sorted(there)}
    for same in _ALIKE:
        waiting: dict[Hashable, list[str]] = {}
        for where, stranger in strangers.items():
            waiting.setdefault(same(stranger), []).append(where)
        for k in [k for k in missing if k not in found]:
            if files := waiting.get(same(book.entries[k])):
                found[k] = _taken_up(book.entries[k], strangers.pop(files.pop(0)))
    entries = [found[k] for k in sorted(found)]
    known = {key(e) for e in book.entries} | {key(e) for e in entries}
    for where, stranger in strangers.items():
        named = stranger if key(stranger) not in known else replace(stranger, source=where)
        known.add(key(named))
        entries.append(put(named, where))
    gone = tuple(book.entries[k] for k in missing if k not in found)
    return OnShelves(tuple(entries), gone)


def put(entry: Entry, where: str) -> Entry:
    """An entry whose file a hand has put somewhere in the book."""
    folder, *rest = PurePosixPath(where).parts
    if folder == TAKEN:
        return replace(entry, file=where, was="", hand=TAKEN, aside="", why="")
    reason = rest[0] if len(rest) > 1 else BY_HAND
    why = "A hand has put it here."
    return replace(entry, file=where, was="", hand=ASIDE, aside=reason, why=why)


def _taken_up(entry: Entry, now: Entry) -> Entry:
    """An entry whose file is another than was noted, or elsewhere."""
    known = replace(entry, sha256=now.sha256, size=now.size, changed=now.changed, was="")
    if now.file != entry.file:
        return put(known, now.file)
    in_view = PurePosixPath(now.file).parts[0] == TAKEN
    return replace(known, hand=TAKEN) if in_view else known  # what was aside is judged anew


def _places(book: Book, entry: Entry) -> tuple[str, ...]:
    """Where whoever settled the book may have left an entry's file."""
    return (entry.file, entry.was) if entry.was and not book.settled else (entry.file,)


def holds(folder: Path, entry: Entry, where: str) -> bool:
    """Whether a file of the book is what an entry says. Raises OutputError."""
    path = folder / where
    try:
        now = path.stat()
        if (now.st_size, now.st_mtime_ns // 1000) == (entry.size, entry.changed):
            return True
        return sha256_of(path) == entry.sha256
    except OSError as e:
        raise _unread(path, e) from e


def seen(folder: Path, entry: Entry) -> Entry:
    """With the size and time of its file. Raises OutputError."""
    try:
        now = (folder / entry.file).stat()
    except OSError as e:
        raise _unread(folder / entry.file, e) from e
    return replace(entry, size=now.st_size, changed=now.st_mtime_ns // 1000)


def _stranger(folder: Path, where: str) -> Entry:
    try:
        sha256 = sha256_of(folder / where)
    except OSError as e:
        raise _unread(folder / where, e) from e
    return seen(folder, Entry(where, PurePosixPath(where).name, sha256))


def _unread(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be read: {error.strerror}.")


def _there(folder: Path) -> list[str]:
    """Paths below the book of all files in its shelves; drafts of runs that were killed are taken
    away."""
    out = []
    for shelf in (TAKEN, ASIDE):
        for here, folders, names in os.walk(folder / shelf):
            folders.sort()
            for name in sorted(names):
                path = Path(here) / name
                if writer_of(path):
                    path.unlink(missing_ok=True)
                elif not name.startswith("."):
                    out.append(path.relative_to(folder).as_posix())
    return out
