"""`reage-train synth`: options, and what they start."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from reage.errors import SettingsError
from reage_training.synth.generate import SetOptions, write_set
from reage_training.synth.head import load_ict
from reage_training.synth.sheet import contact_sheet, write_png
from reage_training.synth.small_head import small_head

SHEET_AGES = (20.0, 30.0, 45.0, 65.0, 80.0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reage-train synth`."""
    parser.add_argument("--out", type=Path, help="folder of the set to write or go on with")
    parser.add_argument("--contact-sheet", type=Path, metavar="FILE", help="write a PNG instead")
    parser.add_argument(
        "--assets", type=Path, metavar="DIR", help="packed ICT-FaceKit; else the small head"
    )
    parser.add_argument("--seed", type=int, default=1, help="other seeds, other people")
    parser.add_argument("--identities", type=int, default=8, help="number of people")
    parser.add_argument("--views", type=int, default=3, help="pictures of each at every age")
    parser.add_argument("--ages", help="years for all, as 20,45,80; else one of five bands each")
    parser.add_argument("--size", type=int, default=512, help="side of a picture in px")
    parser.add_argument("--texture", type=int, default=1024, help="side of a skin texture")
    parser.add_argument("--workers", type=int, default=2, help="processes")


def run(args: argparse.Namespace) -> int:
    """Write a set or a contact sheet; 0, or an error of the ReageError tree."""
    ages = _years(args.ages) if args.ages else None
    if args.contact_sheet is not None:
        head = load_ict(args.assets) if args.assets else small_head()
        picture = contact_sheet(
            head, args.seed, args.identities, ages or SHEET_AGES, args.size, args.texture
        )
        write_png(args.contact_sheet, picture)
        return 0
    if args.out is None:
        raise SettingsError("name the set's folder with --out, or a PNG with --contact-sheet")
    options = SetOptions(
        args.assets, args.seed, args.identities, args.views, ages, args.size, args.texture
    )
    write_set(args.out, options, args.workers, _Reporter())
    return 0


def _years(text: str) -> tuple[float, ...]:
    try:
        ages = tuple(float(word) for word in text.split(","))
    except ValueError:
        raise SettingsError(f"--ages {text} is no list of years such as 20,45,80") from None
    if not all(18 <= age <= 90 for age in ages):
        raise SettingsError(f"--ages {text}: the skins are made for 18 to 90 years")
    return ages


class _Reporter:
    """Progress on stderr with the time left."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.before: int | None = None

    def __call__(self, done: int, of: int) -> None:
        if self.before is None:
            self.before = done
        made = done - self.before
        left = (time.monotonic() - self.start) / max(made, 1) * (of - done)
        rest = f", {left / 60:.1f} min left" if made else ""
        print(f"synth: {done} of {of} identities{rest}", file=sys.stderr)
