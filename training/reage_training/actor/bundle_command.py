"""Put a model of one actor, its album and a card that says whose face it is and what was agreed on
into one file, which artists choose as a model."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from reage import home, strict_json
from reage.bundle import ENDING, is_bundle
from reage.errors import OutputError, SettingsError
from reage.models.rights import Rights, template
from reage.shaped import made
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("model", type=Path, nargs="?", help="actor.onnx of a run of `reage-train actor fit`")
    add("--album", type=Path, metavar="BOOK", help="book or album whose pages go with it")
    add("--rights", type=Path, metavar="JSON", help="what was agreed on, see --begin")
    add("--begin", type=Path, metavar="JSON", help="instead: write an empty JSON of rights")
    add("--base", type=Path, default=home.default_model(), metavar="ONNX",
        help="the model that learning began with, else the one that comes with ReAge")  # fmt: skip
    add("--name", help="the model's name on its card, else the performer's")
    sign = "sign it: the studio's certificate, and the one above it"
    add("--sign", type=Path, metavar="PEM", help=sign)
    add("--key", type=Path, metavar="PEM", help="of --sign: the key that belongs to it")
    add("--algorithm", default="es256", help="of --sign (%(default)s)")
    add("--check", type=Path, metavar="NAME.reage", help="instead: what a bundle's signature says")
    add("-o", "--out", type=Path, metavar="NAME.reage", help="the bundle")


def run(args: argparse.Namespace) -> int:
    if args.begin:
        return _begin(args.begin)
    if args.check:
        return _check(args.check)
    if bool(args.sign) != bool(args.key):
        raise SettingsError("Signing takes both, --sign with certificates and --key.")
    if not (args.model and args.rights and args.out):
        raise SettingsError("A bundle needs a model, --rights and -o NAME.reage.")
    if not is_bundle(args.out):
        raise SettingsError(f"A bundle is named *{ENDING}; {args.out} is not.")
    from reage.trail.signing import Signer, sign_bundle
    from reage_training.actor.bundle import make_bundle

    rights = read_rights(args.rights)
    signer = Signer.open(args.sign, args.key, args.algorithm) if args.sign else None

    def sign(draft: Path) -> None:
        if signer:
            sign_bundle(draft, signer, args.out.name)

    make_bundle(
        args.model, args.base, args.album, rights, args.out, args.name or rights.performer, sign
    )
    say(f"Wrote {args.out}, {args.out.stat().st_size / 2**20:.1f} MiB: {rights.line()}.")
    return 0


def _check(path: Path) -> int:
    from reage.trail.signature import signature_of

    found = signature_of(path)
    say("It is not signed." if found is None else found.text())
    return 0 if found and found.holds else 1


def read_rights(path: Path) -> Rights:
    """Raises SettingsError that names each wrong field."""
    data = strict_json.load(path, f"the rights in {path}", SettingsError)
    rights = replace(made(Rights, data, f"The rights in {path}", SettingsError), overridden="")
    if problems := rights.problems():
        raise SettingsError(f"The rights in {path} are wrong: {'; '.join(problems)}.")
    return rights


def _begin(path: Path) -> int:
    if path.exists():
        raise SettingsError(f"{path} stands already; it is not touched.")
    try:
        path.write_text(json.dumps(template(), indent=1) + "\n", encoding="utf-8")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e
    say(f"Wrote {path}: fill it in from the signed consent, and give it as --rights.")
    return 0
