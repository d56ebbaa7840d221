"""Files that a take writes: pushed to the disk, and honest about a full one."""

from __future__ import annotations

import os
import shutil
from fractions import Fraction
from pathlib import Path

from reage.errors import OutputError

_BITS_A_PIXEL = 3.6
"""Of ProRes 422 HQ and DNxHR HQX: 176 and 175 Mbit/s at 1920×1080 and 24 frames a second, as
their makers' tables have it (Apple, ProRes White Paper; Avid, DNxHR bandwidth table)."""


class DiskFile:
    """A new file without a buffer of ours. What a write has failed at once fails ever after, so
    that nothing is written behind a gap.

    path     where it lies
    trouble  what went wrong first, or None
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file is there already or cannot be made."""
        self.path = path
        self.name = str(path)
        self.trouble: OSError | None = None
        self._raw = path.open("xb", buffering=0)

    def write(self, data: bytes | memoryview) -> int:
        """All of `data`, or OSError: a full disk takes a part first, and only then says no."""
        rest = memoryview(data).cast("B")
        length = len(rest)
        while rest:
            if self.trouble is not None:
                raise self.trouble
            try:
                rest = rest[self._raw.write(rest) or 0 :]
            except OSError as e:
                self.trouble = e
        return length

    def refuse(self, why: OSError) -> None:
        """Let every further write fail."""
        self.trouble = self.trouble or why

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def sync(self) -> None:
        """Have the disk itself hold what was written: that survives a power cut. Raises OSError."""
        try:
            os.fsync(self._raw.fileno())
        except OSError as e:
            self.trouble = self.trouble or e
            raise

    def close(self) -> None:
        self._raw.close()


def settle(path: Path) -> None:
    """Have the disk hold a file that was written by others. Raises OutputError."""
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e


def free(folder: Path) -> int:
    """Bytes that may still be written there. Raises OSError."""
    return shutil.disk_usage(folder).free


def bytes_a_second(size: tuple[int, int], rate: Fraction) -> float:
    """What the two movies of a take need; `size` in px, `rate` in frames a second."""
    return 2 * _BITS_A_PIXEL / 8 * size[0] * size[1] * float(rate)
