"""Two renders never write the same files: each lays a claim on its frames beside them. Deliveries
do so as well, on what they write and on the layers that they read.

A claim is a small file in the output's folder, touched every few seconds. Machines of a farm that
share a folder have one each, over frames of their own. The claim of a render that died is taken
over: on the same machine by its process, from another one when it was not touched for a while.
All times are the folder's own, so no two clocks need to agree.

No lock of the system is used: through network file systems those hold on some machines only, name
nobody and know no frames (docs/adr/0019).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from reage.errors import Cancelled, OutputClaimed, OutputError
from reage.media.replacing import WRITER, is_draft_of, writer_of
from reage.shot.claim import Claim

BEAT = 5.0
"""Seconds between two touches."""

DEAD = 30.0
"""Seconds without a touch after which a render is dead: six beats, so that a busy machine, or a
server that hangs for a moment, loses nothing."""

_LOOK = 0.2
"""Seconds between two looks at another's claim, while it is not known whether it lives."""

_ENDING = ".reage-claim"


@contextmanager
def claimed(
    output: str | Path,
    frames: Mapping[int, Path],
    beside: tuple[Path, ...] = (),
    cancelled: Callable[[], bool] = lambda: False,
    reads: bool = False,
) -> Iterator[Callable[[], None]]:
    """Hold these frames of an output, whose folder stands, while the block runs. What dead renders
    have left is swept: claims, and drafts, of the frames and of the files `beside` them.

    reads: for a delivery of these frames, beside which others may read them; no draft is swept

    Gives a function to be called now and then, which raises OutputClaimed where another render
    has taken over. Raises OutputClaimed where one that lives has some of the frames: within a
    beat; DEAD seconds are waited for one of another machine that does not. Raises OutputError
    where the folder cannot be written, Cancelled.
    """
    held = _Held.lay(Claim.of(output, frames, reads), Path(output).parent)
    try:
        _wait_for_others(held, output, frames, cancelled)
        held.claim = replace(held.claim, holds=True)
        held.touch()
        if not reads:
            _sweep(held, (*frames.values(), *beside))
        yield held.check
    finally:
        held.let_go()


def refuse_claimed(
    output: str | Path, frames: Mapping[int, Path], reads: bool = False
) -> None:
    """Raises OutputClaimed where another render has some of these frames of an output. It only
    looks: claims of other machines live while this machine's clock is no more than DEAD seconds
    ahead of their last touch. reads: see `claimed`."""
    for path in Path(output).parent.glob(f".*{_ENDING}"):
        try:
            other, touched = Claim.read(path)
        except OSError:  # let go meanwhile
            continue
        if other is None or (reads and other.reads):
            continue
        if other.gone() or not (other.here or time.time() - touched <= DEAD):
            continue
        if common := [n for n, file in frames.items() if other.covers(n, file)]:
            raise OutputClaimed(other.sentence(common, output))


@dataclass
class _Held:
    """A claim of ours on the disk, touched by a thread until it is let go."""

    claim: Claim
    path: Path
    lost: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def lay(cls, claim: Claim, folder: Path) -> _Held:
        held = cls(claim, folder / f".{claim.id}{_ENDING}")
        try:
            held.path.write_text(claim.text(), encoding="utf-8")
        except OSError as e:
            _remove(held.path)  # which a full disk may have made, and left empty
            raise OutputError(f"{folder} cannot be written: {e.strerror}.") from e
        threading.Thread(target=held.keep, name="reage-claim", daemon=True).start()
        return held

    def touch(self) -> None:
        """The same text once more: the file server's own clock says when. Raises OSError."""
        try:
            with self.path.open("r+", encoding="utf-8") as file:
                file.write(self.claim.text())
        except FileNotFoundError:
            self.lost = True

    def keep(self) -> None:
        while not self.over.wait(BEAT):
            with suppress(OSError):  # a server that is away for a moment
                self.touch()

    def now(self) -> float:
        """By the clock of the folder, up to a beat ago."""
        try:
            return Claim.read(self.path)[1]
        except FileNotFoundError:
            self.lost = True
            self.check()
            raise

    def check(self) -> None:
        if self.lost:
            raise OutputClaimed(
                f"This render stood still for more than {DEAD:g} seconds, and another one has "
                f"taken over in {self.path.parent}; finished frames are valid."
            )

    def let_go(self) -> None:
        self.over.set()
        _remove(self.path)


def _wait_for_others(
    held: _Held,
    output: str | Path,
    frames: Mapping[int, Path],
    cancelled: Callable[[], bool],
) -> None:
    """Until no other claim is on these frames. Raises OutputClaimed for one that lives."""
    seen: dict[str, float] = {}
    while True:
        free = True
        for other, touched in _others(held):
            common = [n for n, path in frames.items() if other.covers(n, path)]
            if not common or (other.reads and held.claim.reads):
                continue
            free = False
            lives = other.here or touched > seen.setdefault(other.id, touched)
            if lives and (other.holds or other.id < held.claim.id):
                raise OutputClaimed(other.sentence(common, output))
        if free:
            return
        if cancelled():
            raise Cancelled("Stopped while it was waiting for another render's claim.")
        time.sleep(_LOOK)


def _others(held: _Held) -> list[tuple[Claim, float]]:
    """Other claims in the folder, and when they were touched; those of dead renders are taken away.
    Our own file was made there just now, so a network client reads the folder anew."""
    now, living = held.now(), []
    for path in held.path.parent.glob(f".*{_ENDING}"):
        if path == held.path:
            continue
        try:
            other, touched = Claim.read(path)
        except OSError:  # let go meanwhile
            continue
        if now - touched > DEAD or (other and other.gone()):
            for draft, writer in _drafts(path.parent) if other else ():
                if other and writer == other.writer:
                    _remove(draft)
            _remove(path)
        elif other:
            living.append((other, touched))
    return living


def _sweep(held: _Held, files: tuple[Path, ...]) -> None:
    """Old drafts of these files whose writers have no claim any more."""
    now, folder = held.now(), held.path.parent
    living = {other.writer for other, _ in _others(held)} | {WRITER}
    for draft, writer in _drafts(folder):
        if writer not in living and any(is_draft_of(draft, path) for path in files):
            with suppress(OSError):
                if now - draft.stat().st_mtime > DEAD:
                    _remove(draft)


def _drafts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in folder.glob(".*"):
        if writer := writer_of(path):
            yield path, writer


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
