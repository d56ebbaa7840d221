"""A book's photographs, read: those that the double is fitted to, and those held out of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reage.errors import ReageError
from reage.pattern.photo.photograph import Photograph
from reage_training.actor.book import Book, Entry
from reage_training.actor.double.places import AgedTone
from reage_training.actor.double.skin_color import shown_by
from reage_training.actor.fitting.photographs_held import Aged
from reage_training.actor.photographs import photograph_of

_HELD = 6
"""One photograph in so many, by age, is held out of fitting the head and choosing colors."""

_READ, _JUDGED, _PLATES = 24, 4, 3
"""Photographs that are read for the double, held out ones that judge, and those made as old."""

_TONES = 100
"""Photographs whose tone counts: from 100 to 1,000 it becomes surer by a twentieth only."""


@dataclass(frozen=True)
class BookPhotographs:
    """held_out: a book of photographs that are not learned from; without it some of the book's own
    are kept out of fitting head and color, though the album has learned from them"""

    book: Book
    held_out: Book | None = None

    def learned(self) -> tuple[Photograph, ...]:
        """Those that head and color are fitted to, spread over the ages."""
        return tuple(each.photograph for each in _read(self.book, self._entries()[0], _READ))

    def tones(self, album: Path) -> tuple[AgedTone, ...]:
        """What an album has read of them, spread over the ages: more tell nothing more."""
        return shown_by(album, _spread(self._entries()[0], _TONES))

    def held(self) -> tuple[Aged, ...]:
        """Those that judge, spread over the ages."""
        if self.held_out is not None:
            return _read(self.held_out, self.held_out.learned_from, _JUDGED)
        return _read(self.book, self._entries()[1], _JUDGED)

    def plates(self) -> tuple[Aged, ...]:
        """Photographs, spread over the ages, that are made as old as the held ones show."""
        return _read(self.book, self._entries()[0], _PLATES)

    def _entries(self) -> tuple[list[Entry], list[Entry]]:
        every = self.book.learned_from
        if self.held_out is not None:
            return list(every), []
        held = set(range(_HELD // 2, len(every), _HELD))
        return (
            [e for k, e in enumerate(every) if k not in held],
            [e for k, e in enumerate(every) if k in held],
        )


def _read(book: Book, entries: Sequence[Entry], count: int) -> tuple[Aged, ...]:
    """Those that can be read; the book took in only such, but files may have gone since."""
    out = []
    for entry in _spread(entries, count):
        try:
            photo = photograph_of(book, entry)
        except ReageError:
            continue
        assert entry.age is not None, "a book learns from entries with an age"
        out.append(Aged(photo, entry.age))
    return tuple(out)


def _spread(entries: Sequence[Entry], count: int) -> list[Entry]:
    at = np.unique(np.linspace(0, len(entries) - 1, min(count, len(entries))).round().astype(int))
    return [entries[k] for k in at] if entries else []
