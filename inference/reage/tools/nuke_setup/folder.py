"""One Nuke folder: ReAge's block put into its init.py, read there, and taken out again.

All errors are `OutputError`: a sentence that names the file. Where one is raised nothing was
changed. Standard library only.
"""

from __future__ import annotations

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
from reage.tools.nuke_setup.block import BlockEntry, find_block, with_block, without_block

INIT = "init.py"


def read(folder: Path) -> tuple[bytes | None, BlockEntry | None]:
    """The init.py's bytes and what ReAge's block in it says; None for what is not there."""
    path = folder / INIT
    with _errors(path, "read"):
        content = path.read_bytes() if path.exists() else None
        return content, find_block(content or b"")


def add(folder: Path, entry: BlockEntry) -> Literal["added", "changed", "kept"]:
    """Put the block into the folder's init.py, or bring the one that it has up to date.

    Makes the file, and the folder where the one above it exists; `entry.made` is set here.
    """
    path, (before, old) = folder / INIT, read(folder)
    made = "" if before is not None else "file" if folder.is_dir() else "folder"
    with _errors(path, "written"):
        after = with_block(before or b"", replace(entry, made=old.made if old else made))
    if after == before:
        return "kept"
    if not folder.parent.is_dir():  # its name may be misspelled
        raise OutputError(
            f"There is no folder {folder.parent}, so {folder.name} was not made in it."
        )
    with _errors(folder, "made"):
        folder.mkdir(exist_ok=True)
    try:
        write(path, after)
    except OutputError:
        if made == "folder":
            folder.rmdir()
        raise
    return "changed" if old else "added"


def remove(folder: Path) -> bool:
    """Take the block out: the file is as it was before, or gone where ReAge made it.

    False where there is no block.
    """
    path, (content, entry) = folder / INIT, read(folder)
    if content is None or entry is None:
        return False
    left = without_block(content)
    if left or not entry.made:
        write(path, left)
        return True
    with _errors(path, "removed"):
        _refuse_read_only(path)
        path.resolve().unlink()
        if entry.made == "folder" and not any(folder.iterdir()):
            folder.rmdir()
    return True


def write(path: Path, content: bytes) -> None:
    """Replace a file in one step; its permissions and owner stay, and a link stays a link."""
    path = path.resolve()
    draft = path.with_name(path.name + ".reage-new")
    with _errors(path, "written"):
        try:
            _refuse_read_only(path)
            draft.write_bytes(content)
            if path.exists():
                shutil.copymode(path, draft)
                if sys.platform != "win32":
                    with suppress(PermissionError):
                        os.chown(draft, path.stat().st_uid, path.stat().st_gid)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise


def _refuse_read_only(path: Path) -> None:
    """Replacing or removing a file needs no right to write it, but its owner meant something."""
    if path.exists() and not path.stat().st_mode & stat.S_IWRITE:
        raise OutputError("It is read-only; make it writable, and run this again.")


@contextmanager
def _errors(path: Path, done: str) -> Iterator[None]:
    """Each error as a sentence that begins with the file's name."""
    try:
        yield
    except OutputError as error:
        raise OutputError(f"{path} was left as it is. {error}") from None
    except OSError as error:
        raise OutputError(
            f"{path} could not be {done}: {error.strerror}. Nothing in it was changed."
        ) from error
