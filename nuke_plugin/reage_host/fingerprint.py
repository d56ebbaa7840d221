"""Fingerprints: of files, and of what a baked frame was made from.

A baked file carries a fingerprint in its header: a hash of the plate's pixels, the settings at
that frame, the face's place, the model and the engine. It is stale when the one that its graph
would give it today is another. A fingerprint that changes too often costs a bake; one that
changes too seldom shows an old face.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

from reage.fingerprint import file_fingerprint
from reage_host.exr_header import string_attribute

T = TypeVar("T")

ATTRIBUTE = "reage:mark"
"""Of a header; the engine writes there what a render job's `marks` say."""


def hashed(what: object, in_order: bool = True) -> str:
    """32 letters for what JSON can hold. in_order: whatever the order of names in objects."""
    return hashlib.sha256(json.dumps(what, sort_keys=in_order).encode()).hexdigest()[:32]


def file_key(path: Path) -> list[object]:
    """Path, size and time of a file: changes when the file does. Zeros where there is none."""
    return [path.as_posix(), *(file_fingerprint(path) or (0, 0))]


def by_file(size: int) -> Callable[[Callable[[Path], T]], Callable[[Path], T]]:
    """Makes a function of a file run again only when the file is another; the last `size`
    results are kept."""

    def decorate(read: Callable[[Path], T]) -> Callable[[Path], T]:
        @lru_cache(maxsize=size)
        def kept(path: Path, fingerprint: object) -> T:
            return read(path)

        @wraps(read)
        def find(path: Path) -> T:
            return kept(path, file_fingerprint(path))

        return find

    return decorate


@by_file(16)
def content(path: Path) -> str:
    """A hash of all that is in a file. Raises OSError."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of_baked(path: Path) -> str | None:
    """The fingerprint that a baked file carries; None where it has none, or is none."""
    try:
        return _in_header(path)
    except OSError:
        return None


@by_file(20_000)
def _in_header(path: Path) -> str | None:
    return string_attribute(path, ATTRIBUTE)
