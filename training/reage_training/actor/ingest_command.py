"""Sort photographs and movies of one person by age into a book, and say what is missing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reage.errors import FaceError, SettingsError
from reage.progress import Progress
from reage_training.actor.ingest.run import Options, ingest
from reage_training.actor.report.page import write_report
from reage_training.interrupt import stop_requests
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train actor ingest`."""
    add = parser.add_argument
    add("photographs", type=Path, help="folder with photographs and movies, and folders of them")
    add("-o", "--out", type=Path, required=True, metavar="BOOK", help="folder of the book")
    add("--born", default="", metavar="DATE",
        help="the actor's, 1961-03-14, for photographs whose camera wrote the day")  # fmt: skip
    add("--ages", type=Path, metavar="FILE", help="CSV with the columns file and age")
    add("--like", type=Path, metavar="PHOTO", help="a photograph of the actor, where most are not")
    add("--stills", type=int, default=24, help="of a movie at most (%(default)s)")
    add("--colorspace", help="of files that do not say theirs, such as 16-bit TIFF")
    add("--workers", type=int, default=2, help="files measured at a time (%(default)s)")


def run(args: argparse.Namespace) -> int:
    if args.stills < 1:
        raise SettingsError(f"--stills must be one or more, not {args.stills}.")
    if args.workers < 1:
        raise SettingsError(f"--workers must be one or more, not {args.workers}.")
    options = Options(
        args.photographs, args.out, args.born, args.ages, args.like, args.stills, args.workers,
        args.colorspace,
    )  # fmt: skip
    with stop_requests() as stopped:
        done = ingest(options, _told, stopped)
    for notice in done.notices:
        say(notice)
    book = done.book
    write_report(book, done.kept, done.notices)
    if not any(e.face_px for e in book.entries):
        raise FaceError(
            f"None of the {len(book.entries)} photographs in {args.photographs} shows one face "
            f"that can be read; {book.folder / 'index.html'} says why of each."
        )
    aside = sum(1 for e in book.entries if e.aside)
    doubtful = sum(1 for e in book.learned_from if e.doubt)
    print(
        f"{len(book.learned_from)} photographs to learn from, {aside} put aside, {doubtful} "
        f"doubtful. Look at {book.folder / 'index.html'}."
    )
    return 0


def _told(progress: Progress) -> None:
    if sys.stderr.isatty():
        print(f"\r{progress}   ", end="\n" if progress.last else "", file=sys.stderr, flush=True)
    elif progress.last or progress.done % 10 == 0:
        say(str(progress))
