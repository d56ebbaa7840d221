"""Make pairs as `reage-train fit` does, say how many a second, and show them: a PNG with one in
each row: given, with the change, its detail, form and tone, hair gray, pattern, coverage.
"""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from reage.errors import SettingsError
from reage_training.dataset import find_views
from reage_training.device import pick_device, wait_for
from reage_training.output import write_picture
from reage_training.pairs.batches import batches
from reage_training.pairs.pair import draw_pair
from reage_training.pairs.sheet import pairs_sheet
from reage_training.render.bank import open_bank
from reage_training.schedule import FitSettings
from reage_training.terminal import folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train pairs`."""
    add = parser.add_argument
    add("data", type=folder, help="folder of a dataset")
    add("-o", "--out", type=Path, required=True, help="PNG file to write")
    add("--count", type=int, default=8, help="pairs (%(default)s)")
    add("--window", type=int, default=192, help="their side in px (%(default)s)")
    add("--seed", type=int, default=0)
    add("--workers", type=int, default=1, help="threads that make pairs (%(default)s)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")


def run(args: argparse.Namespace) -> int:
    if min(args.count, args.workers) < 1:
        raise SettingsError("--count and --workers must be one or more.")
    asked = FitSettings(args.count, 1, args.window, args.seed)
    device, views = pick_device(args.device), find_views(args.data)
    bank = open_bank(args.data, device)
    draw = partial(draw_pair, views, bank, asked.seed, size=asked.window)
    row = batches(lambda: draw, device, asked, 0, args.workers)
    with closing(row):
        first = next(row)  # what is made once a process is no pair's time
        wait_for(device)
        start = time.perf_counter()
        made = [first, *islice(row, args.count)]
        wait_for(device)
        seconds = time.perf_counter() - start
    write_picture(args.out, pairs_sheet(made[1:]))
    print(
        f"{args.count / seconds:.2f} pairs a second: {args.count} of {args.window} px in "
        f"{seconds:.1f} s on {device.type}, {args.workers} thread{'s' * (args.workers > 1)}"
    )
    return 0
