"""Reads so many mutated files in a process of its own, whose memory is limited:

    python -m helpers.mutate COUNT FOLDER KIND …

COUNT cases of each kind. Ends with the traceback of the first fault. `now` in the folder names the
case, for one that ends the process; its file lies in `case`.
"""

from __future__ import annotations

import random
import resource
import signal
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from helpers.readers import Reader, readers
from reage.errors import ReageError

SECONDS = 20
"""For a case."""

MEMORY = 1 << 30
"""Bytes on top of what the process has when it begins."""

_LONGEST_SENTENCE = 2000


def main(count: int, folder: Path, kinds: Sequence[str]) -> int:
    import av

    av.logging.set_level(av.logging.PANIC)
    warnings.simplefilter("ignore")
    right = folder / "right"
    right.mkdir(exist_ok=True)
    there = readers(right)
    for kind in kinds:  # which are fine; and everything is loaded
        there[kind].read(_put(folder, there[kind].name, there[kind].right))
    _limit()
    for kind in kinds:
        refused, slowest = 0, 0.0
        for number in range(count):
            (folder / "now").write_text(f"{kind} {number}")
            began = time.monotonic()
            refused += _is_refused(there[kind], folder, f"{kind} {number}")
            slowest = max(slowest, time.monotonic() - began)
        print(f"{kind}: {count} cases, {refused} refused, the slowest {slowest:.2f} s", flush=True)
    return 0


def _is_refused(reader: Reader, folder: Path, case: str) -> bool:
    """Whether reading the case's file is refused in a sentence. Raises what else comes of it."""
    path = _put(folder, reader.name, reader.mutate(reader.right, random.Random(case)))
    signal.alarm(SECONDS)
    try:
        reader.read(path)
    except ReageError as e:
        said = str(e)
        assert said and "\n" not in said and len(said) < _LONGEST_SENTENCE, said
        return True
    finally:
        signal.alarm(0)
    return False


def _put(folder: Path, name: str, data: bytes) -> Path:
    """A file of that name alone in a folder."""
    place = folder / "case"
    place.mkdir(exist_ok=True)
    for each in place.iterdir():
        if each.is_file():
            each.unlink()
    path = place / name
    path.write_bytes(data)
    return path


def _limit() -> None:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    used = next(int(line.split()[1]) for line in status if line.startswith("VmData")) << 10
    resource.setrlimit(resource.RLIMIT_DATA, (used + MEMORY, used + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
