"""Files in a book lie where its entries say; a hand's moves count, and nobody's file is lost."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from reage.errors import OutputError
from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.shelve import placed, settle
from reage_training.actor.ingest.shelved import Key, key, on_shelves


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


def test_a_file_that_is_replaced_in_place_is_measured_anew(tmp_path: Path) -> None:
    """As by a paint program: the same photograph with other pixels, meant where a hand sees it, and
    judged anew where it was put aside."""
    book, _ = _made(tmp_path)
    for where in ("photographs/a_0.jpg", "aside/blurred/a_1.jpg"):
        (book.folder / where).write_text(f"painted {where}")
    found = {entry.source: entry for entry in on_shelves(book).entries}
    assert not on_shelves(book).gone and len(found) == 3
    for source, hand in (("a/0.jpg", "photographs"), ("a/1.jpg", ""), ("a/2.jpg", "")):
        content = (book.folder / found[source].file).read_bytes()
        assert found[source].sha256 == hashlib.sha256(content).hexdigest()
        assert found[source].hand == hand


def test_files_that_change_places_are_told_by_what_they_hold(tmp_path: Path) -> None:
    book, _ = _made(tmp_path)
    one, two, between = (book.folder / f"photographs/{n}" for n in ("a_0.jpg", "a_2.jpg", "x.jpg"))
    one.rename(between)
    two.rename(one)
    between.rename(two)
    found = {entry.source: entry.file for entry in on_shelves(book).entries}
    assert found == {
        "a/0.jpg": "photographs/a_2.jpg", "a/1.jpg": "aside/blurred/a_1.jpg",
        "a/2.jpg": "photographs/a_0.jpg",
    }  # fmt: skip


@pytest.mark.parametrize("other", ["one", "another"])
def test_files_of_one_name_in_two_folders_are_both_taken(tmp_path: Path, other: str) -> None:
    book, origins = _made(tmp_path)
    for where, content in (("photographs/new.jpg", "one"), ("aside/no/new.jpg", other)):
        (book.folder / where).parent.mkdir(exist_ok=True)
        (book.folder / where).write_text(content)
    for _ in range(2):
        book, fallen = settle(replace(book, entries=placed(on_shelves(book).entries)), origins)
        assert not fallen and len({key(e) for e in book.entries}) == 5
        assert sorted(e.file for e in book.entries if "new" in e.file) == [
            "aside/no/new.jpg", "photographs/new.jpg",
        ]  # fmt: skip


def test_what_a_hand_has_put_in_a_files_way_stays_beside_it(tmp_path: Path) -> None:
    book, origins = _made(tmp_path)
    (book.folder / "aside/blurred/a_0.jpg").write_text("a hand's")
    entries = [
        replace(e, aside="blurred") if e.source == "a/0.jpg" else e
        for e in on_shelves(book).entries
    ]  # fmt: skip
    book, fallen = settle(replace(book, entries=placed(entries)), origins)
    files = _files(book)
    assert not fallen and files["a hand's"] == "aside/blurred/a_0.jpg"
    assert files["picture 0"].startswith("aside/blurred/a_0_")
    assert on_shelves(book).entries == book.entries


@pytest.mark.parametrize("aside", ["", "blurred"])
def test_nothing_is_written_over(tmp_path: Path, aside: str) -> None:
    """A file that came meanwhile: to where another is moved, and to where a new one is copied."""
    book, origins = _made(tmp_path)
    if aside:
        entries = [replace(e, aside=aside) for e in book.entries]
        stray = book.folder / "aside/blurred/a_0.jpg"
    else:
        path = tmp_path / "tree" / "b.jpg"
        path.write_text("new")
        entries = [*book.entries, Entry("", "b.jpg", hashlib.sha256(b"new").hexdigest())]
        origins[key(entries[-1])] = path
        stray = book.folder / "photographs/b.jpg"
    asked = replace(book, entries=placed(entries))
    stray.write_text("came meanwhile")
    with pytest.raises(OutputError, match="in the way"):
        settle(asked, origins)
    assert {"came meanwhile", "picture 0", "picture 1", "picture 2"} == set(_files(book))
    again = Book.read(book.folder)
    done, _ = settle(replace(again, entries=placed(on_shelves(again).entries)), origins)
    assert _files(done)["came meanwhile"] == stray.relative_to(book.folder).as_posix()


def test_a_hands_move_counts_in_a_book_that_is_not_settled(tmp_path: Path) -> None:
    book, origins = _made(tmp_path)
    asked = replace(book, entries=placed([replace(e, aside="duplicate") for e in book.entries]))
    steps = iter(range(10))
    half, _ = settle(asked, origins, stopped=lambda: next(steps) >= 1)
    (book.folder / "aside/duplicate/a_0.jpg").rename(book.folder / "photographs/mine.jpg")
    (book.folder / "aside/no").mkdir()
    (book.folder / "photographs/a_2.jpg").rename(book.folder / "aside/no/a_2.jpg")
    found = {e.source: e for e in on_shelves(Book.read(half.folder)).entries}
    assert {source: e.hand for source, e in found.items()} == {
        "a/0.jpg": "photographs", "a/1.jpg": "", "a/2.jpg": "aside",
    }  # fmt: skip
    done, _ = settle(replace(half, entries=placed(list(found.values()))), origins)
    assert _files(done) == {
        "picture 0": "photographs/mine.jpg", "picture 1": "aside/duplicate/a_1.jpg",
        "picture 2": "aside/no/a_2.jpg",
    }  # fmt: skip
