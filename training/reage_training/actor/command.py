"""Learn one actor from the photographs of a career, on this machine: no picture leaves it."""

from __future__ import annotations

import argparse
import importlib

COMMANDS = {
    "ingest": ("reage_training.actor.ingest_command", "sort photographs by age into a book"),
    "album": ("reage_training.actor.album_command", "lay a book's photographs out in face UV"),
    "fit": ("reage_training.actor.fit_command", "make a model of the actor out of a book"),
    "evaluate": ("reage_training.actor.evaluate_command", "measure it on photographs held out"),
    "bundle": ("reage_training.actor.bundle_command", "model, album and rights as one file"),
    "invent": ("reage_training.actor.invent_command", "render a career of nobody, to try it with"),
}
"""Name → module with `add_arguments(parser)` and `run(args) -> int`, and a line of help.

A step's module is imported only when it is called, so that ingest and album need no torch.
"""

_NONE = "\0"
"""Begins no word: what is an option is for the step to say."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A step's name, and its own words."""
    sub = parser.add_subparsers(dest="step", required=True, metavar="step")
    for name, (_, text) in COMMANDS.items():
        step = sub.add_parser(name, help=text, add_help=False, prefix_chars=_NONE)
        step.add_argument("words", nargs=argparse.REMAINDER)


def run(args: argparse.Namespace) -> int:
    """Run one step with its own words."""
    module = importlib.import_module(COMMANDS[args.step][0])
    parser = argparse.ArgumentParser(
        prog=f"reage-train actor {args.step}", description=module.__doc__
    )
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(args.words)))
