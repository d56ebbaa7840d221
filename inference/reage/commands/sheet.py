"""a picture of plate, younger, older, delta and matte"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.commands.flags import add_flags, values
from reage.errors import SettingsError
from reage.settings import Settings, settings_of
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plate", help="one frame, shot.%%04d.exr, or a movie")
    parser.add_argument(
        "younger", nargs="?",
        help="its layers, re-aged younger; without them a frame with a large face is chosen and "
        "made 30 years younger and older, or as far as ages go, 18 to 85",
    )
    parser.add_argument("older", nargs="?", help="its layers, re-aged older")
    parser.add_argument(
        "-o", "--output", type=Path, required=True,
        help="PNG to write; the pictures' ages stand above them",
    )
    shown = ("source_age", "face", "model", "colorspace", "shape")
    add_flags(parser, (s for s in settings_of(Settings) if s.name in shown))
    add_console_flags(parser)
    parser.set_defaults(source_age=None)


def run(args: argparse.Namespace) -> int:
    from tempfile import TemporaryDirectory

    from reage.media.overwriting import refuse_overwriting
    from reage.media.patterns import frame_path
    from reage.tools.contact_sheet import write_sheet
    from reage.tools.sheet_of_shot import frame_of_both, rendered

    if not args.younger and args.source_age is None:
        raise SettingsError("Say how old the face is, with --source-age, or name its layers.")
    if args.younger and not args.older:
        raise SettingsError("A contact sheet shows two sets of layers; name the older ones too.")
    console = Console.of(args)
    inputs = [("plate", args.plate), *(("layers", each) for each in (args.younger, args.older))]
    refuse_overwriting([args.output], [*inputs, ("model", args.model)])
    with TemporaryDirectory(prefix="reage_sheet") as folder:
        if args.younger:
            number = frame_of_both(args.plate, args.younger, args.older)
            layers = [frame_path(each, number) for each in (args.younger, args.older)]
        else:
            settings = Settings(**values(args, Settings))
            number, *layers = rendered(args.plate, settings, Path(folder), console.progress)
        ages = write_sheet(
            args.plate, layers[0], layers[1], args.output, args.colorspace, args.shape, number
        )
    what = f"frame {number}" + "".join(f", {name} {age:g}" for name, age in ages.items())
    said = {"sheet": str(args.output), "frame": number, "ages": ages}
    console.result(f"contact sheet: {args.output} ({what})", said)
    return 0
