"""A book comes back as it was written, and says what is wrong with one that is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reage.errors import OutputError, SettingsError
from reage_training.actor.book import Book, Entry

ENTRIES = (
    Entry("photographs/b.jpg", "b.jpg", "2", 40.0, "name", face_px=400.0, light="flat"),
    Entry("photographs/a.jpg", "a.jpg", "1", 31.5, "table", doubt="Is it?"),
    Entry("photographs/c.jpg", "c.jpg", "3"),
    Entry("aside/tiny/d.jpg", "d.jpg", "4", 20.0, "folder", aside="tiny", why="Small."),
)


def test_a_book_comes_back(tmp_path: Path) -> None:
    book = Book(tmp_path, "1961-03-14", ENTRIES, settled=False)
    book.write()
    assert Book.read(tmp_path) == book
    assert [e.source for e in book.learned_from] == ["a.jpg", "b.jpg"]
    assert book.path(book.learned_from[0]) == tmp_path / "photographs/a.jpg"


def test_what_is_no_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is no book"):
        Book.read(tmp_path)
    Book(tmp_path, "", ENTRIES).write()
    text = json.loads((tmp_path / "book.json").read_text())
    (tmp_path / "book.json").write_text(json.dumps({**text, "format": 99}))
    with pytest.raises(SettingsError, match="format 99"):
        Book.read(tmp_path)
    (tmp_path / "book.json").write_text("{")
    with pytest.raises(SettingsError, match="JSON"):
        Book.read(tmp_path)


def test_a_book_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    Book(tmp_path, "", ENTRIES).write()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        Book(tmp_path / "file" / "book", "", ENTRIES).write()
    assert Book.read(tmp_path).entries == ENTRIES
