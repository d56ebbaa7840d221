"""read what was done to whose face, by what and under which consent, and check it"""

from __future__ import annotations

import argparse
from pathlib import Path

from reage.errors import SettingsError
from reage.tools.console import Console, add_console_flags


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("files", nargs="+", metavar="file",
        help="shot.%%04d.exr, a folder, pictures, movies, a ZIP, a .reage bundle")  # fmt: skip
    add("--model", type=Path, help="the model that it is to be made by; else the default one is "
        "compared where its name stands there")  # fmt: skip
    add("--consent", type=Path, metavar="FILE", help="the signed document that it is to name")
    add("--ingredients", type=Path, action="append", default=[], metavar="FOLDER",
        help="where files lie that a signed one was made of; may be given again")  # fmt: skip
    add("--trust", type=Path, metavar="PEM", help="certificates that you trust, such as your own; "
        "then whatever nobody of theirs has signed does not hold, unsigned files too")  # fmt: skip
    add_console_flags(parser)


def run(args: argparse.Namespace) -> int:
    from reage.fingerprint import sha256_of
    from reage.trail.against import Against
    from reage.trail.credentials import trusted_certificates
    from reage.trail.found import found_shots, passed_over
    from reage.trail.line import listed, one_line
    from reage.trail.shot_trail import trail_of

    try:
        consent = sha256_of(args.consent) if args.consent else ""
    except OSError as e:
        raise SettingsError(f"Cannot read what to check by: {e}.") from e
    anchors = trusted_certificates(args.trust) if args.trust else ""
    for folder in args.ingredients:
        if not folder.is_dir():
            raise SettingsError(f"There is no folder {folder} of ingredients.")
    against = Against(args.model, consent, args.ingredients, anchors)
    judged = [trail_of(shot, against) for shot in found_shots(args.files)]
    console = Console.of(args)
    holds = not any(one.problems for one in judged)
    beside = passed_over(args.files)
    shots = [one.document() for one in judged]
    document = {"holds": holds, "shots": shots, "not_looked_at": [*map(str, beside)]}
    told = [one.text() for one in judged]
    if beside:
        told.append(one_line(f"not looked at: {listed([path.name for path in beside])}."))
    console.result("\n".join(told), document)
    if console.quiet:
        console.complaint("\n".join(one.text() for one in judged if one.problems))
    return 0 if holds else 1
