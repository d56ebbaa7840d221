"""Nuke folders and their init.py files: ReAge's block put in and taken out, and noted where.

Standard library only; install.py calls it before anything is installed. All errors are
`OutputError`: a sentence that names the file. Where one is raised nothing was changed.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from reage.errors import OutputError
from reage.nuke_setup.block import BlockEntry, Made, find_block, with_block, without_block

INIT = "init.py"

# It lies in the checkout, not in the environment, whose loss it must survive.
RECORD = "nuke-folders.json"


USERS = Path("~/.nuke")
"""The user's own Nuke folder; on Windows it is %USERPROFILE%\\.nuke."""


def named(folder: Path) -> Path:
    """The folder that an artist's DIR means."""
    try:
        return folder.expanduser().absolute()
    except RuntimeError:
        raise OutputError(f"{folder} leads nowhere: this user has no home folder.") from None


def known(checkout: Path) -> list[Path]:
    """The user's own Nuke folder, and those that this checkout's install.py was given."""
    found = recorded(checkout)
    with suppress(OutputError):
        found.insert(0, named(USERS))
    return list(dict.fromkeys(found))


def read_entry(folder: Path) -> BlockEntry | None:
    """What ReAge's block in this folder says; None without one."""
    path = folder / INIT
    with _named(path):
        return find_block(_read(path) or b"")


def add(folder: Path, entry: BlockEntry) -> Literal["added", "changed", "kept"]:
    """Put the block into the folder's init.py, or bring the one that it has up to date.

    Makes the file, and the folder where the one above it exists; `entry.made` is set here.
    """
    path = folder / INIT
    before = _read(path)
    with _named(path):
        old = find_block(before or b"")
        entry = replace(entry, made=old.made if old else _to_make(folder, before))
        after = with_block(before or b"", entry)
    if after == before:
        return "kept"
    _make_folder(folder)
    try:
        _write(path, after)
    except OutputError:
        if entry.made == "folder" and old is None:
            folder.rmdir()
        raise
    return "changed" if old else "added"


def remove(folder: Path) -> bool:
    """Take the block out: the file is as it was before, or gone where ReAge made it.

    False where there is no block.
    """
    path = folder / INIT
    before = _read(path)
    with _named(path):
        entry = find_block(before or b"")
    if before is None or entry is None:
        return False
    after = without_block(before)
    if after or not entry.made:
        _write(path, after)
        return True
    try:
        _refuse_read_only(path)
        path.resolve().unlink()
        if entry.made == "folder" and not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise _problem(path, "removed", error) from error
    return True


# ---------------------------------------------------------------- the record


def recorded(checkout: Path) -> list[Path]:
    """The folders into which this checkout's install.py put a block; empty without a record."""
    try:
        names = json.loads((checkout / RECORD).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return []
    names = names if isinstance(names, list) else []
    return [Path(name) for name in names if isinstance(name, str)]


def remember(checkout: Path, folder: Path) -> None:
    """Note the folder. Called before a block goes in, so that none can be forgotten."""
    known = recorded(checkout)
    if folder not in known:
        _write_record(checkout, [*known, folder])


def forget(checkout: Path, folder: Path) -> None:
    """Strike the folder off; the record goes with the last one."""
    known = recorded(checkout)
    if folder in known:
        _write_record(checkout, [f for f in known if f != folder])


def _write_record(checkout: Path, folders: list[Path]) -> None:
    path = checkout / RECORD
    if folders:
        _write(path, json.dumps([str(f) for f in folders], indent=2).encode("ascii"))
    else:
        path.unlink()


# ---------------------------------------------------------------- files


def _to_make(folder: Path, content: bytes | None) -> Made:
    if content is not None:
        return ""
    return "file" if folder.is_dir() else "folder"


def _make_folder(folder: Path) -> None:
    """Make the folder where it is missing, but not those above it: a name may be misspelled."""
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError:
        raise OutputError(
            f"There is no folder {folder.parent}, so {folder.name} was not made in it."
        ) from None
    except OSError as error:
        raise _problem(folder, "made", error) from error


def _read(path: Path) -> bytes | None:
    """The file's bytes; None where it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _problem(path, "read", error) from error


def _write(path: Path, content: bytes) -> None:
    """Replace the file in one step; its permissions and owner stay, and a link stays a link."""
    path = path.resolve()
    draft = path.with_name(path.name + ".reage-new")
    try:
        before = path.stat() if path.exists() else None
        if before:
            _refuse_read_only(path)
        draft.write_bytes(content)
        if before:
            _take_over(before, path, draft)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise _problem(path, "written", error) from error


def _refuse_read_only(path: Path) -> None:
    """Replacing or removing a file needs no right to write it, but its owner meant something."""
    if not path.stat().st_mode & stat.S_IWRITE:
        raise OutputError(f"{path} is read-only; make it writable, and run this again.")


def _take_over(before: os.stat_result, path: Path, draft: Path) -> None:
    """Give the draft the owner, as far as we may, and the permissions of what it replaces."""
    if sys.platform != "win32":
        with suppress(PermissionError):
            os.chown(draft, before.st_uid, before.st_gid)
    shutil.copymode(path, draft)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's name before what its bytes are refused for."""
    try:
        yield
    except OutputError as error:
        raise OutputError(f"{path} was left as it is. {error}") from None


def _problem(path: Path, what: str, error: OSError) -> OutputError:
    return OutputError(f"{path} could not be {what}: {error.strerror}. Nothing in it was changed.")
