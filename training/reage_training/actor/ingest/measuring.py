"""Measuring the files of a tree side by side, a few at a time, whatever befalls one of them."""

from __future__ import annotations

import hashlib
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2

from reage.errors import FaceError, OutputError, PlateError, SettingsError
from reage.unforeseen import unforeseen
from reage_training.actor.ingest import identity, movies
from reage_training.actor.ingest.kept import COLORSPACE, IDENTITY, KnownFile, full, store
from reage_training.actor.ingest.measure import Measures, measured, sha256_of
from reage_training.actor.ingest.tree import SourceFile

_AHEAD = 3
"""Files that wait for each process: memory does not grow with the tree."""


@dataclass(frozen=True)
class How:
    """folder: of the measures; colorspace: of files that do not say theirs; stills: of a movie at
    most"""

    folder: Path
    colorspace: str | None = None
    stills: int = 24


@dataclass(frozen=True)
class Done:
    """known: None where the file changed or went while it was read"""

    source: SourceFile
    known: KnownFile | None


def measure_all(
    sources: Sequence[SourceFile], how: How, workers: int, stopped: Callable[[], bool]
) -> Iterator[Done]:
    """Measure files, in any order; ends early where stopped. A file that brings its process down
    is damaged. Raises FaceError where the face networks are missing, OutputError."""
    if workers <= 1:
        for source in sources:
            if stopped():
                return
            yield look_at(source, how)
        return
    waiting = deque(sources)
    while waiting and not stopped():
        running: dict[Future[Done], SourceFile] = {}
        pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare)
        try:
            yield from _side_by_side(pool, waiting, running, how, workers, stopped)
        except BrokenProcessPool:
            # One of those that ran did it; which one, shows when each runs by itself.
            yield from _one_by_one(list(running.values()), how, stopped)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _side_by_side(
    pool: ProcessPoolExecutor,
    waiting: deque[SourceFile],
    running: dict[Future[Done], SourceFile],
    how: How,
    workers: int,
    stopped: Callable[[], bool],
) -> Iterator[Done]:
    while (waiting or running) and not stopped():
        while waiting and len(running) < _AHEAD * workers:
            source = waiting[0]
            with _left_alone():
                running[pool.submit(look_at, source, how)] = source
            waiting.popleft()
        ended, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in ended:
            done = future.result()
            del running[future]
            yield done


def _one_by_one(
    sources: Sequence[SourceFile], how: How, stopped: Callable[[], bool]
) -> Iterator[Done]:
    waiting = deque(sources)
    while waiting and not stopped():
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=_prepare) as pool:
            try:
                while waiting and not stopped():
                    with _left_alone():
                        future = pool.submit(look_at, waiting[0], how)
                    yield future.result()
                    waiting.popleft()
            except BrokenProcessPool:
                source = waiting.popleft()
                sha256 = sha256_of(source.path)
                why = f"{source.path} is damaged: what reads it ended over it."
                store(how.folder, sha256, Measures("damaged", why))
                yield Done(source, _known(source, sha256))


@contextmanager
def _left_alone() -> Iterator[None]:
    """Processes that are started inside leave Ctrl-C to this one, from their first moment on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare() -> None:
    """A process that leaves Ctrl-C to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


def look_at(source: SourceFile, how: How) -> Done:
    """Measure one file, and keep what was found."""
    try:
        known = _movie(source, how) if source.is_movie else _still(source, how)
    except (FaceError, OutputError, SettingsError):
        raise
    except OSError as e:
        if not source.still_there():
            return Done(source, None)
        raise full(source.path, e) from e
    return Done(source, known if source.still_there() else None)


def _still(source: SourceFile, how: How) -> KnownFile:
    sha256 = sha256_of(source.path)
    return _known(source, sha256, lacks(measure_file(source.path, sha256, how)))


def measure_file(path: Path, sha256: str, how: How) -> Measures:
    """What was measured of a file of this content, now or before."""
    before = Measures.read(how.folder / f"{sha256}.npz")
    if before is not None and not can_tell(lacks(before), how):
        return before
    try:
        found = measured(path, how.colorspace)
    except (FaceError, OutputError, SettingsError, OSError):
        raise
    except Exception as e:
        found = Measures("damaged", str(unforeseen(e, str(path))))
    store(how.folder, sha256, found)
    return found


def lacks(found: Measures) -> str:
    """COLORSPACE, IDENTITY or empty: what could not be told."""
    if found.aside == "colorspace":
        return COLORSPACE
    return IDENTITY if found.has_face and not found.identity.size else ""


def can_tell(lacking: str, how: How) -> bool:
    """Whether it can be told now: a colorspace was said, or the network installed, since."""
    if lacking == COLORSPACE:
        return how.colorspace is not None
    return lacking == IDENTITY and identity.weights() is not None


def _movie(source: SourceFile, how: How) -> KnownFile:
    made_of = f"{source.name} {source.size} {source.changed}".encode()
    folder = how.folder / "stills" / hashlib.sha256(made_of).hexdigest()[:12]
    try:
        files = movies.stills(source.path, folder, how.stills)
    except OutputError:
        raise
    except PlateError as e:
        sha256 = sha256_of(source.path)
        store(how.folder, sha256, Measures("damaged", str(e)))
        return _known(source, sha256)
    made, lacking = [], ""
    for file in files:
        sha256 = sha256_of(file)
        lacking = lacks(measure_file(file, sha256, how)) or lacking
        made.append((file.relative_to(how.folder).as_posix(), sha256))
    return KnownFile(
        source.name, source.size, source.changed, "", tuple(made), lacking, how.stills
    )


def _known(source: SourceFile, sha256: str, lacking: str = "") -> KnownFile:
    return KnownFile(source.name, source.size, source.changed, sha256, (), lacking)
