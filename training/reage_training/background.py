"""Work that steps aside for whatever else the machine has to do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOWEST = 19
"""Of Unix's niceness: such a process gets a core that nobody else wants."""

_AUTOGROUP, _THREADS = Path("/proc/self/autogroup"), Path("/proc/self/task")


@contextmanager
def background() -> Iterator[str]:
    """Inside: this process has the lowest priority. Gives a sentence that says what was done.

    Linux shares a core between sessions first, and heeds niceness only within one; so the
    session's own is lowered too, and with it all that runs in the same terminal, and set back
    afterwards. The process's own cannot be set back. Where a system has none of this, nothing
    happens.
    """
    nice = _lowered()
    before = _session()
    session = before is not None and _set_session(LOWEST)
    done = [f"nice {LOWEST}"] * nice + [f"its session's too, which was {before}"] * session
    try:
        yield f"In the background: {', '.join(done) or 'this system has no such thing'}."
    finally:
        if session and before is not None:
            _set_session(before)


def _lowered() -> bool:
    """Lower all threads there are; those to come are like the one that makes them."""
    if not hasattr(os, "nice"):
        return False
    os.nice(LOWEST)
    if _THREADS.is_dir():  # on Linux niceness is a thread's
        for thread in _THREADS.iterdir():
            with suppress(ProcessLookupError):  # it has ended since
                os.setpriority(os.PRIO_PROCESS, int(thread.name), LOWEST)
    return True


def _session() -> int | None:
    """Niceness of the session; None where the kernel has none."""
    try:
        found = re.search(r"nice (-?\d+)", _AUTOGROUP.read_text(encoding="ascii"))
    except OSError:
        return None
    return int(found[1]) if found else None


def _set_session(niceness: int) -> bool:
    """Whether it could be set. The kernel may refuse, or ask to wait."""
    try:
        _AUTOGROUP.write_text(str(niceness), encoding="ascii")
    except OSError:
        return False
    return _session() == niceness
