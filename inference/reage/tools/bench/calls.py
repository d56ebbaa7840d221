"""How often a process asks its file system for something."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

_EVENTS = frozenset((
    "open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove", "os.rmdir",
    "os.link", "os.symlink", "os.truncate", "os.utime", "os.chmod",
))  # fmt: skip
"""What Python tells of by itself."""

_LOOKS = ("stat", "lstat", "access", "readlink")
"""What it does not tell of."""


def count_file_calls() -> Counter[str]:
    """Counts, by name, from now until the process ends. Calls of Python's own code alone: what a
    library in C asks by itself, such as an EXR file's reader, is not seen here."""
    counts: Counter[str] = Counter()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS:
            counts[event] += 1

    sys.addaudithook(hear)
    for name in _LOOKS:
        setattr(os, name, _counted(name, getattr(os, name), counts))
    return counts


def _counted(name: str, call: Callable[..., Any], counts: Counter[str]) -> Callable[..., Any]:
    def counted(*args: Any, **more: Any) -> Any:
        counts[name] += 1
        return call(*args, **more)

    return counted
