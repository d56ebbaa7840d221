"""Where the files of a book lie. What a hand has moved is found, what is decided is moved, and
whoever is stopped on the way is followed by the next run.

A file keeps its name, which no other in the book has; by it, it is found wherever it lies.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from reage.errors import OutputError
from reage.media.replacing import replacing, writer_of
from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.kept import full
from reage_training.actor.ingest.measure import sha256_of

TAKEN, ASIDE, BY_HAND = "photographs", "aside", "by_hand"
"""Folders; the last is the reason of what a hand has put straight into `aside`."""

Key = tuple[str, str]
"""An entry's source and sha256: the same name with other pixels is another photograph."""

_LONGEST, _SPARE = 120, 64 << 20
"""Characters of a name, and bytes of a disk that are left free."""


def key(entry: Entry) -> Key:
    return entry.source, entry.sha256


@dataclass(frozen=True)
class OnShelves:
    """entries: as a hand may have moved them; gone: those whose file is nowhere in the book"""

    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...]


def on_shelves(book: Book) -> OnShelves:
    """What lies in a book's folder, which may be other than its entries say. Files that a hand has
    put there are new entries. Raises OutputError where one cannot be read."""
    there = _there(book.folder)
    entries, gone = [], []
    for entry in book.entries:
        name = PurePosixPath(entry.file).name
        where = there.pop(name, None)
        if where is None:
            gone.append(entry)
        elif where == entry.file or not book.settled:
            entries.append(entry)
        else:
            entries.append(put(entry, where))
    lost = {entry.sha256: entry for entry in gone}
    for name, where in sorted(there.items()):
        try:
            sha256 = sha256_of(book.folder / where)
        except OSError as e:
            raise OutputError(f"{book.folder / where} cannot be read: {e.strerror}.") from e
        known = lost.pop(sha256, None)  # renamed
        if known is not None:
            gone.remove(known)
        entries.append(put(known or Entry(where, name, sha256), where))
    return OnShelves(tuple(entries), tuple(gone))


def put(entry: Entry, where: str) -> Entry:
    """An entry whose file a hand has put somewhere in the book."""
    folder, *rest = PurePosixPath(where).parts
    if folder == TAKEN:
        return replace(entry, file=where, hand=TAKEN, aside="", why="")
    reason = rest[0] if len(rest) > 1 else BY_HAND
    return replace(entry, file=where, hand=ASIDE, aside=reason, why="A hand has put it here.")


def _there(folder: Path) -> dict[str, str]:
    """Name → path below the book, of all files in its shelves; drafts of runs that were killed are
    taken away."""
    out: dict[str, str] = {}
    for shelf in (TAKEN, ASIDE):
        for here, folders, names in os.walk(folder / shelf):
            folders.sort()
            for name in sorted(names):
                path = Path(here) / name
                if writer_of(path):
                    path.unlink(missing_ok=True)
                elif not name.startswith("."):
                    out.setdefault(name, path.relative_to(folder).as_posix())
    return out


def placed(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries with the file where each belongs, as it was put aside or not. New ones, without a
    file, get a name."""
    taken = {PurePosixPath(e.file).name.lower() for e in entries if e.file}
    out = []
    for entry in entries:
        if entry.file and entry.hand:
            out.append(entry)
            continue
        name = PurePosixPath(entry.file).name or _name(entry, taken)
        taken.add(name.lower())
        shelf = f"{ASIDE}/{entry.aside}" if entry.aside else TAKEN
        out.append(replace(entry, file=f"{shelf}/{name}"))
    return tuple(out)


def _name(entry: Entry, taken: Iterable[str]) -> str:
    """A readable one: the path it came by, in one word."""
    source, _, frame = entry.source.partition("#")
    path = PurePosixPath(source)
    stem = "_".join((*path.parts[:-1], path.stem)) + (f"_f{int(frame):06d}" if frame else "")
    stem = re.sub(r'[\x00-\x1f<>:"|?*\\/]', "_", stem).lstrip(".")
    ending = ".png" if frame else path.suffix
    while len(os.fsencode(stem)) > _LONGEST:
        stem = stem[1:]
    name = f"{stem}{ending}"
    if name.lower() not in taken:
        return name
    return f"{stem}_{hashlib.sha256(repr(key(entry)).encode()).hexdigest()[:8]}{ending}"


def settle(
    book: Book,
    origins: Mapping[Key, Path],
    told: Callable[[], object] = lambda: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Book, tuple[Entry, ...]]:
    """Bring every file where its entry says, by a move inside the book or a copy from outside, and
    write the book. origins: files outside, by entry.

    Returns the book, and entries that fell out of it as their file changed or went meanwhile.
    Raises OutputError; the book then goes on where it was left. Where stopped, what is in place is
    in place, and the book says that it is not settled.
    """
    there = _there(book.folder)
    replace(book, settled=False).write()
    _room(book, there, origins)
    kept: list[Entry] = []
    fallen: list[Entry] = []
    for entry in book.entries:
        if stopped():
            return replace(book, settled=False), ()
        ok = _bring(book.folder, entry, there.get(PurePosixPath(entry.file).name), origins)
        (kept if ok else fallen).append(entry)
        told()
    for folder in sorted((book.folder / ASIDE).glob("*")):
        with suppress(OSError):  # not empty, or no folder
            folder.rmdir()
    done = replace(book, entries=tuple(kept), settled=True)
    done.write()
    return done, tuple(fallen)


def _bring(folder: Path, entry: Entry, where: str | None, origins: Mapping[Key, Path]) -> bool:
    """One file to its place; False where there is none."""
    target = folder / entry.file
    if where == entry.file:
        return True
    origin = origins.get(key(entry))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if where is not None:
            (folder / where).replace(target)
            return True
        if origin is None:
            return False
        return _copied(origin, target, entry.sha256)
    except FileNotFoundError:
        return False
    except OSError as e:
        raise full(target, e) from e


def _copied(origin: Path, target: Path, sha256: str) -> bool:
    """Whether a file was copied that still holds what was measured."""
    digest = hashlib.sha256()
    with replacing(target) as draft:
        with origin.open("rb") as given, draft.open("wb") as taking:
            while piece := given.read(1 << 20):
                digest.update(piece)
                taking.write(piece)
        if digest.hexdigest() != sha256:
            draft.unlink()
            raise FileNotFoundError(origin)
        with suppress(OSError):
            shutil.copystat(origin, draft)
    return True


def _room(book: Book, there: Mapping[str, str], origins: Mapping[Key, Path]) -> None:
    """Raises OutputError where the disk has too little room for what is to be copied."""
    needed = 0
    for entry in book.entries:
        origin = origins.get(key(entry))
        if origin is None or PurePosixPath(entry.file).name in there:
            continue
        with suppress(OSError):
            needed += origin.stat().st_size
    free = shutil.disk_usage(book.folder).free - _SPARE
    if needed > free:
        raise OutputError(
            f"The book {book.folder} needs {_bytes(needed)} more, and its disk has "
            f"{_bytes(max(free, 0))} free. What was measured is kept; make room, and give the same "
            "command again."
        )


def _bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
