"""Whether a render's crop fits into this machine's memory, told before the first frame.

The model computes tile by tile, but what goes around it (the picture, the maps of pattern and
ages, the parts, their way back to the plate) is as large as the crop. Standard library and
psutil, so that the doctor can ask as well.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from reage.errors import SettingsError

AT_WORK, WAITING = 250, 60
"""Bytes a pixel of the crop that a frame takes at the model, and one that is read ahead. Measured
with the default model, the peak that `/usr/bin/time -v reage render … --crop-size 2048` prints:
756 MB at 1024 px, 1443 at 2048 for one frame, 1764 for four, which read two ahead, with all
layers."""

_LIMIT, _HELD = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")
"""A container's limit and what it holds (Linux, cgroup v2)."""


def available_memory() -> int:
    """Bytes that this process can have without swapping, or beyond a limit set to it."""
    import psutil

    free = [int(psutil.virtual_memory().available)]
    with suppress(OSError, ValueError):  # "max" is no number
        free.append(int(_LIMIT.read_text()) - int(_HELD.read_text()))
    if sys.platform != "win32":
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            free.append(limit - int(psutil.Process().memory_info().vms))
    return max(0, min(free))


def require_memory(
    side: int, stride: int, jobs: int, ahead: int, frames: int, free: int | None = None
) -> None:
    """Raises SettingsError where frames with a crop of `side` px do not fit, with a side that does.

    stride: of the model, which a side is a multiple of
    jobs: frames at the model at a time; ahead: those read meanwhile; frames: of the whole render
    """
    free = available_memory() if free is None else free
    working = min(jobs, frames)
    each = AT_WORK * working + WAITING * min(ahead, frames - working)
    needed = each * side * side
    if needed <= free:
        return
    fits = int((free / each) ** 0.5) // stride * stride
    raise SettingsError(
        f"--crop-size {side} needs about {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} are "
        f"free. Use --crop-size {max(stride, fits)} or less, or auto"
        + (", or fewer --jobs." if jobs > 1 else ".")
    )
