"""Albums on the disk, and what a mix asks of them."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.bundles import bundle as made_bundle
from helpers.bundles import rights
from reage import home
from reage.album import (
    Page,
    PageFile,
    around,
    notice,
    opened,
    own_album,
    page_files,
    page_path,
    trust,
)
from reage.bundle import album_of
from reage.cli import main
from reage.errors import ModelError, SettingsError
from reage.mix import Mix, Term, at_target, pattern

ages = st.lists(st.integers(5, 95), min_size=1, max_size=6, unique=True).map(sorted)


def _pages(years: list[int]) -> tuple[PageFile, ...]:
    return tuple(PageFile(float(a), page_path(Path("book/album"), a)) for a in years)


@given(ages, st.floats(1, 100))
def test_shares_sum_to_one_and_between_pages_their_mean_is_the_age(
    years: list[int], age: float
) -> None:
    near = around(_pages(years), age)
    assert sum(share for _, share in near) == pytest.approx(1)
    held = min(max(age, years[0]), years[-1])
    assert sum(share * page.age for page, share in near) == pytest.approx(held)


@given(ages, st.floats(1, 100))
def test_an_album_is_believed_wholly_within_its_span_and_less_beyond(
    years: list[int], age: float
) -> None:
    pages = _pages(years)
    if years[0] <= age <= years[-1]:
        assert trust(pages, age) == 1.0
    elif min(abs(age - years[0]), abs(age - years[-1])) > 1e-6:
        assert trust(pages, age) < 1.0
    assert trust(pages, years[-1] + 20.0) == pytest.approx(0.5)
    assert trust(pages, years[0] - 20.0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "folder", "age"),
    [
        ("BOOK@65", "BOOK", 65.0),
        ("C:\\jobs\\the book\\album@65.5", "C:\\jobs\\the book\\album", 65.5),
        ("/shot@home/cut@65/anna@70", "/shot@home/cut@65/anna", 70.0),
        ("/a/b+c@30", "/a/b+c", 30.0),
        ("anna@target", "anna", None),
        ("anna@targets@9", "anna@targets", 9.0),
    ],
)
def test_a_page_is_read_wherever_its_book_lies(text: str, folder: str, age: float | None) -> None:
    mix = Mix.of(text)
    assert mix.terms == (Term(Page(folder, age)),)
    assert Mix.of(str(mix)) == mix and pattern(text) == text


def test_pages_mix_as_files_do() -> None:
    mix = Mix.of("BOOK@65:mirror:cheeks*0.7 + a.pattern.exr+x@20*2+seed:5*0.3+7")
    assert [t.source for t in mix.terms] == [
        Page("BOOK", 65.0), "a.pattern.exr", Page("x", 20.0), 5, 7,
    ]  # fmt: skip
    assert mix.terms[0].mirror and mix.terms[0].by == 0.7 and mix.terms[2].by == 2
    assert Mix.of(str(mix)) == mix


@pytest.mark.parametrize("text", ["@65", "BOOK@", "BOOK@old", "BOOK@1234", "BOOK@-5"])
def test_what_is_no_page_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="BOOK@65"):
        Mix.of(text)


def test_at_target_follows_the_target_age_and_leaves_the_rest() -> None:
    assert at_target("a@target*0.5+b@30+7", 62.0) == "a@62*0.5+b@30+seed:7"
    assert at_target(7, 62.0) == 7 and at_target("7", 62.0) == 7


def test_the_files_are_the_pages_by_the_age(tmp_path: Path) -> None:
    album = tmp_path / "book" / "album"
    album.mkdir(parents=True)
    for age in (30, 45, 60):
        page_path(album, age).write_bytes(b"")
    (album / "index.html").write_text("")
    book = tmp_path / "book"

    def named(text: str) -> list[str]:
        return [path.name[4:7] for path in Mix.of(text).files]

    assert named(f"{book}@50") == named(f"{album}@50") == ["045", "060"]
    assert named(f"{book}@45") == ["045"] and named(f"{book}@80") == ["060"]
    assert named(f"{book}@target") == ["030", "045", "060"]
    assert [page.age for page in page_files(str(book))] == [30, 45, 60]
    assert not notice(Page(str(book), 30.0), 30.0)
    assert "pages from 30 to 60; at 80 its page of 60 counts by 50%" in notice(
        Page(str(book), 80.0), 80.0
    )


def test_an_album_that_is_not_there_has_one_missing_file(tmp_path: Path) -> None:
    """So that hosts look at its folder, and it counts once it is there."""
    (missing,) = Mix.of(f"{tmp_path / 'none'}@40").files
    assert missing.name == "age_040.pattern.exr" and not missing.exists()
    assert Mix.of(f"{tmp_path / 'none'}@target").files


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REAGE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "anna.reage"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("album/age_030.pattern.exr", "album/age_060.pattern.exr", "album/shape.json"):
            file.writestr(name, name)
        file.writestr("album/../../outside.pattern.exr", "evil")
        file.writestr("album/age_040.pattern.exr.sh", "evil")
    return path


def test_a_bundle_is_an_album_as_a_book_is(bundle: Path) -> None:
    assert [page.age for page in page_files(str(bundle))] == [30.0, 60.0]
    (low, high) = Mix.of(f"{bundle}@45").files
    assert low.read_text() == "album/age_030.pattern.exr"
    assert {f.name for f in high.parent.iterdir()} == {
        "age_030.pattern.exr", "age_060.pattern.exr", "shape.json",
    }  # fmt: skip


def test_pages_that_were_deleted_from_the_cache_come_back(bundle: Path) -> None:
    page = Page(str(bundle), 30.0)
    shutil.rmtree(opened(page)[0].path.parent)
    assert all(page.path.is_file() for page in opened(page))
    shutil.rmtree(album_of(bundle))
    assert all(page.path.is_file() for page in opened(page))


def test_a_page_in_the_cache_that_was_changed_at_its_size_comes_back(bundle: Path) -> None:
    file = album_of(bundle) / "age_030.pattern.exr"
    right = file.read_bytes()
    file.write_bytes(bytes(len(right)))
    assert (album_of(bundle) / "age_030.pattern.exr").read_bytes() == right


def test_a_model_brings_along_the_album_of_a_bundle_alone(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REAGE_CACHE", "")  # nothing is unpacked
    assert own_album(str(bundle)) == Page(str(bundle), None)
    assert own_album(None) is None and own_album("face.onnx") is None
    bare = bundle.with_name("bare.REAGE")
    with zipfile.ZipFile(bare, "w") as file:
        file.writestr("album/shape.json", "{}")
    assert own_album(str(bare)) is None
    with pytest.raises(ModelError, match="none.reage"):
        own_album("none.reage")


def test_a_render_whose_bundles_album_cannot_be_unpacked_takes_no_other_pattern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = made_bundle(tmp_path / "anna.reage", rights())
    monkeypatch.setenv("REAGE_CACHE", "")
    plate, out = str(home.demo_plate()[0]), tmp_path / "o.exr"
    words = ["render", plate, "--source-age", "40", "--target-age", "50", "-o", str(out)]
    assert main([*words, "--model", str(anna)]) == SettingsError.exit_code
    assert "REAGE_CACHE is empty" in capsys.readouterr().err and not out.exists()


def test_a_bundle_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.reage"
    broken.write_text("no zip")
    assert page_files(str(broken)) == ()
    with pytest.raises(ModelError, match="is no bundle"):
        opened(Page(str(broken), 30.0))


def test_without_a_place_to_unpack_it_the_sentence_says_what_to_name(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REAGE_CACHE", "")
    with pytest.raises(SettingsError, match="REAGE_CACHE is empty"):
        opened(Page(str(bundle), 30.0))
