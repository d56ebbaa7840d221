"""The maps of a mix of patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache, reduce
from pathlib import Path

import cv2
import numpy as np

from reage.album import DRAWN, Page, around, notice, opened, trust
from reage.fingerprint import file_fingerprint
from reage.mix import REGIONS, Mix, Term
from reage.pattern.file import read_pattern
from reage.pattern.maps import SIZE, maps
from reage.pattern.noise import Field, as_field, uv_grid
from reage.pattern.regions import neck, place

_PLACES = {
    "forehead": ("forehead",),
    "eyes": ("lid", "under_eye", "inner_eye", "outer_eye"),
    "nose": ("nose", "alar"),
    "cheeks": ("cheek", "lower_cheek"),
    "chin": ("chin",),
}
"""Of `reage.pattern.regions`, for each region."""

_MOUTH = ((0.17, 0.09), 0.445)
"""Half width and height, and v, of all that is around the mouth, in face UV."""

_NEAR = 1e-4
"""Far from all places, the nearest one still decides."""

_MARKED, _FAINT = 0.01, 0.03
"""Tone from which a page's texel is a mark's, and which one of them has at least: a tenth of the
light. An album's weakest have .048."""


def mixed(mix: Mix) -> Field:
    """(SIZE, SIZE, 3) float32, read-only: lines, folds and marks, see `reage.pattern.maps`.

    Albums that follow the target age are to be told it before, see `Mix.at`. A plain seed gives its
    own maps, to the bit. Raises SettingsError where a file cannot be read.
    """
    if isinstance(mix.plain, int):
        return maps(mix.plain)
    total = sum(_of_term(term) for term in mix.terms)
    out = np.asarray(total, np.float32)
    out.setflags(write=False)
    return out


def stays(mix: Mix) -> Field | None:
    """(SIZE, SIZE) float32: tone of the marks that stay, of the pages in a mix, the strongest
    where there are several; None where none of them has any. A page's weight is its ageing's: its
    marks are as they are, unless it is 0. Outside an album's span its nearest page counts.

    Arguments and errors as for `mixed`.
    """
    said = [(replace(term, by=1.0), _stays_of(term.source)) for term in mix.terms if term.by]
    laid = [_laid_out(term, tone) for term, tone in said if tone is not None]
    strongest = reduce(_stronger, laid) if laid else None
    return strongest if strongest is not None and np.any(strongest) else None


def check_files(mix: Mix) -> None:
    """Raises SettingsError where a file of a mix cannot be read, or an album has none."""
    for page in mix.pages:
        opened(page)
    for path in mix.files:
        _file(path)


def notices(mix: Mix, target_ages: Sequence[float]) -> Iterator[str]:
    """What is to be told of the albums in a mix, a sentence each: of one that follows the target
    age, at the youngest and the oldest of those."""
    ends = dict.fromkeys((min(target_ages), max(target_ages))) if target_ages else {}
    for page in mix.pages:
        for age in ends if page.age is None else (page.age,):
            if told := notice(page, age):
                yield told


def share(region: str, size: int) -> Field:
    """(size, size) 0 … 1: how much of each place is a region's. Law: the regions' sum to 1."""
    return np.asarray(_shares(size)[REGIONS.index(region)])


def _of_term(term: Term) -> Field:
    return _laid_out(term, _of_source(term.source))


def _laid_out(term: Term, made: Field) -> Field:
    """A term's source (SIZE, SIZE[, 3]) mirrored, on its regions, by its weight."""
    if term.mirror:
        made = made[:, ::-1]
    if term.regions:
        shares = [share(region, SIZE) for region in dict.fromkeys(term.regions)]
        made = made * np.sum(shares, 0).reshape(SIZE, SIZE, *[1] * (made.ndim - 2))
    return np.asarray(made * np.float32(term.by))


def _of_source(source: int | str | Page) -> Field:
    if isinstance(source, int):
        return maps(source)
    return _of_page(source) if isinstance(source, Page) else _file(Path(source))


def _of_page(page: Page) -> Field:
    assert page.age is not None, "a page's age is known when it is drawn"
    pages = opened(page)
    total = np.sum([share * _file(near.path) for near, share in around(pages, page.age)], 0)
    believed = np.float32(trust(pages, page.age))
    if believed < 1:
        total = believed * total + (1 - believed) * maps(DRAWN)
    return as_field(total)


def _stays_of(source: int | str | Page) -> Field | None:
    """(SIZE, SIZE); None of what is no page, or has no mark."""
    if isinstance(source, int):
        return None
    if isinstance(source, str):
        return _stays_in(Path(source))
    assert source.age is not None, "a page's age is known when its marks are looked for"
    near = [(share, _stays_in(file.path)) for file, share in around(opened(source), source.age)]
    some = [share * tone for share, tone in near if tone is not None]
    return as_field(sum(some)) if some else None


def _stronger(one: Field, other: Field) -> Field:
    return np.where(np.abs(other) > np.abs(one), other, one)


def _file(path: Path) -> Field:
    return _read(str(path), file_fingerprint(path))[0]


def _stays_in(path: Path) -> Field | None:
    return _read(str(path), file_fingerprint(path))[1]


@lru_cache(maxsize=8)
def _read(path: str, fingerprint: object) -> tuple[Field, Field | None]:
    """A pattern file's maps, and its marks that stay; None where it has none."""
    page = read_pattern(Path(path), further=("stays",))
    tone = page.further.get("stays")
    return page.maps, None if tone is None else _without_specks(tone)


def _without_specks(tone: Field) -> Field | None:
    """The marks that are not faint all over; None where there are none."""
    count, labels = cv2.connectedComponents((np.abs(tone) > _MARKED).astype(np.uint8))
    peaks = np.zeros(count, np.float32)
    there = labels > 0
    np.maximum.at(peaks, labels[there], np.abs(tone[there]))
    return tone * (peaks >= _FAINT)[labels] if (peaks >= _FAINT).any() else None


@cache
def _shares(size: int) -> Field:
    """(R, size, size), in the order of REGIONS."""
    weights = [_weight(region, size) ** 2 for region in REGIONS]
    return np.asarray(weights / np.sum(weights, 0), np.float32)


def _weight(region: str, size: int) -> Field:
    if region == "neck":
        return 2 * neck(size)
    if region == "mouth":
        (wide, high), middle = _MOUTH
        u, v = uv_grid(size)
        return as_field(np.exp(-(((u - 0.5) / wide) ** 2) - ((v - middle) / high) ** 2))
    return as_field(np.sum([place(name, size) for name in _PLACES[region]], 0) + _NEAR)
