"""Make a model of an actor out of a book: their double is rendered, and an adapter of the default
model learns from it, mixed with default people.

Run it again with the same options to go on where it was left; Ctrl-C saves first. Several GPUs:
torchrun --nproc-per-node N -m reage_training.cli actor fit …
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from reage import home
from reage.errors import SettingsError
from reage_training.actor.book import Book
from reage_training.actor.double.double import DoubleOptions
from reage_training.actor.fitting.fit import ActorOptions, fit_actor
from reage_training.loop import Session
from reage_training.schedule import FitSettings
from reage_training.strength import FORMS
from reage_training.terminal import STOPPED, folder, say

DEFAULT = FitSettings(
    steps=10_000, batch=4, window=192, rate=5e-4, ema=0.998, uses=2, strength="banded"
)
"""Rate and form of strength are those that the default model was trained with."""

_OPTIONS = ActorOptions()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("book", type=folder, metavar="BOOK", help="folder of a book, with its album")
    add("-o", "--out", type=Path, required=True, metavar="RUN", help="folder of this run")
    add("--base", default="default", help="default, or an exported model (%(default)s)")
    add("--assets", type=Path, metavar="DIR", help="packed ICT-FaceKit; else the small head")
    held = "book of photographs that the album was not made of, to choose the person strength by"
    add("--held", type=folder, metavar="BOOK", help=held)
    people = "dataset of default people, of reage-train synth; rendered where left away"
    add("--people", type=folder, metavar="DATASET", help=people)
    add("--default-people", type=int, default=_OPTIONS.people, help="to render (%(default)s)")
    add("--sittings", type=int, default=16, help="of the double (%(default)s)")
    add("--steps", type=int, default=DEFAULT.steps, help="at most (%(default)s)")
    add("--minutes", type=float, help="stop and save after so long; run again to go on")
    add("--batch", type=int, default=DEFAULT.batch, help="pairs a step (%(default)s)")
    add("--window", type=int, default=DEFAULT.window, help="their side in px (%(default)s)")
    add("--rate", type=float, default=DEFAULT.rate, help="highest learning rate (%(default)s)")
    uses = "how often a pair is learned from (%(default)s)"
    add("--uses", type=int, default=DEFAULT.uses, help=uses)
    ask = "how the loss asks for strength (%(default)s)"
    add("--strength", choices=tuple(FORMS), default=DEFAULT.strength, help=ask)
    add("--rank", type=int, default=_OPTIONS.rank, help="of the adapter (%(default)s)")
    share = "of the pairs that are of the double (%(default)s)"
    add("--share", type=float, default=_OPTIONS.share, help=share)
    every = "steps between judgements on what is held out (%(default)s)"
    add("--every", type=int, default=_OPTIONS.every, help=every)
    patience = (
        "judgements in a row without a better one, after which it ends; those of the first half "
        "of --steps do not count (%(default)s)"
    )
    add("--patience", type=int, default=_OPTIONS.patience, help=patience)
    add("--seed", type=int, default=1)
    add("--workers", type=int, default=1, help="threads and processes (%(default)s)")
    add("--save-every", type=float, default=240.0, help="seconds between checkpoints (%(default)s)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")


def run(args: argparse.Namespace) -> int:
    """Fit; 0, STOPPED where a signal ended it, or an error of the ReageError tree."""
    settings = settings_of(args)
    options = ActorOptions(args.rank, args.share, args.every, args.patience, args.default_people)
    double = DoubleOptions(args.assets, args.seed, args.sittings)
    session = Session(args.minutes, args.save_every, args.workers, args.device, progress=say)
    book = Book.read(args.book)
    result = fit_actor(
        book, base_of(args.base), args.out, settings, options, double, session, args.people,
        held_out=Book.read(args.held) if args.held else None,
    )  # fmt: skip
    return STOPPED if result.stopped else 0


def settings_of(args: argparse.Namespace) -> FitSettings:
    return replace(
        DEFAULT, steps=args.steps, batch=args.batch, window=args.window, seed=args.seed,
        rate=args.rate, uses=args.uses, strength=args.strength,
    )  # fmt: skip


def base_of(word: str) -> Path:
    """The model file that --base names. Raises SettingsError."""
    path = home.default_model() if word == "default" else Path(word)
    if not path.is_file() or path.suffix != ".onnx":
        raise SettingsError(f"--base is default, or an exported model *.onnx; {word} is neither.")
    return path
