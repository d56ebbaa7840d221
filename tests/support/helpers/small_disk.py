"""A disk that can be filled: a file system in memory where this user may mount one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """Make `folder` a disk of `size` bytes; gives False, and an ordinary folder, where nobody may
    mount (only root of Linux does)."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = shutil.which("mount") is not None and not subprocess.run(
        mount, capture_output=True
    ).returncode
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def filled(folder: Path, left: int) -> Iterator[None]:
    """While the block runs the disk of this folder has `left` bytes."""
    ballast = folder / ".ballast"
    with ballast.open("wb") as file:
        piece = bytes(1 << 16)
        pieces, rest = divmod(max(0, shutil.disk_usage(folder).free - left), len(piece))
        for _ in range(pieces):
            file.write(piece)
        file.write(bytes(rest))
    try:
        yield
    finally:
        ballast.unlink()
