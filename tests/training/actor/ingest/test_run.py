"""From a tree to a book, by real runs: what is turned away, what a hand says, what goes on."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from reage.errors import Cancelled, SettingsError
from reage.pattern.photo.photograph import photograph
from reage_training.actor.album.make import make_album
from reage_training.actor.book import Book, Entry
from reage_training.actor.evaluation.photographs import held_of
from reage_training.actor.fitting.photographs import BookPhotographs
from reage_training.actor.ingest import identity
from reage_training.actor.ingest.run import Options, ingest
from reage_training.cli import main

ASIDE = {
    "press/again.jpg": "duplicate", "32_soft.jpg": "blurred", "33_small.jpg": "tiny",
    "34_none.png": "no_face", "35_two.jpg": "several_faces", "36_cut.jpg": "damaged",
    "37_empty.jpg": "damaged",
}  # fmt: skip


def _entry(book: Book, source: str) -> Entry:
    return next(e for e in book.entries if e.source == source)


def _again(book: Book, tree: Path, **more: object) -> Book:
    return ingest(replace(Options(tree, book.folder, workers=0), **more)).book


def _content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def test_a_tree_becomes_a_book(made: Book, tree: Path) -> None:
    assert {e.source: e.aside for e in made.entries if e.aside} == ASIDE
    assert [(e.source, e.age, e.said_by) for e in made.learned_from] == [
        ("31_001.jpg", 31, "name"), ("age_40/IMG_1234.jpg", 40, "folder"),
        ("scans/c.png", 52, "table"),
    ]  # fmt: skip
    for entry in made.entries:
        assert entry.why if entry.aside else not entry.why
        held = made.path(entry).read_bytes()
        assert held == (tree / entry.source).read_bytes()
        assert hashlib.sha256(held).hexdigest() == entry.sha256
    first = _entry(made, "31_001.jpg")
    assert 300 < first.face_px < 360 and 150 < first.detail_px <= first.face_px
    assert 8 < first.yaw < 20 and first.light and first.expression
    assert Book.read(made.folder) == made


def test_the_same_command_again_changes_nothing_and_measures_nothing(
    book: Book, tree: Path
) -> None:
    before = _content(book.folder)
    seen = []
    done = ingest(Options(tree, book.folder, workers=0), lambda p: seen.append(p.stage))
    assert done.book.entries == book.entries
    assert set(seen) == {"book"}
    assert _content(book.folder) == before


def test_nothing_that_was_given_is_moved_wherever_the_book_is_named_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `cd BOOK && reage-train actor ingest ../PHOTOS -o .` does."""
    before = _content(_damaged(tmp_path / "PHOTOS", 3))
    (tmp_path / "BOOK").mkdir()
    monkeypatch.chdir(tmp_path / "BOOK")
    book = ingest(Options(Path("..") / "PHOTOS", Path(), workers=0)).book
    assert len(book.entries) == 3 and all(book.path(e).is_file() for e in book.entries)
    assert _content(tmp_path / "PHOTOS") == before


def test_a_hands_word_wins_both_ways_and_stays(book: Book, tree: Path) -> None:
    (book.folder / "aside/duplicate/press_again.jpg").rename(
        book.folder / "photographs/press_again.jpg"
    )
    (book.folder / "photographs/scans_c.png").rename(book.folder / "aside/scans_c.png")
    for _ in range(2):
        book = _again(book, tree)
        assert _entry(book, "press/again.jpg").aside == ""
        assert _entry(book, "press/again.jpg").hand == "photographs"
        assert _entry(book, "scans/c.png").aside == "by_hand"
        assert (book.folder / "aside/scans_c.png").is_file()
    # The hand's copy is the better one now.
    assert _entry(book, "31_001.jpg").aside == "duplicate"


def test_a_corrected_table_and_a_new_file_are_taken_up(
    book: Book, tree: Path, tmp_path: Path
) -> None:
    more = tmp_path / "tree"
    shutil.copytree(tree, more)
    (more / "ages.csv").write_text("file,age\nscans/c.png,61\n31_001.jpg,29\n")
    shutil.copy(tree / "36_cut.jpg", more / "38_cut.jpg")
    book = _again(book, more)
    assert [e.age for e in book.learned_from] == [29, 40, 61]
    assert _entry(book, "38_cut.jpg").aside == "damaged"


