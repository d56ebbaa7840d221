"""The report of a book: one page, its pictures inside, without scripts. Its words and their order
stand in `page.html.j2`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reage_training.actor.book import Book, Entry
from reage_training.actor.ingest.kept import KeptMeasures, write_text
from reage_training.actor.report import words
from reage_training.actor.report.coverage import BAND, covered
from reage_training.actor.report.plots import coverage_picture, sharpness_picture

Face = Callable[[str], bytes]
"""A photograph's sha256 → a small JPEG of its face, or nothing."""

MOST = 24
"""Faces shown of one band of ages, and of one reason: the page stays light."""

REASONS = {
    "damaged": "Cannot be read",
    "colorspace": "Do not say their color space: name it with --colorspace",
    "no_face": "No face found",
    "several_faces": "Several faces",
    "cut": "A face that runs out of the picture",
    "tiny": "A face too small",
    "blurred": "Blurred",
    "duplicate": "The same moment as another",
    "other_person": "Another person",
}
"""Titles, in the order of the page; what a hand has put aside comes last."""


@dataclass(frozen=True)
class Portrayed:
    """One photograph on the page: its face as a data URI, or empty."""

    entry: Entry
    picture: str


@dataclass(frozen=True)
class Shelf:
    """Photographs under a title; more: how many are not shown"""

    title: str
    shown: tuple[Portrayed, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def write_report(book: Book, kept: KeptMeasures, notices: Sequence[str]) -> None:
    """Write BOOK/index.html. Raises OutputError."""

    def face(sha256: str) -> bytes:
        found = kept.measures(sha256)
        return b"" if found is None else found.thumbnail.tobytes()

    write_text(book.folder / "index.html", page(book, face, notices))


def page(book: Book, face: Face, notices: Sequence[str]) -> str:
    """The whole page."""
    here = Environment(
        loader=PackageLoader(__package__, "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    learned = book.learned_from
    ageless = [e for e in book.entries if not e.aside and e.age is None]
    found = covered(learned)
    return here.get_template("page.html.j2").render(
        book=book,
        learned=learned,
        bands=_bands(learned, face),
        lacks=words.lacks(learned),
        coverage=Markup(coverage_picture(found)) if learned else "",
        sharpness=Markup(sharpness_picture(learned)) if learned else "",
        doubtful=_shelf("Doubts", [e for e in learned if e.doubt], face, 10 * MOST),
        ageless=_shelf("Without an age", ageless, face),
        aside=_aside(book, face),
        notices=notices,
    )


def _bands(learned: Sequence[Entry], face: Face) -> list[Shelf]:
    """By ages; bands within the span that are empty, too."""
    if not learned:
        return []
    by_band: dict[int, list[Entry]] = {}
    for entry in learned:
        by_band.setdefault(int((entry.age or 0.0) // BAND), []).append(entry)
    return [
        _shelf(f"{BAND * k}–{BAND * k + BAND - 1}", by_band.get(k, []), face)
        for k in range(min(by_band), max(by_band) + 1)
    ]


def _aside(book: Book, face: Face) -> list[tuple[str, Shelf]]:
    """(reason, its photographs)."""
    by_reason: dict[str, list[Entry]] = {}
    for entry in book.entries:
        if entry.aside:
            by_reason.setdefault(entry.aside, []).append(entry)
    order = [*(r for r in REASONS if r in by_reason), *sorted(set(by_reason) - set(REASONS))]
    return [
        (r, _shelf(REASONS.get(r, f"By hand: {r}"), by_reason[r], face)) for r in order
    ]


def _shelf(
    title: str, entries: Sequence[Entry], face: Face, most: int = MOST
) -> Shelf:
    """The finest of them, by age."""
    best = sorted(entries, key=lambda e: (not e.doubt, -e.detail_px, e.file))[:most]
    best.sort(key=lambda e: (e.age if e.age is not None else 999.0, e.file))
    return Shelf(title, tuple(Portrayed(e, _uri(face(e.sha256))) for e in best), len(entries))


def _uri(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else ""
