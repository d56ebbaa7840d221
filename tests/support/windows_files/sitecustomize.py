"""Python as it is on Windows where another program holds a file: it cannot be replaced.

The other program says that it holds one by a shared lock, as the fake Nuke's Viewer does.
"""

import errno
import fcntl
import os

_replace = os.replace


def replace(old, new, **more):
    try:
        there = os.open(new, os.O_RDONLY)  # pathlib, which keeps os.replace, is not loaded yet
    except FileNotFoundError:
        return _replace(old, new, **more)
    try:
        fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        words = "The process cannot access the file because it is being used by another process"
        raise PermissionError(errno.EACCES, words, os.fspath(new)) from None
    finally:
        os.close(there)
    return _replace(old, new, **more)


os.replace = replace
