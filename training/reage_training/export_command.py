"""Write a checkpoint of `reage-train fit` as an ONNX model with its card inside."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reage import home, strict_json
from reage.errors import SettingsError
from reage_training.export import export
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("checkpoint", type=Path, help="best.pt or last.pt of a run")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--out", type=Path, help="the ONNX file")
    where.add_argument(
        "--release",
        action="store_true",
        help="put it in the place of the model that comes with ReAge",
    )
    add("--model-version", default="1", help="stands in the card (%(default)s)")
    add("--figures", type=Path, metavar="JSON", help="of `reage-train evaluate`, for the card")
    how = "how it was trained, for the card: device, hours, what it went on from"
    add("--trained", metavar="TEXT", help=how)


def run(args: argparse.Namespace) -> int:
    out = home.default_model() if args.release else args.out
    if not args.release and _is(out, home.default_model()):
        raise SettingsError(
            f"{out} is the model that comes with ReAge. Name another file, or say --release."
        )
    figures = _read(args.figures) if args.figures else {}
    if args.trained:
        figures = {"trained": args.trained, **figures}
    worst = export(args.checkpoint, out, args.model_version, figures)
    size = out.stat().st_size / 2**20
    say(f"Wrote {out}, {size:.1f} MiB; at most {worst:.1e} of its largest delta off torch.")
    return 0


def _is(path: Path, other: Path) -> bool:
    return path.exists() and other.exists() and path.samefile(other)


def _read(path: Path) -> dict[str, Any]:
    data = strict_json.load(path, f"the figures in {path}", SettingsError)
    if not isinstance(data, dict):
        raise SettingsError(f"The figures in {path} must be a JSON object.")
    return data
