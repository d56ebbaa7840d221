"""Compare trained networks: on held-out people the error they take away and the strength of
detail, form and tone, both ways; time, memory, cost of tiles.

reage-train compare local banded --held HELD
"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage_training.compare import HEAD, compared
from reage_training.dataset import find_views
from reage_training.device import pick_device
from reage_training.render.bank import open_bank
from reage_training.terminal import folder, say
from reage_training.validation import validation_batches


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="run",
        help="folders of runs, whose best weights count, or checkpoints")  # fmt: skip
    parser.add_argument("--held", type=folder, required=True, help="dataset of other people")
    parser.add_argument("--people", type=int, default=8, help="of the dataset (%(default)s)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")


def run(args: argparse.Namespace) -> int:
    device = pick_device(args.device)
    held = validation_batches(find_views(args.held), open_bank(args.held, device), args.people)
    print(HEAD)
    for checkpoint in args.checkpoints:
        say(f"measuring {checkpoint}")
        print(compared(checkpoint, held, device).text(), flush=True)
    return 0
