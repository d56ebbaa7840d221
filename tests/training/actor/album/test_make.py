"""An album out of photographs, by the real command: the demo plate's frames, said to be of ages."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reage import home
from reage.album import page_files, page_path
from reage.errors import Cancelled, SettingsError
from reage.mix import Mix
from reage.pattern.file import read_pattern
from reage.pattern.mixed import mixed
from reage_training.actor.album.make import Outcome, Teller, make_album
from reage_training.actor.book import Book, Entry

AGES = (30.0, 31.0, 62.0)


def _book(folder: Path) -> Book:
    (folder / "photographs").mkdir(parents=True)
    entries = []
    for age, frame in zip(AGES, home.demo_plate()[::3], strict=False):
        name = f"photographs/{frame.name}"
        shutil.copy(frame, folder / name)
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        entries.append(Entry(name, frame.name, digest, age, "table"))
    (folder / "photographs" / "broken.jpg").write_bytes(b"no picture")
    broken = Entry("photographs/broken.jpg", "broken.jpg", "0" * 64, 40.0, "table")
    book = Book(folder, "", (*entries, broken))
    book.write()
    return book


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, Outcome]:
    book = _book(tmp_path_factory.mktemp("album") / "a book")
    return book, make_album(book, workers=1)


def test_each_age_with_photographs_has_a_page_and_what_cannot_be_read_is_told(
    album: tuple[Book, Outcome],
) -> None:
    book, made = album
    assert [s.age for s in page_files(str(book.folder))] == [30, 62]
    assert len(made.written) == 2 and list(made.unread) == ["photographs/broken.jpg"]
    assert not made.odd
    page = read_pattern(made.written[1], whole=True)
    assert set(page.further) == {"stays", "uncertainty", "tone.R", "tone.G", "tone.B"}
    assert page.said["reage:pattern_photographs"] == 3 and not page.painted
    assert page.coverage.mean() > 0.1 and np.isfinite(page.maps).all()
    assert 0.02 < page.maps[..., 0][page.coverage > 0.9].std() < 0.8
    unsure = page.further["uncertainty"]
    assert unsure.min() >= 0 and unsure.max() <= 1 and unsure[0, 0] == 1
    shape = json.loads((book.folder / "album" / "shape.json").read_text())
    assert np.array(shape["points"]).shape == (2, 468, 3) and 0 < shape["spread"] < 0.1
    assert "62: 1 photographs" in (book.folder / "album" / "index.html").read_text()


def test_between_pages_lies_a_blend_and_beyond_the_nearest_with_the_drawn_one(
    album: tuple[Book, Outcome],
) -> None:
    book, made = album
    young, old = (read_pattern(p).maps for p in made.written)
    at = {age: mixed(Mix.of(f"{book.folder}@{age}")) for age in (30, 46, 62, 82)}
    assert np.array_equal(at[30], young) and np.array_equal(at[62], old)
    assert np.allclose(at[46], (young + old) / 2, atol=1e-5)
    assert np.allclose(at[82], (old + mixed(Mix.of(0))) / 2, atol=1e-5)


def test_another_run_reads_nothing_again_and_writes_nothing(album: tuple[Book, Outcome]) -> None:
    book, _ = album
    told: list[str] = []
    again = make_album(book, 1, tell=Teller(lambda stage, *_: told.append(stage)))
    assert not again.written and len(again.stood) == 2
    assert set(told) <= {"photographs"}  # the broken one is looked at once more


def test_a_painted_page_counts_at_once_and_is_left_alone(
    album: tuple[Book, Outcome], tmp_path: Path
) -> None:
    book, _ = album
    shutil.copytree(book.folder, tmp_path / "book")
    own = Book.read(tmp_path / "book")
    path = page_path(own.folder / "album", 62)
    page = read_pattern(path, whole=True)
    maps = page.maps.copy()
    maps[500:520, 300:340, 0] = -3
    mixed(Mix.of(f"{own.folder}@62"))  # read, and kept in memory
    header = replace(page, maps=maps)
    _paint(header, path, page.said)
    assert read_pattern(path, whole=True).painted
    assert mixed(Mix.of(f"{own.folder}@62"))[510, 320, 0] == -3
    made = make_album(own, 1)
    assert made.painted == (path,) and read_pattern(path).maps[510, 320, 0] == -3
    made = make_album(own, 1, again=True)
    assert path in made.written and read_pattern(path).maps[510, 320, 0] != -3


def _paint(page: object, path: Path, said: dict[str, object]) -> None:
    """Write other pixels under the header that was there, as a paint program does."""
    from reage.media.exr import write_layers
    from reage.pattern.file import PatternFile
    from reage.pixels.geometry import Region
    from reage.pixels.plate import PlateInfo

    assert isinstance(page, PatternFile)
    planes = {n: page.maps[..., k] for k, n in enumerate(("lines", "folds", "marks"))}
    planes |= {"coverage": page.coverage, "count": page.count, **page.further}
    bare = {n if "." in n else f"other.{n}": p for n, p in planes.items()}
    named = {n: np.ascontiguousarray(p) for n, p in bare.items()}
    whole = Region(0, 0, 1024, 1024)
    info = PlateInfo(whole, whole, tuple(named))
    write_layers(path, named, whole, info, dict(said), "zip", "half")


def test_a_run_that_is_stopped_goes_on(album: tuple[Book, Outcome], tmp_path: Path) -> None:
    book, made = album
    shutil.copytree(book.folder, tmp_path / "book")
    own = Book.read(tmp_path / "book")
    for page in page_files(str(own.folder)):
        page.path.unlink()
    asked: list[str] = []

    def stop() -> bool:
        return asked[-1] == "marks"

    with pytest.raises(Cancelled, match="goes on"):
        make_album(own, 1, tell=Teller(lambda s, *_: asked.append(s), stop))
    again = make_album(own, 1)
    for path, before in zip(page_files(str(own.folder)), made.written, strict=True):
        assert np.array_equal(read_pattern(path.path).maps, read_pattern(before).maps)
    assert len(again.written) + len(again.stood) == 2


def _no_photographs(folder: Path) -> Book:
    book = Book(folder)
    book.write()
    return book


def _only_broken(folder: Path) -> Book:
    book = _book(folder)
    return replace(book, entries=book.entries[-1:])


@pytest.mark.parametrize(
    ("make", "said"),
    [(_no_photographs, "has no photograph with an age"), (_only_broken, "could be read: .*broken")],
)
def test_a_book_without_anything_to_learn_from_is_refused(
    make: Callable[[Path], Book], said: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=said):
        make_album(make(tmp_path / "book"), 1)


def test_pages_that_are_not_there_are_refused_in_a_sentence(tmp_path: Path) -> None:
    from reage.pattern.mixed import check_files

    with pytest.raises(SettingsError, match="There is no folder"):
        check_files(Mix.of(f"{tmp_path / 'none'}@40"))
    with pytest.raises(SettingsError, match="holds no pages of an album"):
        check_files(Mix.of(f"{tmp_path}@target"))
    page_path(tmp_path, 40).write_bytes(b"no picture")
    with pytest.raises(SettingsError, match="is no pattern file"):
        check_files(Mix.of(f"{tmp_path}@40"))


def test_it_needs_no_torch() -> None:
    code = "import sys, reage_training.actor.album_command; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
