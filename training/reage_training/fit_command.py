"""Train the network on a dataset of synthetic faces.

Run it again with the same options to go on where it was left; Ctrl-C saves first.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage_training.designs import DESIGNS
from reage_training.fit import fit
from reage_training.loop import Session
from reage_training.schedule import FitSettings
from reage_training.strength import FORMS
from reage_training.terminal import STOPPED, folder, say

DEFAULT = FitSettings(steps=10_000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("data", type=folder, help="folder of a dataset; it may still be growing")
    add("-o", "--out", type=Path, required=True, help="folder of this run's checkpoints and log")
    add("--held", type=folder, help="dataset of other identities, to choose the best weights by")
    add("--steps", type=int, default=DEFAULT.steps, help="length of the whole run (%(default)s)")
    add("--minutes", type=float, help="stop and save after so long; run again to go on")
    add("--batch", type=int, default=DEFAULT.batch, help="pairs a step (%(default)s)")
    add("--window", type=int, default=DEFAULT.window, help="their side in px (%(default)s)")
    add("--rate", type=float, default=DEFAULT.rate, help="highest learning rate (%(default)s)")
    add("--seed", type=int, default=DEFAULT.seed)
    add("--net", choices=tuple(DESIGNS), default=DEFAULT.net, help="network (%(default)s)")
    uses = "how often each pair is learned from; on a CPU, where pairs are dear, 2 or 3"
    add("--uses", type=int, default=DEFAULT.uses, help=f"{uses} (%(default)s)")
    ask = "how the loss asks for strength (%(default)s)"
    add("--strength", choices=tuple(FORMS), default=DEFAULT.strength, help=ask)
    start = "checkpoint or exported model whose weights a new run begins with"
    add("--start-from", type=Path, help=start)
    add("--save-every", type=float, default=240.0, help="seconds between checkpoints (%(default)s)")
    add("--workers", type=int, default=1, help="threads that make pairs (%(default)s)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    aside = "let all other work on the machine go first"
    add("--background", action="store_true", help=aside)


def run(args: argparse.Namespace) -> int:
    settings = FitSettings(
        args.steps, args.batch, args.window, args.seed, args.rate, net=args.net, uses=args.uses,
        strength=args.strength,
    )  # fmt: skip
    session = Session(
        args.minutes, args.save_every, args.workers, args.device, args.background, say
    )
    result = fit(args.data, args.out, settings, session, args.held, args.start_from)
    return STOPPED if result.stopped else 0
