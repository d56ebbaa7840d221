"""Write a model anew with the same weights: for several tiles at once, and in half precision."""

from __future__ import annotations

import argparse
from pathlib import Path

from reage import home
from reage.errors import SettingsError
from reage_training.rewrite import rewrite
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    default = home.default_model()
    parser.add_argument(
        "model", type=Path, nargs="?", default=default, help="the default one otherwise"
    )
    parser.add_argument("-o", "--out", type=Path, required=True, help="the ONNX file")
    parser.add_argument(
        "--half", action="store_true",
        help="weights and most layers as half, for a GPU; the first and the last stay float32",
    )
    parser.add_argument(
        "--emulate", action="store_true",
        help="of --half: what computes in float32 and rounds as a GPU does, to see on a CPU what "
        "halves make different",
    )


def run(args: argparse.Namespace) -> int:
    if args.out.exists():
        raise SettingsError(f"{args.out} is there already; name another file.")
    if args.emulate and not args.half:
        raise SettingsError("--emulate shows what halves make different; say --half as well.")
    share = rewrite(args.model, args.out, args.half, args.emulate)
    size = args.out.stat().st_size / 2**20
    off = "on the CPU the same pixels to the bit"
    if args.half:
        off = f"on noise, rounded as a GPU rounds, at most {share:.1e} of its largest value off"
    say(f"Wrote {args.out}, {size:.1f} MiB, for any number of tiles at once; {off}.")
    return 0
