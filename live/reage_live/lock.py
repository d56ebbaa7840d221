"""Whether a process still writes a file: a lock that ends when the process does, however it
ends. Held by the system, so a crash leaves nothing that must be cleared away."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol


class _File(Protocol):
    def fileno(self) -> int: ...


if sys.platform == "win32":
    import msvcrt
    import os

    _FAR = 1 << 30
    """Beyond what is ever written: a lock there keeps nobody from reading."""

    def claim(file: _File) -> bool:
        """Lock an open file for this process; False where another one has."""
        at = os.lseek(file.fileno(), 0, os.SEEK_CUR)
        os.lseek(file.fileno(), _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file.fileno(), at, os.SEEK_SET)
        return True

else:
    import fcntl

    def claim(file: _File) -> bool:
        """Lock an open file for this process; False where another one has."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def is_claimed(path: Path) -> bool:
    """Whether a process that lives holds the file."""
    with path.open("rb+") as file:
        return not claim(file)
