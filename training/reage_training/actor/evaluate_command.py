"""Measure a model of one actor, and the album alone, against the default; write one page.

reage-train actor evaluate --book BOOK --held HELD --out page.html
reage-train actor evaluate actor.reage --book BOOK --truth CAREER --others CAREER2 --out page.html
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from reage.album import Page
from reage.bundle import is_bundle
from reage.errors import SettingsError
from reage.mix import pattern
from reage.models.onnx_model import OnnxModel
from reage_training.actor.book import Book
from reage_training.actor.evaluation import pairs as known
from reage_training.actor.evaluation.contender import ACTOR, ALBUM, DEFAULT, Contender
from reage_training.actor.evaluation.curve import curve
from reage_training.actor.evaluation.page import ActorFigures, page
from reage_training.actor.evaluation.photographs import cases, held_of, trials
from reage_training.actor.evaluation.steady import steadiness
from reage_training.actor.evaluation.verdicts import FigureRow, other_people, rows
from reage_training.actor.evaluation.weak import weak_points
from reage_training.output import write
from reage_training.terminal import folder, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train actor evaluate`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("model", type=Path, nargs="?", help="model or bundle of the actor; else the album alone")
    add("--book", type=folder, required=True, help="the actor's book, with its album")
    add("--held", type=folder, metavar="BOOK", help="a book of photographs not learned from")
    add("--truth", type=folder, metavar="CAREER", help="an invented career: pairs to measure on")
    add("--others", type=folder, action="append", default=[], metavar="CAREER",
        help="another actor's career: what the model does to other people")  # fmt: skip
    add("--pairs", type=int, default=99, metavar="N", help="measure on the first so many")
    add("--default", type=Path, metavar="MODEL", help="the model beside it, if not ReAge's own")
    add("--out", type=Path, required=True, metavar="PAGE", help="the page, *.html")
    add("--device", default="auto", help="auto, cpu, cuda … (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Write the page; 0, or an error of the ReageError tree."""
    if args.out.suffix != ".html":
        raise SettingsError(f"The page is one HTML file: name it *.html, not {args.out}.")
    if args.pairs < 1:
        raise SettingsError("--pairs is 1 or more.")
    book = Book.read(args.book)
    ages = [e.age for e in book.learned_from if e.age is not None]
    if not ages:
        raise SettingsError(f"The book {args.book} has no photograph with an age.")
    contenders = _contenders(args)
    some = known.opened(args.truth)[: args.pairs] if args.truth else ()
    pairs = [known.measured(pair, contenders, say) for pair in some]
    held = held_of(Book.read(args.held), say) if args.held else []
    tasks = cases(held)
    tried = trials(tasks, contenders, say)
    still = steadiness(contenders, some[0]) if some else {}
    strengths = {}
    if args.model and is_bundle(args.model) and (some or tasks):
        strengths = curve(args.model, contenders[-1], some, tasks)
    label = contenders[-1].label
    span = (min(ages), max(ages))
    figures = ActorFigures(
        title="How good a model of one actor is" if args.model else "How good an album is",
        command="reage-train actor evaluate " + shlex.join(sys.argv[3:]),
        book=f"A book of {len(ages)} photographs, {span[0]:.0f} to {span[1]:.0f} years.",
        labels=[c.label for c in contenders],
        rows=rows(pairs) if pairs else (),
        others=_others(args, contenders),
        pairs=pairs,
        held=len(held),
        trials=tried,
        steady=still,
        strengths=strengths,
        least="error on skin" if some else "distance in relief",
        weak=list(weak_points(label, span, pairs, tried)),
    )
    write(args.out, page(figures).encode())
    _tell(figures)
    say(f"{args.out} is the page.")
    return 0


def _contenders(args: argparse.Namespace) -> list[Contender]:
    """The default, with the drawn pattern and with the album; the actor's model with the album."""
    default = OnnxModel.load(args.default, args.device)
    album = pattern(str(Page(str(args.book), None)))
    out = [Contender(DEFAULT, default), Contender(ALBUM, default, album)]
    if args.model:
        out.append(Contender(ACTOR, OnnxModel.load(args.model, args.device), album))
    return out


def _others(args: argparse.Namespace, contenders: list[Contender]) -> FigureRow | None:
    """Other people are given the drawn pattern: the album is not theirs."""
    if not args.model or not args.others:
        return None
    both = [Contender(c.label, c.model) for c in contenders if c.label != ALBUM]
    some = [p for career in args.others for p in known.opened(career)[: args.pairs]]
    return other_people([known.measured(pair, both, say) for pair in some])


def _tell(figures: ActorFigures) -> None:
    """The figures, for whoever looks at no page."""
    for row in [*figures.rows, *([figures.others] if figures.others else [])]:
        told = ", ".join(f"{label} {value}" for label, value in row.values.items())
        print(f"{row.text}: {told}" + (f" (to reach: {row.aim})" if row.aim else ""))