def test_what_went_from_the_tree_stays_in_the_book(book: Book, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    after = _again(book, tmp_path / "empty")
    assert after.entries == book.entries


@pytest.mark.skipif(identity.weights() is None, reason="needs the extra `actor`")
def test_somebody_else_is_turned_away_unless_meant(
    book: Book, tree: Path, stranger: Path, tmp_path: Path
) -> None:
    more = tmp_path / "tree"
    shutil.copytree(tree, more, copy_function=shutil.copy2)
    shutil.copy(stranger, more / stranger.name)
    book = _again(book, more)
    assert _entry(book, stranger.name).aside == "other_person"
    assert len(book.learned_from) == 3
    book = _again(book, more, like=stranger)
    assert [e.source for e in book.learned_from] == [stranger.name]


def test_wrong_options_are_a_sentence(tree: Path, tmp_path: Path) -> None:
    for options, words in (
        (Options(tmp_path / "none", tmp_path / "b"), "no folder"),
        (Options(tree, tmp_path / "b", born="yesterday"), "--born"),
        (Options(tree, tmp_path / "b", table=tmp_path / "no.csv"), "cannot be read"),
        (Options(tree, tree), "lies in the book"),
    ):
        with pytest.raises(SettingsError, match=words):
            ingest(options)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "a.txt").write_text("")
    with pytest.raises(SettingsError, match="no photograph"):
        ingest(Options(tmp_path / "bare", tmp_path / "b"))


def _damaged(folder: Path, count: int) -> Path:
    """Files that are measured in no time."""
    folder.mkdir()
    for k in range(count):
        (folder / f"{20 + k % 50}_{k:03d}.jpg").write_bytes(f"no picture {k}".encode())
    return folder


def test_who_stops_goes_on(tmp_path: Path) -> None:
    tree = _damaged(tmp_path / "tree", 30)
    asked = iter(range(1000))
    with pytest.raises(Cancelled, match="same command goes on"):
        ingest(Options(tree, tmp_path / "book", workers=0), stopped=lambda: next(asked) >= 12)
    measured = len(list((tmp_path / "book" / "measured").glob("*.npz")))
    assert 0 < measured < 30
    seen = []
    book = ingest(Options(tree, tmp_path / "book", workers=0), seen.append).book
    assert len(book.entries) == 30
    assert len([p for p in seen if p.stage == "photographs"]) == 30 - measured


def test_no_face_at_all_is_a_word_and_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = _damaged(tmp_path / "tree", 3)
    out = tmp_path / "book"
    assert main(["actor", "ingest", str(tree), "-o", str(out), "--workers", "1"]) == 5
    assert "None of the 3 photographs" in capsys.readouterr().err
    assert "Cannot be read: 3" in (out / "index.html").read_text(encoding="utf-8")


def _command(tree: Path, book: Path, **more: object) -> subprocess.Popen[str]:
    words = ["actor", "ingest", str(tree), "-o", str(book), "--workers", "1"]
    return subprocess.Popen(
        [sys.executable, "-m", "reage_training.cli", *words],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more,  # type: ignore[call-overload]
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_kill_loses_nothing(made: Book, tree: Path, tmp_path: Path) -> None:
    """Killed while it copies: what was measured is given, so that it is soon there, and one file is
    so large that it is still there when the kill comes."""
    book, given = tmp_path / "book", tmp_path / "given"
    shutil.copytree(made.folder / "measured", book / "measured")
    shutil.copytree(tree, given)
    (given / "00_large.jpg").write_bytes(bytes(200 << 20))
    running = _command(given, book)
    while running.poll() is None and not (book / "book.json").is_file():
        time.sleep(0.002)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not json.loads((book / "book.json").read_text())["settled"]
    done = _command(given, book)
    assert done.wait() == 0, done.stderr
    there = [e for e in Book.read(book).entries if e.source != "00_large.jpg"]
    assert there == [*replace(made, folder=book).entries]
    assert not [p for p in book.rglob(".*") if p.is_file()]


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_is_a_sentence_and_the_same_command_goes_on(
    made: Book, tree: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book"
    shutil.copytree(made.folder / "measured", book / "measured")

    def little() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))

    stopped = _command(tree, book, preexec_fn=little)
    _, said = stopped.communicate()
    assert stopped.returncode == 6 and "make room" in said
    assert not json.loads((book / "book.json").read_text())["settled"]
    done = _command(tree, book)
    assert done.wait() == 0
    assert Book.read(book).entries == made.entries


def test_a_colorspace_is_said_for_files_that_say_none(tree: Path, tmp_path: Path) -> None:
    """16 bits of no profile are put aside, and taken once their colorspace is said."""
    deep = cv2.imread(str(tree / "31_001.jpg")).astype(np.uint16) * 257
    more = tmp_path / "tree"
    more.mkdir()
    assert cv2.imwrite(str(more / "31_deep.tif"), deep)
    book = ingest(Options(more, tmp_path / "book", workers=0)).book
    assert _entry(book, "31_deep.tif").aside == "colorspace"
    book = _again(book, more, colorspace="srgb_rec709_scene")
    assert _entry(book, "31_deep.tif").aside == ""
    assert _entry(book, "31_deep.tif").colorspace == "srgb_rec709_scene"
    # Whoever reads the book's photographs reads this one, as the same picture of 8 bits.
    assert not make_album(book, workers=0).unread
    (held,) = held_of(book)
    (learned,) = BookPhotographs(book).learned()
    as_given = photograph(tree / "31_001.jpg")
    for photo in (held.photo, learned):
        assert photo.rgb.shape == as_given.rgb.shape
        assert np.abs(photo.rgb - as_given.rgb).mean() < 0.01 * as_given.rgb.mean()
