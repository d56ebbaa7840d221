"""Show the people of a dataset: a PNG with one in each row, ages across, and gray hair at the
last."""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.errors import SettingsError
from reage_training.output import write_picture
from reage_training.pairs.pair import OLDEST, YOUNGEST
from reage_training.people import people_sheet
from reage_training.terminal import folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train people`."""
    add = parser.add_argument
    add("data", type=folder, help="folder of a dataset")
    add("-o", "--out", type=Path, required=True, help="PNG file to write")
    add("--people", type=int, default=6, help="rows (%(default)s)")
    add("--ages", default="20,30,45,65,80", metavar="YEARS", help="columns (%(default)s)")
    add("--size", type=int, metavar="PX",
        help="side of each picture; as large as the largest view where left away")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    if args.people < 1:
        raise SettingsError(f"The number of people must be one or more, not {args.people}.")
    if args.size is not None and args.size < 1:
        raise SettingsError(f"--size must be one px or more, not {args.size}.")
    write_picture(args.out, people_sheet(args.data, args.people, years(args.ages), args.size))
    return 0


def years(text: str) -> tuple[float, ...]:
    """Ages from "20,45,80". Raises SettingsError."""
    try:
        ages = tuple(float(word) for word in text.split(","))
    except ValueError as e:
        raise SettingsError(f"--ages takes a list of years such as 20,45,80, not {text!r}.") from e
    if not all(YOUNGEST <= age <= OLDEST for age in ages):
        raise SettingsError(f"Ages must be {YOUNGEST:.0f} to {OLDEST:.0f} years, not {text}.")
    return ages
