"""Files in a book lie where its entries say; a hand's moves count, and nobody's file is lost."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.shelve import Key, key, on_shelves, placed, settle


def _made(tmp_path: Path, count: int = 3) -> tuple[Book, dict[Key, Path]]:
    """A settled book of files that hold their own names, and where they came from."""
    origins, entries = {}, []
    for k in range(count):
        path = tmp_path / "tree" / "a" / f"{k}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"picture {k}")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        aside = "blurred" if k == 1 else ""
        entry = Entry("", f"a/{k}.jpg", sha256, aside=aside, why="soft" if aside else "")
        entries.append(entry)
        origins[key(entry)] = path
    book, fallen = settle(Book(tmp_path / "book", "", placed(entries)), origins)
    assert not fallen
    return book, origins


def _files(book: Book) -> dict[str, str]:
    """Content → where."""
    shelves = (book.folder / "photographs", book.folder / "aside")
    return {
        path.read_text(): path.relative_to(book.folder).as_posix()
        for shelf in shelves for path in shelf.rglob("*") if path.is_file()
    }  # fmt: skip


def test_files_are_copied_to_where_they_belong(tmp_path: Path) -> None:
    book, origins = _made(tmp_path)
    assert _files(book) == {
        "picture 0": "photographs/a_0.jpg", "picture 1": "aside/blurred/a_1.jpg",
        "picture 2": "photographs/a_2.jpg",
    }  # fmt: skip
    assert all(path.is_file() for path in origins.values())
    assert Book.read(book.folder) == book and book.settled
    assert on_shelves(book).entries == book.entries


def test_a_hand_moves_both_ways(tmp_path: Path) -> None:
    book, origins = _made(tmp_path)
    (book.folder / "aside/blurred/a_1.jpg").rename(book.folder / "photographs/a_1.jpg")
    (book.folder / "aside/no").mkdir()
    (book.folder / "photographs/a_0.jpg").rename(book.folder / "aside/no/a_0.jpg")
    (book.folder / "photographs/a_2.jpg").rename(book.folder / "aside/a_2.jpg")
    found = {entry.source: entry for entry in on_shelves(book).entries}
    assert (found["a/1.jpg"].hand, found["a/1.jpg"].aside) == ("photographs", "")
    assert (found["a/0.jpg"].hand, found["a/0.jpg"].aside) == ("aside", "no")
    assert (found["a/2.jpg"].hand, found["a/2.jpg"].aside) == ("aside", "by_hand")
    settled, _ = settle(replace(book, entries=placed(list(found.values()))), origins)
    assert _files(settled)["picture 1"] == "photographs/a_1.jpg"
    assert _files(settled)["picture 0"] == "aside/no/a_0.jpg"


def test_what_a_hand_adds_or_renames_is_known(tmp_path: Path) -> None:
    book, _ = _made(tmp_path)
    (book.folder / "photographs/31_new.jpg").write_text("another")
    (book.folder / "photographs/a_0.jpg").rename(book.folder / "photographs/31_old.jpg")
    found = {entry.source: entry for entry in on_shelves(book).entries}
    assert found["31_new.jpg"].hand == "photographs"
    assert found["a/0.jpg"].file == "photographs/31_old.jpg"
    assert not on_shelves(book).gone


@pytest.mark.parametrize("after", range(4))
def test_who_is_stopped_on_the_way_is_no_hand(tmp_path: Path, after: int) -> None:
    """Every file is where the last book says in the end, and none is taken for a hand's move."""
    book, origins = _made(tmp_path)
    moved = [
        replace(e, aside="" if e.aside else "duplicate") for e in book.entries
    ]  # fmt: skip
    asked = replace(book, entries=placed(moved))
    steps = iter(range(10))
    half, _ = settle(asked, origins, stopped=lambda: next(steps) >= after)
    assert half.settled == (after > 2)
    again = Book.read(book.folder)
    assert again.settled == half.settled
    found = on_shelves(again)
    assert not found.gone and not any(e.hand for e in found.entries)
    done, _ = settle(replace(again, entries=placed(found.entries)), origins)
    assert _files(done) == {
        "picture 0": "aside/duplicate/a_0.jpg", "picture 1": "photographs/a_1.jpg",
        "picture 2": "aside/duplicate/a_2.jpg",
    }  # fmt: skip
    assert done.settled and not (book.folder / "aside/blurred").exists()


def test_a_file_that_changes_meanwhile_is_not_taken(tmp_path: Path) -> None:
    book, origins = _made(tmp_path, 1)
    path = tmp_path / "tree" / "b.jpg"
    path.write_text("as it was measured")
    entry = Entry("", "b.jpg", hashlib.sha256(path.read_bytes()).hexdigest())
    path.write_text("as it became")
    asked = replace(book, entries=placed([*book.entries, entry]))
    done, fallen = settle(asked, {**origins, key(entry): path})
    assert [e.source for e in fallen] == ["b.jpg"]
    assert set(_files(done)) == {"picture 0"}


def test_no_two_files_of_a_book_have_one_name() -> None:
    entries = [
        Entry("", source, sha) for source, sha in
        (("a/b.jpg", "1"), ("a_b.jpg", "1"), ("A/B.JPG", "2"), ("a/b.jpg", "3"), ("x#7", "4"),
         ("é" * 300 + ".jpg", "5"), ("../..:c.jpg", "6"))
    ]  # fmt: skip
    names = [e.file.lower() for e in placed(entries)]
    assert len(set(names)) == len(names)
    assert all(name.count("/") == 1 and len(name.encode()) < 200 for name in names)
    assert placed(placed(entries)) == placed(entries)
