"""Processes that work side by side for a command, whatever befalls one of them.

They leave Ctrl-C to the command, from their first moment on. Where one is ended, by what it read
or by a system without memory, what ran then is done again, each by itself, so that it shows which
one did it.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier, Event
from types import TracebackType
from typing import TypeVar

import cv2

from reage.errors import SettingsError

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 3
"""Items that wait for each process: memory does not grow with their number."""

_ASKED_EVERY = 0.2
"""Seconds."""


_TOO_MUCH = (
    "A process was ended from outside, twice at the same work; most likely the machine has too "
    "little memory. Give fewer --workers, or close other programs; the same command goes on."
)


class Processes:
    """`count` of them, one at least, made when there is work. prepare: called once in each.

    with Processes(2) as processes:
        for item, result in processes.each(work, items):
    """

    def __init__(self, count: int, prepare: Callable[[], object] | None = None) -> None:
        self._count, self._prepare = max(1, count), prepare
        self._context = get_context("spawn")
        self._ending = self._context.Event()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        where: TracebackType | None,
    ) -> None:  # fmt: skip
        self._ending.set()
        self._end()

    def each(
        self,
        work: Callable[[T], R],
        items: Iterable[T],
        stopped: Callable[[], bool] = lambda: False,
        ended: Callable[[T], R] | None = None,
        ahead: int = _AHEAD,
    ) -> Iterator[tuple[T, R]]:
        """Items with what `work`, which can be pickled, makes of each, in any order. Ends early
        where stopped. ended: what is said of an item that ends its process; without it
        SettingsError is raised. ahead: items that are drawn for each process."""
        todo, again = iter(items), deque[T]()
        while not stopped():
            running: dict[Future[R], T] = {}
            try:
                yield from self._side_by_side(work, todo, running, stopped, ahead)
                return
            except BrokenProcessPool:
                self._end_broken()
                again.extend(running.values())
            while again and not stopped():
                item = again.popleft()
                alone: dict[Future[R], T] = {}
                try:
                    yield from self._side_by_side(work, iter((item,)), alone, stopped, 1)
                except BrokenProcessPool as e:
                    self._end_broken()
                    if ended is None:
                        raise SettingsError(_TOO_MUCH) from e
                    yield item, ended(item)

    def _side_by_side(
        self,
        work: Callable[[T], R],
        todo: Iterator[T],
        running: dict[Future[R], T],
        stopped: Callable[[], bool],
        ahead: int,
    ) -> Iterator[tuple[T, R]]:
        """running: what was begun and not yielded."""
        while not stopped():
            for item in islice(todo, ahead * self._count - len(running)):
                refused: Future[R] = Future()
                running[refused] = item
                future = self._submit(work, item)  # BrokenProcessPool, where one has just ended
                del running[refused]
                running[future] = item
            if not running:
                return
            done, _ = wait(running, timeout=_ASKED_EVERY, return_when=FIRST_COMPLETED)
            for future in done:
                result = future.result()
                yield running.pop(future), result

    def _submit(self, work: Callable[[T], R], item: T) -> Future[R]:
        if self._pool is None:
            self._pool = self._begun()
        return self._pool.submit(work, item)

    def _begun(self) -> ProcessPoolExecutor:
        """All of them are started here, as none begins before the last: not one by one with the
        work, where another may end and CPython 3.11 waits for ever for the one just started."""
        together = self._context.Barrier(self._count)
        given = (together, self._ending, self._prepare)
        pool = ProcessPoolExecutor(self._count, self._context, _begin, given)
        with _left_alone():
            for _ in range(self._count):
                pool.submit(int)
        return pool

    def _end_broken(self) -> None:
        # Where one ends before all are started, the last may be left over, and waited for.
        if self._pool is not None:
            for process in list(self._pool._processes.values()):
                process.kill()
        self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def each(
    work: Callable[[T], R],
    items: Sequence[T],
    workers: int,
    prepare: Callable[[], object] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[T, R]]:
    """Items with what `work` makes of each, until stopped: by `workers` processes in any order, or
    here, in order, where that is one or there is one item. prepare: called once wherever work is
    done. Raises SettingsError."""
    if not items or stopped():
        return
    if workers > 1 and len(items) > 1:
        with Processes(min(workers, len(items)), prepare) as processes:
            yield from processes.each(work, items, stopped)
        return
    if prepare is not None:
        prepare()
    for item in items:
        if stopped():
            return
        yield item, work(item)


_ending: Event | None = None
"""A process's own."""


def ending() -> bool:
    """In one of them: whether the command has no more use for what is worked at."""
    return _ending is not None and _ending.is_set()


def _begin(together: Barrier, asked: Event, prepare: Callable[[], object] | None) -> None:
    global _ending
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    together.wait()
    cv2.setNumThreads(1)  # they share the cores
    _ending = asked
    if prepare is not None:
        prepare()


@contextmanager
def _left_alone() -> Iterator[None]:
    """Processes that are started inside are deaf to Ctrl-C before they can say so themselves."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
