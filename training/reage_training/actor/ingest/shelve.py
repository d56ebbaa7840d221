"""Files of a book are brought to where they belong; who is stopped on the way is followed by the
next run. Nothing is written over: what is in the way is told.

A file keeps its name, which no other that is not a hand's has.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from reage.errors import OutputError
from reage.media.replacing import replacing
from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.kept import full
from reage_training.actor.ingest.shelved import ASIDE, TAKEN, Key, holds, key, name_of, seen

_LONGEST, _SPARE = 120, 64 << 20
"""Characters of a name, and bytes of a disk that are left free."""


def placed(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries with the file where each belongs, as it was put aside or not, and where it was. New
    ones, without a file, get a name."""
    taken = {name_of(e).lower() for e in entries if e.file}
    held = {e.file.lower() for e in entries if e.file and e.hand}
    out = []
    for entry in entries:
        if entry.file and entry.hand:
            out.append(entry)
            continue
        name = name_of(entry) or _name(entry, taken)
        shelf = f"{ASIDE}/{entry.aside}" if entry.aside else TAKEN
        if f"{shelf}/{name}".lower() in held:
            name = _name(entry, taken)
        taken.add(name.lower())
        file = f"{shelf}/{name}"
        out.append(replace(entry, file=file, was=entry.file if entry.file != file else ""))
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
    replace(book, settled=False).write()
    _room(book, origins)
    kept: list[Entry] = []
    fallen: list[Entry] = []
    for entry in book.entries:
        if stopped():
            return replace(book, settled=False), ()
        if _bring(book.folder, entry, origins):
            kept.append(seen(book.folder, replace(entry, was="")))
        else:
            fallen.append(entry)
        told()
    for folder in sorted((book.folder / ASIDE).glob("*")):
        with suppress(OSError):  # not empty, or no folder
            folder.rmdir()
    done = replace(book, entries=tuple(kept), settled=True)
    done.write()
    return done, tuple(fallen)


def _bring(folder: Path, entry: Entry, origins: Mapping[Key, Path]) -> bool:
    """One file to its place; False where there is none. Raises OutputError."""
    target = folder / entry.file
    origin = origins.get(key(entry))
    try:
        moves = bool(entry.was) and (folder / entry.was).is_file()
        if target.exists():
            if not moves and holds(folder, entry, entry.file):
                return True
            raise OutputError(
                f"{target} is in the way of {entry.source}, which belongs there; move it out of "
                "the book or into another folder of it, and give the same command again."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if moves:
            (folder / entry.was).rename(target)
            return True
        return origin is not None and _copied(origin, target, entry.sha256)
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


def _room(book: Book, origins: Mapping[Key, Path]) -> None:
    """Raises OutputError where the disk has too little room for what is to be copied."""
    needed = 0
    for entry in book.entries:
        origin = origins.get(key(entry))
        if origin is None or any((book.folder / w).is_file() for w in (entry.file, entry.was) if w):
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
