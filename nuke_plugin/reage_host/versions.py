"""The next version of a pattern's files."""

from __future__ import annotations

import re

from reage_host.patterns import head_of

_VERSIONED = re.compile(r"(.*[._]v)(\d+)")


def next_version(pattern: str) -> str:
    """`face.%04d.exr` → `face_v2.%04d.exr`, `face_v012.%04d.exr` → `face_v013.%04d.exr`. Folders
    stay: their versions are the studio's."""
    folder, slash, name = pattern.rpartition("/")
    head = head_of(name)
    stem = head.rstrip("._")
    if found := _VERSIONED.fullmatch(stem):
        following = f"{found[1]}{int(found[2]) + 1:0{len(found[2])}d}"
    else:
        following = f"{stem}_v2"
    return f"{folder}{slash}{following}{name[len(stem) :]}"
