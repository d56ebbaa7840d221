"""A finished file takes the place of another, at which somebody may be looking."""

from __future__ import annotations

import time
from pathlib import Path

from reage.errors import FileInUse

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.7)
"""Seconds between tries: two in all, as long as a viewer holds a frame that is passed over."""


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a finished file to `path`, over what stands there.

    Windows refuses that while a program has the file open, as Nuke has the frame in its viewer
    (ERROR_SHARING_VIOLATION and ERROR_ACCESS_DENIED, PermissionError in Python); so it is tried
    for two seconds. Raises FileInUse where that is not enough, OSError for any other reason.
    """
    for wait in (*_WAITS, None):
        try:
            temporary.replace(path)
            return
        except PermissionError as e:
            if not path.is_file():
                raise
            if wait is None:
                raise FileInUse(
                    f"{path} is open in another program, such as a viewer that shows it, and "
                    "cannot be replaced; close it there, or write to other files."
                ) from e
            time.sleep(wait)
