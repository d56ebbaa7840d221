"""What a claim says: who renders, or delivers, which frames. See `claiming`."""

from __future__ import annotations

import getpass
import json
import os
import socket
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

import psutil

from reage import strict_json
from reage.errors import OutputError
from reage.media.frames import compact
from reage.media.patterns import as_compared, frame_path, has_frame_token
from reage.media.replacing import WRITER

_LARGEST = 1 << 20
"""Bytes of a claim that are read."""


@dataclass(frozen=True)
class Claim:
    """What a claim's file says, as JSON. Words that it does not know, of a later version, are
    passed over; versions before `reads` know no claim that has another word than theirs.

    id:     of this claim; writer: of the process, as its drafts have it
    output: file name or pattern, without folder; runs: first and last frame of each run
    host, place, pid, user: who. place tells machines and containers of one name apart
    since:  when it began, with its time zone; for people
    holds:  whether it has looked about and found nobody; before, the one with the lower id goes on
    reads:  whether it is a delivery's, on layers that it reads: of those several go on side by side
    """

    id: str
    writer: str
    output: str
    runs: tuple[tuple[int, int], ...]
    host: str
    place: str
    pid: int
    user: str
    since: str
    holds: bool = False
    reads: bool = False

    @classmethod
    def of(cls, output: str | Path, frames: Mapping[int, Path], reads: bool = False) -> Claim:
        """This process's, of these frames."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        who = (socket.gethostname(), _place(), os.getpid(), _user())
        runs = _runs(sorted(frames))
        return cls(uuid.uuid4().hex[:8], WRITER, Path(output).name, runs, *who, now, reads=reads)

    @classmethod
    def read(cls, path: Path) -> tuple[Claim | None, float]:
        """What stands there, and when it was touched; None for what is no claim, such as one that
        is being written: its render has not looked about yet, and will. Raises OSError."""
        with path.open("rb") as file:  # opening asks a file server anew, where a stat may not
            touched = os.fstat(file.fileno()).st_mtime
            text = file.read(_LARGEST)
        try:
            said = strict_json.loads(text, "the claim", OutputError)
            runs = tuple((int(first), int(last)) for first, last in said.pop("runs"))
            claim = cls(runs=runs, **{word: said[word] for word in _WORDS & said.keys()})
        except (OutputError, ValueError, TypeError, KeyError, AttributeError):
            return None, touched
        words = (claim.id, claim.writer, claim.output, claim.host, claim.place, claim.user)
        sound = all(isinstance(word, str) for word in words) and isinstance(claim.pid, int)
        return (claim if sound else None), touched

    def text(self) -> str:
        """As long whether it holds or not. `reads` stands only where it is so, see the class."""
        said = {**asdict(self), "holds": int(self.holds)}
        if not self.reads:
            del said["reads"]
        return json.dumps(said)

    def covers(self, number: int, path: Path) -> bool:
        """Whether that frame's file is among those that it writes."""
        mine = frame_path(self.output, number).name
        if as_compared(mine) != as_compared(path.name):
            return False
        return not has_frame_token(self.output) or any(a <= number <= b for a, b in self.runs)

    @property
    def here(self) -> bool:
        """Whether its process is one of this machine's, or was."""
        return self.place == _place()

    def gone(self) -> bool:
        """Whether its process was one of this machine's and is no more."""
        if not self.here:
            return False
        try:
            return bool(psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False

    def sentence(self, frames: list[int], output: str | Path) -> str:
        """Why `frames` cannot be written, or read."""
        how, stop = ("delivered", "delivery") if self.reads else ("rendered", "render")
        runs = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in self.runs)
        return (
            f"Frames {compact(frames)} of {output} are being {how} by {self.user} on "
            f"{self.host} (process {self.pid}, frames {runs}, since "
            f"{self.since.replace('T', ' ')}); wait for that {stop} or stop it, or take other "
            "frames or another place."
        )


_WORDS = {field.name for field in fields(Claim)}


def _runs(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    """Sorted numbers as first and last of each run."""
    grouped = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    runs = ([number for _, number in group] for _, group in grouped)
    return tuple((run[0], run[-1]) for run in runs)


@cache
def _place() -> str:
    """This machine since its start, and within it the container: process numbers mean something
    only here. Linux says both by itself; there `uuid.getnode` would open a socket."""
    with suppress(OSError):
        started = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{started} {Path('/proc/self/ns/pid').readlink()}"
    return f"{uuid.getnode():012x}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user without a name
        return "somebody"
