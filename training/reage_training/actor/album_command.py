"""Make pages in face UV out of a book's photographs, one for each age: lines, folds, spots, marks
that stay, tone and shape.

    reage-train actor album BOOK
    reage render shot.%04d.exr --source-age 60 --target-age 35 --pattern BOOK@target -o ...

What was read of a photograph is kept, so that a run that was stopped goes on, and a photograph more
costs seconds. A page that was painted on is left as it is, unless --again.
"""

from __future__ import annotations

import argparse

from reage.album import FOLDER
from reage.errors import Cancelled
from reage_training.actor.album.make import Outcome, Teller, make_album
from reage_training.actor.book import Book
from reage_training.interrupt import stop_requests
from reage_training.terminal import STOPPED, folder, say

_SAID = 10
"""Of a stage's steps, how many go by between two lines."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train actor album`."""
    parser.add_argument("book", type=folder, help="the book's folder, see `actor ingest`")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--again", action="store_true", help="pages painted by hand as well")


def run(args: argparse.Namespace) -> int:
    """Make the album; 0, 130 where it was stopped, or an error of the ReageError tree."""
    book = Book.read(args.book)
    with stop_requests() as stop:
        tell = Teller(_told, stop)
        try:
            made = make_album(book, args.workers, args.again, tell)
        except Cancelled as e:
            say(str(e))
            return STOPPED
    for line in _lines(made):
        say(line)
    print(book.folder / FOLDER / "index.html")
    return 0


def _told(stage: str, done: int, total: int) -> None:
    if done % _SAID == 0 or done == total:
        say(f"{stage}: {done}/{total}")


def _lines(made: Outcome) -> list[str]:
    lines = [f"Left out: {why}" for why in made.unread.values()]
    if made.odd:
        lines.append(
            f"{', '.join(made.odd)} disagree{'s' * (len(made.odd) == 1)} with all others, and "
            "count for nothing: another person, or a face that is hidden?"
        )
    if made.painted:
        names = ", ".join(path.name for path in made.painted)
        lines.append(f"Painted by hand and left as they are: {names}; --again makes them anew.")
    stay = len(made.marks)
    lines.append(
        f"{len(made.written)} pages made, {len(made.stood)} stood; "
        f"{stay} mark{'s' * (stay != 1)} that stay{'s' * (stay == 1)}."
    )
    return lines
