"""A finished file takes the place of another, at which somebody may be looking."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from reage.errors import FileInUse, OutputError

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.7)
"""Seconds between tries: two in all, as long as a viewer holds a frame that is passed over."""

WRITER = uuid4().hex[:8]
"""This process, in the names of its drafts: who dies in mid-write leaves one, and the next render
knows by it whose it was."""

_DRAFT = re.compile(r"\.(?P<stem>.+)\.(?P<writer>[0-9a-f]{8})[0-9a-f]{4}\.\w+")

_LONGEST = 200
"""Bytes of a draft's name that are the file's own; file systems take 255."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A hidden draft beside `path`, which takes its place when the block has written it; where the
    block raises, nothing of it stays. Raises as `put_in_place` does."""
    draft = draft_of(path)
    try:
        yield draft
        put_in_place(draft, path)
    finally:
        _delete([draft])


@contextmanager
def replacing_all(paths: Collection[Path]) -> Iterator[Mapping[Path, Path]]:
    """The same for files that belong together: all of them take their places, or what stood there
    stands again. The first comes last and what stood there goes first, so that who is killed in
    between leaves none at that path. Raises as `put_in_place` does."""
    drafts = {path: draft_of(path) for path in paths}
    try:
        yield drafts
        _swap(drafts)
    finally:
        _delete(drafts.values())


def _swap(drafts: Mapping[Path, Path]) -> None:
    before = {path: draft_of(path) for path in drafts if path.exists()}
    with ExitStack() as undo:
        for path, old in before.items():
            _rename(path, old, path)
            undo.callback(put_in_place, old, path)
        for path, draft in reversed(list(drafts.items())):
            put_in_place(draft, path)
            if path not in before:
                undo.callback(path.unlink)
        undo.pop_all()
    _delete(before.values())


def _delete(files: Collection[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """A file in UTF-8, its lines ended alike everywhere, whole or not at all; its folder is made.
    Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8", newline="\n")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror or e}.") from e


def require_room_for(path: Path) -> None:
    """Raises OutputError where no file could be written to `path`: before what would be spoiled
    by that at its end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.exists()  # tells of a name that is too long
        draft = draft_of(path)
        draft.touch()
        draft.unlink()
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror or e}.") from e


def draft_of(path: Path) -> Path:
    """A hidden name of the same kind, in the same folder, that nobody else writes to."""
    return path.with_name(f".{_stem(path)}.{WRITER}{uuid4().hex[:4]}{path.suffix}")


def writer_of(draft: Path) -> str:
    """Which process a file is a draft of; "" where it is none."""
    found = _DRAFT.fullmatch(draft.name)
    return found["writer"] if found else ""


def is_draft_of(draft: Path, path: Path) -> bool:
    """Whether a file is a draft of `path`, by whichever process."""
    found = _DRAFT.fullmatch(draft.name)
    return found is not None and found["stem"] == _stem(path) and draft.suffix == path.suffix


def _stem(path: Path) -> str:
    stem = path.stem
    while len(os.fsencode(stem)) > _LONGEST:
        stem = stem[:-1]
    return stem


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a finished file to `path`, over what stands there.

    Windows refuses that while a program has the file open, as Nuke has the frame in its viewer
    (ERROR_SHARING_VIOLATION and ERROR_ACCESS_DENIED, PermissionError in Python); so it is tried
    for two seconds. Raises FileInUse where that is not enough, OSError for any other reason.
    """
    _rename(temporary, path, path)


def _rename(old: Path, new: Path, used: Path) -> None:
    """used: the one of both that a program may have open"""
    for wait in (*_WAITS, None):
        try:
            old.replace(new)
            return
        except PermissionError as e:
            if not used.is_file():
                raise
            if wait is None:
                raise FileInUse(
                    f"{used} is open in another program, such as a viewer that shows it, and "
                    "cannot be replaced; close it there, or write to other files."
                ) from e
            time.sleep(wait)
