"""The maps of seeds, kept on the disk: to draw one takes seconds, to read it hundredths.

What is kept belongs to this very code on these very libraries; another version draws its own.
A file that is damaged, or a folder that cannot be used, costs those seconds and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np

from reage import home
from reage.errors import FileInUse
from reage.media.replacing import replacing
from reage.pattern.noise import Field
from reage.pixels import ramps

_MOST = 12
"""Patterns that are kept, the last ones used; 12 MiB each."""


def kept(seed: int, shape: tuple[int, ...], draw: Callable[[], Field]) -> Field:
    """The float32 maps of a seed: those on the disk, or what `draw` makes, which are kept then."""
    folder = home.cache()
    if folder is None:
        return draw()
    path = folder / "patterns" / f"{seed}.{_code()}.maps"
    with suppress(OSError, ValueError):
        return _read(path, shape)
    made = draw()
    with suppress(OSError, FileInUse):
        path.parent.mkdir(parents=True, exist_ok=True)
        values = np.ascontiguousarray(made, np.float32).tobytes()
        with replacing(path) as draft:
            draft.write_bytes(crc32(values).to_bytes(4, "big") + values)
        _forget(path.parent)
    return made


def _read(path: Path, shape: tuple[int, ...]) -> Field:
    """Raises OSError, or ValueError where it is damaged."""
    text = path.read_bytes()
    if crc32(text[4:]) != int.from_bytes(text[:4], "big"):
        raise ValueError(f"{path} is damaged")
    os.utime(path)  # used just now
    return np.array(np.frombuffer(text, np.float32, offset=4).reshape(shape))


def _forget(folder: Path) -> None:
    """Delete all but the last ones used."""
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[_MOST:]:
        file.unlink(missing_ok=True)


@cache
def _code() -> str:
    """What draws a pattern: this package, and the libraries' versions."""
    digest = hashlib.sha256(f"{np.__version__} {cv2.__version__}".encode())
    for file in (*sorted(Path(__file__).parent.glob("*.py")), Path(ramps.__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
