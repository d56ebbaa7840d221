"""Fingerprints: of files, and of what a baked frame was made from.

A baked file carries a fingerprint in its header: a hash of what its graph said, ages and all, and
one of what the files held that it was made from. It is stale when those that its graph would give
it today are others. A fingerprint that changes too often costs a bake; one that changes too
seldom shows an old face. Paths and times of files are in none, so that the same files on another
mount or machine give the same.
"""

from __future__ import annotations

import glob
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Protocol, TypeVar

from reage.fingerprint import file_fingerprint
from reage.media.patterns import frame_path
from reage_host.exr_header import chunks_vary, string_attribute

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Stat = Callable[[Path], object]
"""What changes when a file does, without reading it: `file_fingerprint`, or `Folders.fingerprint`
where many files are asked for."""

ATTRIBUTE = "reage:mark"
"""Of a header; the engine writes there what a render job's `marks` say."""

UNSEEN = "unseen"
"""Stands for what a file holds whose folder is not on this machine."""

_ENDS = (2, 1 << 16)
_SPREAD = (64, 1 << 20)
"""(number, bytes) of the pieces of a file that are hashed; a smaller file, such as a frame of 4K in
DPX, is hashed whole."""


def hashed(what: object, in_order: bool = True) -> str:
    """32 letters for what JSON can hold. in_order: whatever the order of names in objects."""
    return hashlib.sha256(json.dumps(what, sort_keys=in_order).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class MadeFrom:
    """What pixels come from: of what JSON knows.

    said   by the graph, names of files among it
    files  what each file holds, see `contents`
    """

    said: object = None
    files: tuple[object, ...] = ()

    @classmethod
    def of(cls, said: object, paths: Iterable[Path], stat: Stat = file_fingerprint) -> MadeFrom:
        paths = tuple(paths)
        return cls([said, *(p.name for p in paths)], tuple(contents(p, stat) for p in paths))

    @property
    def seen(self) -> bool:
        """Whether all of its files could be looked at."""
        return UNSEEN not in self.files


@dataclass(frozen=True)
class Sources:
    """What an input's pixels come from at a frame, as its graph says it: no file is looked at yet;
    that takes time on a network, and wants no graph.

    said      by the graph
    patterns  of the files that are read
    frame     None where any of their frames may be
    """

    said: object = None
    patterns: tuple[str, ...] = ()
    frame: int | None = None

    def look(self, stat: Stat = file_fingerprint) -> MadeFrom:
        """With what its files hold."""
        if self.frame is not None:
            return MadeFrom.of(self.said, [frame_path(p, self.frame) for p in self.patterns], stat)
        names, now = [Path(p).name for p in self.patterns], int(time.monotonic())
        return MadeFrom([self.said, names], tuple(_all_frames(p, now) for p in self.patterns))


def looked_at(sources: Sources | None, stat: Stat = file_fingerprint) -> MadeFrom:
    """What an input's files hold; of one that is not connected nothing."""
    return sources.look(stat) if sources else MadeFrom()


@lru_cache(maxsize=64)
def _all_frames(pattern: str, second: int) -> object:
    """As `contents`, for all files of a pattern; looked at once a second at most."""
    path = Path(pattern)
    if not path.parent.is_dir():
        return UNSEEN
    name = path.name.split("%")[0]
    found = sorted(path.parent.glob(f"{glob.escape(name)}*{path.suffix}"))
    return [(p.name, contents(p)) for p in found]


@dataclass(frozen=True)
class Mark:
    """A frame's fingerprint: hashes of what was said, and of what the files hold; whether all of
    these were seen."""

    said: str
    held: str
    seen: bool

    @classmethod
    def of(cls, made_from: MadeFrom) -> Mark:
        return cls(hashed(made_from.said), hashed(made_from.files), made_from.seen)

    def __str__(self) -> str:
        return f"{self.said}{self.held}" + ("" if self.seen else "?")

    def agrees(self, header: str | None) -> bool:
        """Whether a header says the same. Files that were seen when it was written, and are not
        from here, are believed to be what they were."""
        said, held = (header or "")[:32], (header or "")[32:64]
        believed = not self.seen and header is not None and not header.endswith("?")
        return said == self.said and (held == self.held or believed)


class _ByFile(Protocol[T_co]):
    def __call__(self, path: Path, stat: Stat = file_fingerprint) -> T_co: ...


def by_file(size: int) -> Callable[[Callable[[Path], T]], _ByFile[T]]:
    """Makes a function of a file run again only when the file is another; the last `size`
    results are kept."""

    def decorate(read: Callable[[Path], T]) -> _ByFile[T]:
        @lru_cache(maxsize=size)
        def kept(path: Path, fingerprint: object) -> T:
            return read(path)

        @wraps(read)
        def find(path: Path, stat: Stat = file_fingerprint) -> T:
            return kept(path, stat(path))

        return find

    return decorate


def contents(path: Path, stat: Stat = file_fingerprint) -> object:
    """Size and a hash of what a file holds; None where there is none, UNSEEN where its folder
    is not there either."""
    try:
        return _contents(path, stat)
    except OSError:
        return None if path.parent.is_dir() else UNSEEN


@by_file(20_000)
def _contents(path: Path) -> list[object]:
    """Not all of a large file is read: a change inside a compressed EXR moves the chunks after
    it, whose places stand in a table behind the header. Of others pieces all over the file are."""
    number, length = _ENDS if chunks_vary(path) else _SPREAD
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = file.seek(0, 2)
        spread = ((size - length) * k // (number - 1) for k in range(number))
        for start in range(0, size, length) if size <= number * length else spread:
            file.seek(start)
            digest.update(file.read(length))
    return [size, digest.hexdigest()[:32]]


def of_baked(path: Path, stat: Stat = file_fingerprint) -> str | None:
    """The fingerprint that a baked file carries; None where it has none, or is none."""
    try:
        return _in_header(path, stat)
    except OSError:
        return None


@by_file(20_000)
def _in_header(path: Path) -> str | None:
    return string_attribute(path, ATTRIBUTE)
