"""An album out of a book: the whole story.

photographs ▶ each read once, in face UV ▶ laid over each other ▶ marks that stay
            ▶ for every age a page ▶ shape at rest by age ▶ a page to look at
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from reage.album import FOLDER, page_path
from reage.errors import Cancelled, OutputError, ReageError, SettingsError
from reage.pattern.picture import write_picture
from reage.pixels.plate import Pixels
from reage_training.actor.album.align import FirstLook, Laid, laid_over, odd_ones, steps
from reage_training.actor.album.files import (
    MADE_OF,
    MARKS,
    age_of,
    is_painted,
    look_of,
    made_of,
    pages,
    reading_file,
    said_before,
    standing,
    write_json,
    write_shapes,
)  # fmt: skip
from reage_training.actor.album.look import write_index
from reage_training.actor.album.marks import StayingMark
from reage_training.actor.album.pages import Draft, Full, draft, solved
from reage_training.actor.album.reading import Kept, halved
from reage_training.actor.album.scars import Lines
from reage_training.actor.album.stays import Stays
from reage_training.actor.album.still import without_still
from reage_training.actor.album.sums import AgeSums, LaidReading, grouped, summed
from reage_training.actor.book import Book, Entry
from reage_training.actor.photographs import photograph_of
from reage_training.processes import Processes

_Made = TypeVar("_Made")
"""What is made of the photographs of about one age."""


@dataclass(frozen=True)
class Outcome:
    """What a run did: pages written, those that stood, those that a hand has painted and that were
    left alone; unread: name → why; odd: names that disagree with all others; marks that stay"""

    written: tuple[Path, ...]
    stood: tuple[Path, ...]
    painted: tuple[Path, ...]
    unread: dict[str, str]
    odd: tuple[str, ...]
    marks: tuple[StayingMark, ...]


@dataclass(frozen=True)
class Teller:
    """told: a stage, how much of it is done, of how much; stop: whether to"""

    told: Callable[[str, int, int], object] = lambda stage, done, total: None
    stop: Callable[[], bool] = lambda: False

    def step(self, stage: str, done: int, total: int) -> None:
        self.told(stage, done, total)
        if self.stop():
            raise Cancelled("Stopped; what was read is kept, and the next run goes on from there.")


def make_album(
    book: Book, workers: int = 2, again: bool = False, tell: Teller = Teller()
) -> Outcome:
    """Make or bring up to date a book's album. again: pages that were painted by hand as well.

    Raises SettingsError where no photograph can be learned from, OutputError, Cancelled.
    """
    album = book.folder / FOLDER
    entries = book.learned_from
    if not entries:
        raise SettingsError(
            f"The book {book.folder} has no photograph with an age to learn from; see its report."
        )
    with Processes(workers) as processes:
        unread = _read_all(book, entries, album, processes, tell)
        read = [e for e in entries if e.file not in unread]
        if not read:
            why = next(iter(unread.values()))
            raise SettingsError(f"No photograph of the book {book.folder} could be read: {why}")
        content = made_of(read)
        stood = standing(album, content, again)
        if stood is not None:
            return Outcome((), *stood, unread, *said_before(album))
        laid = _laid(album, read, tell)
        odd = [read[k].source for k in odd_ones(laid)]
        kept = [(e, one) for e, one in zip(read, laid, strict=True) if e.source not in odd]
        kept = kept or list(zip(read, laid, strict=True))
        shots = [LaidReading(age_of(e), reading_file(album, e), one.shift) for e, one in kept]
        groups = [[shots[k] for k in g] for g in grouped([s.age for s in shots])]
        first = _each(processes, groups, _summed_first, "marks", tell)
        lines = _each(processes, groups, Lines.of, "scars", tell)
        stays = Stays.of(first, lines)
        sums = _each(processes, groups, _Summed(stays.marked), "evidence", tell)
        sums = without_still(sums)
        said = _said(sums, content, len(kept))
        written, painted = _write_pages(album, sums, stays, said, processes, again, tell)
    write_shapes(album, [e for e, _ in kept], [s.age for s in sums])
    write_json(album / MARKS, {
        "odd": odd, "marks": [[m.x, m.y, round(m.tone, 4), m.since] for m in stays.marks],
        "made_of": content, "pages": [page_path(album, s.age).name for s in sums],
    })  # fmt: skip
    write_index(album, book)
    return Outcome(tuple(written), (), tuple(painted), unread, tuple(odd), stays.marks)


# ---------------------------------------------------------------- reading


def _read_all(
    book: Book, entries: Sequence[Entry], album: Path, processes: Processes, tell: Teller
) -> dict[str, str]:
    """Read those that were not read before; file → why not, of those that cannot be."""
    waiting = [e for e in entries if not reading_file(album, e).is_file()]
    done = len(entries) - len(waiting)
    unread: dict[str, str] = {}
    for entry, why in processes.each(partial(_read, Book(book.folder), album), waiting):
        done += 1
        if why:
            unread[entry.file] = why
        tell.step("photographs", done, len(entries))
    return unread


def _read(book: Book, album: Path, entry: Entry) -> str:
    try:
        Kept.of(photograph_of(book, entry)).write(reading_file(album, entry))
    except OutputError:
        raise
    except ReageError as e:
        return str(e)
    return ""


def _laid(album: Path, read: Sequence[Entry], tell: Teller) -> list[Laid]:
    looks = []
    for entry in read:
        kept = Kept.read(reading_file(album, entry))
        if kept is None:
            reading_file(album, entry).unlink(missing_ok=True)
            raise SettingsError(f"The reading of {entry.source} was damaged; run the album again.")
        light, seen = (f.astype(np.float16) for f in (halved(kept.light), kept.seen))
        looks.append(FirstLook(light, seen, float(kept.quality.sum())))
    done = 0

    def told() -> None:
        nonlocal done
        done += 1
        tell.step("laid over", done, steps(len(looks)))

    return laid_over(looks, told)


# ---------------------------------------------------------------- pages


@dataclass(frozen=True)
class _Summed:
    marked: Pixels

    def __call__(self, shots: Sequence[LaidReading]) -> AgeSums:
        return summed(shots, self.marked)


def _summed_first(shots: Sequence[LaidReading]) -> AgeSums:
    return summed(shots, None)


def _write_pages(
    album: Path, sums: Sequence[AgeSums], stays: Stays, said: dict[str, str | int | float],
    processes: Processes, again: bool, tell: Teller,
) -> tuple[list[Path], list[Path]]:  # fmt: skip
    wanted = {page_path(album, s.age): s.age for s in sums}
    painted = [] if again else [p for p in pages(album) if is_painted(p)]
    for path in set(pages(album)) - set(wanted) - set(painted):
        path.unlink(missing_ok=True)
        look_of(path).unlink(missing_ok=True)
    todo = [path for path in wanted if path not in painted]
    full = Full.of(sums)

    def drafts() -> Iterator[tuple[Draft, Path]]:
        for path in todo:
            age = wanted[path]
            more = {**said, "reage:pattern_age": round(age, 2)}
            yield draft(age, sums, full, stays.at(age), stays.marked, more), path

    # A draft is large: one at a time for each process.
    for done, _ in enumerate(processes.each(_write, drafts(), ahead=1), 1):
        tell.step("pages", done, len(todo))
    return todo, painted


def _write(page_of: tuple[Draft, Path]) -> None:
    made, path = page_of
    page = solved(made)
    page.write(path)
    write_picture(look_of(path), page.maps, page.coverage)


def _said(sums: Sequence[AgeSums], content: str, count: int) -> dict[str, str | int | float]:
    return {
        "reage:pattern_photographs": count,
        "reage:pattern_span": f"{sums[0].age:.1f} {sums[-1].age:.1f}",
        MADE_OF: content,
    }


def _each(
    processes: Processes,
    groups: Sequence[list[LaidReading]],
    make: Callable[[list[LaidReading]], _Made],
    stage: str,
    tell: Teller,
) -> list[_Made]:
    made: dict[int, _Made] = {}
    each = processes.each(partial(_numbered, make), enumerate(groups))
    for done, ((k, _), one) in enumerate(each, 1):
        made[k] = one
        tell.step(stage, done, len(groups))
    return [made[k] for k in range(len(groups))]


def _numbered(
    make: Callable[[list[LaidReading]], _Made], group: tuple[int, list[LaidReading]]
) -> _Made:
    return make(group[1])
