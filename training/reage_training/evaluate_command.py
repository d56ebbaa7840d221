"""Measure an exported model on a set of identities that it was not trained on, and show it.

reage-train evaluate model.onnx HELD --figures figures.json --sheet sheet.png
reage-train evaluate model.onnx --portrait face.png --source-age 40 --sheet face_sheet.png
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from reage.errors import OutputError, SettingsError
from reage.onnx_model import OnnxModel
from reage_training.dataset import find_groups
from reage_training.evaluate import evaluate, table_text
from reage_training.portrait import portrait_sheet
from reage_training.sheet import held_sheet, write_png
from reage_training.terminal import folder, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("model", type=Path, help="an exported model")
    add("held", type=folder, nargs="?", help="set to measure on")
    add("--figures", type=Path, metavar="JSON", help="write the figures, for `export --figures`")
    add("--sheet", type=Path, metavar="PNG", help="write a contact sheet")
    add("--people", type=int, default=6, help="on the sheet (%(default)s)")
    add("--panel", type=int, metavar="PX", help="side of the sheet's panels; else full size")
    add("--portrait", type=Path, metavar="IMAGE", help="show this picture instead of the set")
    add("--source-age", type=float, metavar="YEARS", help="of the portrait")
    add("--target-ages", default="25,75", metavar="YEARS", help="for it (%(default)s)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")


def run(args: argparse.Namespace) -> int:
    model = OnnxModel.load(args.model, args.device)
    if args.portrait is not None:
        return _portrait(args, model)
    if args.held is None:
        raise SettingsError("Name a set to measure on, or a picture with --portrait.")
    groups = find_groups(args.held)
    table = evaluate(model, groups, progress=say)
    print(table_text(table))
    if args.figures:
        _write_figures(args, {"groups": len(groups), "pairs": table})
    if args.sheet:
        write_png(args.sheet, held_sheet(model, groups, args.people, args.panel))
    return 0


def _portrait(args: argparse.Namespace, model: OnnxModel) -> int:
    if args.sheet is None or args.source_age is None:
        raise SettingsError("--portrait needs --source-age YEARS and --sheet PNG.")
    try:
        targets = [float(age) for age in args.target_ages.split(",")]
    except ValueError as e:
        raise SettingsError(f"--target-ages are years as 25,75, not {args.target_ages}.") from e
    side = args.panel or model.card.crop_size
    write_png(args.sheet, portrait_sheet(model, args.portrait, args.source_age, targets, side))
    return 0


def _write_figures(args: argparse.Namespace, figures: dict[str, Any]) -> None:
    """Figures with the command that made them and how its set was made."""
    made = args.held / "set.json"
    entry = {
        "command": f"reage-train evaluate {args.model.name} {args.held.name}",
        "held_set": json.loads(made.read_text(encoding="utf-8")) if made.exists() else None,
        "unit": "ACEScct code values; 0.057 is one stop",
        **figures,
    }
    try:
        args.figures.write_text(json.dumps(entry, indent=1, ensure_ascii=False), encoding="utf-8")
    except OSError as e:
        raise OutputError(f"Cannot write the figures {args.figures}: {e}") from e
