"""make a pattern from photographs, or show the drawn ones"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.errors import SettingsError
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "photographs", nargs="*", type=Path, metavar="PHOTO",
        help="photographs of one person's face; the more sides they show, the better",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="name.pattern.exr; with --sheet a PNG"
    )
    parser.add_argument("--look", type=Path, metavar="PNG", help="a picture of the pattern")
    parser.add_argument(
        "--sheet", action="store_true", help="instead: a picture of the patterns of 16 seeds"
    )
    parser.add_argument(
        "--colorspace", metavar="NAME", help="of the photographs, where they do not say it"
    )
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    console = Console.of(args)
    for path in [args.look] if args.look else [args.output] if args.sheet else []:
        if path.suffix.lower() != ".png":
            raise SettingsError(f"A picture of patterns is a PNG: name it *.png, not {path}.")
    if args.sheet:
        if args.photographs:
            raise SettingsError("--sheet shows the drawn patterns; it takes no photographs.")
        from reage.tools.pattern_sheet import write_sheet

        write_sheet(args.output)
        console.result(f"sheet: {args.output}", {"sheet": str(args.output)})
        return 0
    from reage.media.overwriting import refuse_overwriting
    from reage.pattern.file import check_name
    from reage.pattern.photo.extract import make_pattern
    from reage.pattern.picture import write_picture

    check_name(args.output)
    photographs = [("photograph", each) for each in args.photographs]
    refuse_overwriting([args.output, args.look], photographs)
    made = make_pattern(args.photographs, args.colorspace, progress=console.progress)
    made.write(args.output)
    if args.look:
        write_picture(args.look, made.maps, made.coverage)
    said = f"{made.text()}\npattern: {args.output}"
    console.result(said, {"pattern": str(args.output), **made.document()})
    return 0
