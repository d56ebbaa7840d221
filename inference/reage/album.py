"""An album on the disk: pages of one person, each a pattern file named after its age.

    BOOK/album/age_045.pattern.exr

A page holds what photographs near its age show, as a pattern of the oldest years. Between two pages
lies a blend of both; outside the span the nearest one counts, and with distance the drawn pattern.
Standard library only: hosts read it as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reage.bundle import album_of, is_bundle, pages_in
from reage.errors import ReageError, SettingsError
from reage.fingerprint import file_fingerprint

FOLDER = "album"
"""Of a book's, where its pages are."""

DRAWN = 0
"""The seed that an album leans on outside its span."""

_HALF = 20.0
"""Years outside the span after which half of what counts is drawn."""

_NAME = re.compile(r"age_(\d{3})\.pattern\.exr")


@dataclass(frozen=True)
class PageFile:
    """age: years; path: its pattern file"""

    age: float
    path: Path


@dataclass(frozen=True)
class Page:
    """What an album shows at an age.

    folder: a book's, or its album's, or a bundle's file; age: years; None is whatever the target
    age is
    """

    folder: str
    age: float | None

    def __str__(self) -> str:
        return f"{self.folder}@{'target' if self.age is None else f'{self.age:.10g}'}"

    @property
    def files(self) -> tuple[Path, ...]:
        """The pattern files it depends on; one that is missing where there is no album."""
        found = page_files(self.folder)
        if self.age is None:
            found = found or (_missing(self),)
            return tuple(file.path for file in found)
        return tuple(file.path for file, _ in around(found, self.age)) or (_missing(self).path,)


def page_path(folder: Path, age: float) -> Path:
    """Where the page of an age is in an album's folder."""
    return folder / f"age_{round(age):03d}.pattern.exr"


def page_files(folder: str) -> tuple[PageFile, ...]:
    """The pages of a book, of its album, or of a bundle, from young to old; () where there are
    none."""
    for where in _places(Path(folder)):
        try:
            files = [file for file in where.iterdir() if _NAME.fullmatch(file.name)]
            names = sorted(file.name for file in files if file.is_file())
        except OSError:
            continue
        found = [(m, where / name) for name in names if (m := _NAME.fullmatch(name))]
        if found:
            return tuple(PageFile(float(m[1]), path) for m, path in found)
    return ()


def own_album(model: str | None) -> Page | None:
    """What a model brings along as its pattern: a bundle's own album, at the target age; None for
    another model, or a bundle without one. Nothing is unpacked. Raises ModelError for a bundle that
    cannot be read."""
    if not model or not is_bundle(Path(model)):
        return None
    names = (page.filename.rpartition("/")[2] for page in pages_in(Path(model)))
    return Page(model, None) if any(map(_NAME.fullmatch, names)) else None


def _places(path: Path) -> tuple[Path, ...]:
    """Folders where the pages may be."""
    if not is_bundle(path):
        return path / FOLDER, path
    try:
        return (_unpacked(path, file_fingerprint(path)),)
    except ReageError:  # `opened` says it
        return ()


@lru_cache(maxsize=8)
def _unpacked(bundle: Path, fingerprint: object) -> Path:
    return album_of(bundle)


def around(pages: tuple[PageFile, ...], age: float) -> tuple[tuple[PageFile, float], ...]:
    """The one or two pages by an age, each with its share. Law: the shares sum to 1."""
    younger = [file for file in pages if file.age <= age]
    older = [file for file in pages if file.age > age]
    if not younger or not older:
        return tuple((file, 1.0) for file in (*younger[-1:], *older[:1]))
    low, high = younger[-1], older[0]
    share = (age - low.age) / (high.age - low.age)
    return ((low, 1.0 - share), (high, share)) if share else ((low, 1.0),)


def trust(pages: tuple[PageFile, ...], age: float) -> float:
    """0 … 1: how far an album is believed at an age; 1 within its span."""
    return trusted((pages[0].age, pages[-1].age), age)


def trusted(span: tuple[float, float], age: float) -> float:
    """0 … 1: how far what is known of a span is believed at an age; 1 within it."""
    beyond = max(span[0] - age, age - span[1], 0.0)
    return float(0.5 ** (beyond / _HALF))


def opened(page: Page) -> tuple[PageFile, ...]:
    """The pages of its album. Raises SettingsError where there are none, ModelError for a broken
    bundle."""
    if found := page_files(page.folder):
        return found
    if is_bundle(Path(page.folder)):
        album_of(Path(page.folder))  # says why there are none, or unpacks them anew
        return page_files(page.folder)
    if not Path(page.folder).is_dir():
        raise SettingsError(f"There is no folder {page.folder}, which --pattern {page} names.")
    raise SettingsError(
        f"{page.folder} holds no pages of an album (age_045.pattern.exr), which --pattern {page} "
        "asks for. Make them with `reage-train actor album`."
    )


def notice(page: Page, age: float) -> str:
    """What is to be told of a page at an age, in a sentence; empty within the span."""
    pages = page_files(page.folder)
    if not pages or trust(pages, age) == 1.0:
        return ""
    first, last = pages[0].age, pages[-1].age
    nearest = first if age < first else last
    return (
        f"The album {page.folder} has pages from {first:g} to {last:g}; at {age:g} its page of "
        f"{nearest:g} counts by {trust(pages, age):.0%}, the drawn pattern {DRAWN} by the rest."
    )


def _missing(page: Page) -> PageFile:
    age = page.age or 0.0
    return PageFile(age, page_path(Path(page.folder) / FOLDER, age))
