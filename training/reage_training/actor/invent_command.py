"""Render the career of an actor of nobody: photographs as a studio hands them over, and the truth
of each, to try everything with; what stands of it already is kept."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from reage_training.actor.career.invent import CareerOptions, invent
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train actor invent`."""
    parser.add_argument("out", type=Path, help="folder of the career")
    parser.add_argument(
        "--assets", type=Path, metavar="DIR", help="packed ICT-FaceKit; else the small head"
    )
    parser.add_argument("--seed", type=int, default=1, help="other seeds, other actors")
    parser.add_argument("--photographs", type=int, default=60, help="how many, good and bad")
    parser.add_argument("--workers", type=int, default=2, help="processes")


def run(args: argparse.Namespace) -> int:
    """Write a career; 0, or an error of the ReageError tree."""
    start, before = time.monotonic(), -1

    def told(done: int, of: int) -> None:
        nonlocal before
        before = done if before < 0 else before
        made = done - before
        left = (time.monotonic() - start) / max(made, 1) * (of - done) / 60
        say(f"invent: {done} of {of} pictures" + (f", {left:.1f} min left" if made else ""))

    options = CareerOptions(args.assets, args.seed, args.photographs)
    invent(args.out, options, args.workers, told)
    say(f"{args.out} is a career; look at {args.out / 'sheet.jpg'}.")
    return 0
