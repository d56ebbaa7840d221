"""Write a dataset of synthetic faces to train on; what stands of it already is kept."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from reage_training.synth.views import DatasetOptions, head_of, write_dataset


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train synth`."""
    parser.add_argument("--out", type=Path, required=True, help="folder of the dataset")
    parser.add_argument(
        "--assets", type=Path, metavar="DIR", help="packed ICT-FaceKit; else the small head"
    )
    parser.add_argument("--seed", type=int, default=1, help="other seeds, other people")
    parser.add_argument("--identities", type=int, default=8, help="number of people")
    parser.add_argument("--views", type=int, default=1, help="views of each")
    parser.add_argument("--patterns", type=int, default=64, help="of ageing, that they share")
    parser.add_argument("--size", type=int, default=512, help="side of a view in px")
    parser.add_argument(
        "--large", type=float, default=0.0, help="share of people seen close, in 1024 px"
    )
    parser.add_argument("--texture", type=int, default=1024, help="side of a pattern's textures")
    parser.add_argument(
        "--seen", action="store_true",
        help="photograph each pattern as well, so that a network learns what photographs give",
    )
    parser.add_argument("--workers", type=int, default=2, help="processes")


def run(args: argparse.Namespace) -> int:
    """Write a dataset; 0, or an error of the ReageError tree."""
    options = DatasetOptions(
        args.assets, args.seed, args.identities, args.views, args.size, args.patterns,
        args.texture, args.large,
    )  # fmt: skip
    write_dataset(args.out, options, args.workers, _Reporter("identities"))
    if args.seen:
        from reage_training.synth.seen import write_seen  # which needs the face networks

        head, told = head_of(args.assets), _Reporter("patterns photographed")
        write_seen(args.out, head, args.seed, args.patterns, args.workers, told)
    return 0


class _Reporter:
    """Progress on stderr with the time left."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.start = time.monotonic()
        self.before: int | None = None

    def __call__(self, done: int, of: int) -> None:
        if self.before is None:
            self.before = done
        made = done - self.before
        left = (time.monotonic() - self.start) / max(made, 1) * (of - done)
        rest = f", {left / 60:.1f} min left" if made else ""
        print(f"synth: {done} of {of} {self.what}{rest}", file=sys.stderr)
