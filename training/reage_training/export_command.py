"""Write a checkpoint of `reage-train fit` as an ONNX model with its card inside."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from reage import home
from reage.errors import SettingsError
from reage_training.export import export
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("checkpoint", type=Path, help="best.pt or last.pt of a run")
    add(
        "-o",
        "--out",
        type=Path,
        default=home.default_model(),
        help="the ONNX file; the engine's default model where left away",
    )
    add("--model-version", default="1", help="stands in the card (%(default)s)")
    add("--figures", type=Path, metavar="JSON", help="of `reage-train evaluate`, for the card")
    how = "how it was trained, for the card: device, hours, what it went on from"
    add("--trained", metavar="TEXT", help=how)


def run(args: argparse.Namespace) -> int:
    figures = _read(args.figures) if args.figures else {}
    if args.trained:
        figures = {"trained": args.trained, **figures}
    worst = export(args.checkpoint, args.out, args.model_version, figures)
    size = args.out.stat().st_size / 2**20
    say(f"Wrote {args.out}, {size:.1f} MiB; at most {worst:.1e} of its largest delta off torch.")
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise SettingsError(f"Cannot read the figures in {path}: {e}") from e
    if not isinstance(data, dict):
        raise SettingsError(f"The figures in {path} must be a JSON object.")
    return data
