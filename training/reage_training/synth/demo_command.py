"""Render the repository's demo plate: 960×540, eight frames, scene-linear ACEScg."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reage_training.synth.demo_plate import write_demo_plate
from reage_training.synth.head import load_ict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train demo-plate`."""
    parser.add_argument("--assets", type=Path, required=True, metavar="DIR", help="packed ICT")
    parser.add_argument("--out", type=Path, required=True, help="folder for demo.1001.exr …")
    parser.add_argument("--texture", type=int, default=2048, help="side of a skin texture")


def run(args: argparse.Namespace) -> int:
    """Write the plate; 0, or an error of the ReageError tree."""
    write_demo_plate(args.out, load_ict(args.assets), args.texture, _report)
    return 0


def _report(done: int, of: int) -> None:
    print(f"demo-plate: {done} of {of} frames", file=sys.stderr)
