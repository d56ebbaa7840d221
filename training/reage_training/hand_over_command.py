"""Write a model, or a bundle, for a program that runs networks itself: as TorchScript, which Nuke's
CatFileCreator makes a .cat file of, or as ONNX with the JSON that Flame's Inference reads.

These see a whole frame, upright, and know no face track, no crop and no pattern: a quick look.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.errors import SettingsError
from reage.settings import Settings, settings_of
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("model", type=Path, help="a model that `reage-train` exported, or a .reage bundle")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--nuke", type=Path, metavar="NAME.pt", help="TorchScript")
    where.add_argument("--flame", type=Path, metavar="NAME.onnx", help="ONNX, with NAME.json")
    add("--ages", metavar="FROM,TO", help="of --flame: years that stay as they are, such as 45,65")
    (person,) = (s for s in settings_of(Settings) if s.name == "person")
    add(person.flag, type=person.reader, default=person.default, metavar="N", help=person.help)


def run(args: argparse.Namespace) -> int:
    from reage_training.other_hosts import KNOBS, write_flame, write_torchscript

    Settings(person=args.person)  # raises where it is none
    if args.nuke:
        write_torchscript(args.model, args.nuke, args.person)
        say(
            f"Wrote {args.nuke}: give it to CatFileCreator with channels in and out rgba.red, "
            f"rgba.green, rgba.blue, output scale 1, and the float knobs {', '.join(KNOBS)}. "
            "The plate is scene-linear ACEScg."
        )
        return 0
    beside = write_flame(args.model, args.flame, *_ages(args.ages), args.person)
    say(f"Wrote {args.flame} and {beside}: load the first in Inference, after a plate in ACEScct.")
    return 0


def _ages(text: str | None) -> tuple[float, float]:
    try:
        source, target = (float(word) for word in (text or "").split(","))
    except ValueError:
        raise SettingsError(f"--ages is two ages in years, such as 45,65; it got {text}.") from None
    if not all(0 < age <= 100 for age in (source, target)):
        raise SettingsError(f"--ages are years up to 100; it got {text}.")
    return source, target
