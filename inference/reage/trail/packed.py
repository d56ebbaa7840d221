"""A shot's EXRs in one ZIP, as they are: the same files make the same ZIP."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from reage.errors import OutputError
from reage.media.exr import why_not
from reage.media.replacing import replacing

_LARGE = 1 << 31
"""Bytes from which on an entry is written with longer numbers."""


def has_something_before(file: BinaryIO) -> bool:
    """Whether something stands before a ZIP's first entry: that is in no signature, and those who
    read a ZIP from its begin on unpack it. What is no ZIP is left to whoever reads it next."""
    try:
        with zipfile.ZipFile(file) as packed:
            return min((each.header_offset for each in packed.infolist()), default=0) > 0
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    finally:
        file.seek(0)


def pack(
    path: Path, files: Iterable[Path], seal: Callable[[Path], object], after: Callable[[], object]
) -> None:
    """Write a ZIP of files by their names, without compressing: EXRs are compressed. seal: what is
    done to it before it takes its place; after: called after each file. Raises OutputError, and
    what `seal` does."""
    size = 0
    try:
        with replacing(path) as draft:
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as packed:
                for file in files:
                    size += (large := file.stat().st_size)
                    entry = zipfile.ZipInfo(file.name)  # whose date is 1980, as of all
                    with file.open("rb") as source, packed.open(
                        entry, "w", force_zip64=large >= _LARGE
                    ) as out:
                        shutil.copyfileobj(source, out, 1 << 20)
                    after()
            seal(draft)
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {why_not(path, size, e)}.") from e
