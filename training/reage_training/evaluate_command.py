"""Measure models on people that they were not trained on, and write a page with figures and
pictures.

reage-train evaluate model.onnx --held HELD --out page
reage-train evaluate model.onnx other.onnx --held HELD --out page --assets DIR --people 24
reage-train evaluate model.onnx --held HELD --out page --portrait face.png --source-age 40
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import torch

from reage import strict_json
from reage.errors import SettingsError
from reage.models.onnx_model import OnnxModel
from reage_training.dataset import find_views
from reage_training.device import pick_device
from reage_training.evaluation import gallery, plots, tables
from reage_training.evaluation.evaluate import EvaluatedModel, evaluate, spread_over
from reage_training.evaluation.page import PagePictures, page
from reage_training.evaluation.portrait import TARGETS, portrait
from reage_training.evaluation.sheet import Album
from reage_training.evaluation.tables import PageEntry
from reage_training.output import write
from reage_training.render.bank import open_bank
from reage_training.synth.views import head_of
from reage_training.terminal import folder, say

LARGEST = 3_000_000
"""Bytes that a page and its pictures should have at most."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("models", type=Path, nargs="+", metavar="model", help="exported models, any with a card")
    add("--held", type=folder, required=True, metavar="DIR", help="dataset to measure on")
    add("--out", type=Path, required=True, metavar="DIR", help="folder of the page")
    add("--people", type=int, default=24, help="measured, spread over the dataset (%(default)s)")
    add("--pictures", type=int, default=4, help="people that are shown (%(default)s)")
    add("--assets", type=Path, metavar="DIR",
        help="packed ICT-FaceKit for the moving head; else the small head")  # fmt: skip
    add("--figures", type=Path, metavar="JSON",
        help="write the first model's figures, for `export --figures`")  # fmt: skip
    add("--portrait", type=Path, action="append", default=[], metavar="IMAGE",
        help="show this picture as well; may be given several times")  # fmt: skip
    add("--source-age", type=float, action="append", default=[], metavar="YEARS",
        help="of each portrait, in their order")  # fmt: skip
    add("--target-ages", default=",".join(f"{age:g}" for age in TARGETS), metavar="YEARS",
        help="of the portraits (%(default)s)")  # fmt: skip
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")


def run(args: argparse.Namespace) -> int:
    models = [OnnxModel.load(path, args.device) for path in args.models]
    portraits = _portraits_of(args)
    if args.people < 1 or args.pictures < 1:
        raise SettingsError("--people and --pictures are at least 1.")
    device = pick_device(args.device)
    if device.type == "cpu":
        torch.set_num_threads(1)  # renders run beside the models, which have the others
    views = spread_over(find_views(args.held), args.people)
    head = head_of(args.assets)
    measured = evaluate(models, views, open_bank(args.held, device), head, args.pictures, say)
    labels = _labels(models)
    album = Album(args.out)
    entries = [
        PageEntry(label, model.path.name, model.card, model.sha256, report, color)
        for label, model, report, color in zip(
            labels, models, measured.reports, cycle(plots.COLORS), strict=False
        )
    ]
    pictures = _pictures(album, measured, entries, models, portraits)
    text = page(entries, pictures, _command(args), _people(args, len(views)))
    size = sum(album.written.values()) + write(args.out / "index.html", text.encode())
    if args.figures:
        write(args.figures, _figures(args, measured).encode())
    say(f"Wrote {args.out / 'index.html'} with {len(album.written)} pictures, {size / 1e6:.1f} MB.")
    if size > LARGEST:
        say(f"That is more than {LARGEST / 1e6:g} MB; fewer --pictures make it smaller.")
    return 0


def _labels(models: Sequence[OnnxModel]) -> list[str]:
    """Name and version, and the file's name where two would be called the same."""
    names = [f"{m.card.name} {m.card.version}" for m in models]
    return [
        f"{name} ({m.path.stem})" if names.count(name) > 1 else name
        for name, m in zip(names, models, strict=True)
    ]


Asked = tuple[tuple[Path, float, tuple[float, ...]], ...]
"""Portraits: picture, its age, target ages."""


def _portraits_of(args: argparse.Namespace) -> Asked:
    if len(args.portrait) != len(args.source_age):
        raise SettingsError("Each --portrait needs its --source-age YEARS.")
    try:
        targets = tuple(float(age) for age in args.target_ages.split(","))
    except ValueError as e:
        raise SettingsError(f"--target-ages are years as 25,75, not {args.target_ages}.") from e
    pairs = zip(args.portrait, args.source_age, strict=True)
    return tuple((path, age, targets) for path, age in pairs)


def _pictures(
    album: Album, measured: EvaluatedModel, entries: Sequence[PageEntry],
    models: Sequence[OnnxModel], portraits: Asked,
) -> PagePictures:  # fmt: skip
    labels = tables.labels(entries)
    shown = []
    for number, (path, age, targets) in enumerate(portraits):
        for label, model in zip(labels, models, strict=True):
            made = portrait(model, path, age, targets)
            left = ", ".join(f"{share:.0%} at {target:g}" for target, share in made.left)
            caption = f"{label}, {path.name}"
            caption += f": fine-detail energy left {left}" if left else ""
            name = f"portrait_{number}_{labels.index(label)}"
            shown.append((album.add(name, made.sheet(age), 90), caption))
    return PagePictures(
        gallery.people(album, measured.people.shown, labels),
        gallery.people(album, measured.people.worst, labels, "worst"),
        gallery.close_ups(album, measured, labels),
        [(album.plot("growth", plots.growth(entries)), "Means; thin lines are one person each")],
        gallery.sweeps(album, measured.large, labels),
        gallery.nudges(album, measured.people.nudged, labels),
        gallery.motion(album, measured),
        shown,
    )


def _command(args: argparse.Namespace) -> str:
    """What makes this page again; folders by their names, as they lie elsewhere elsewhere."""
    words = ["reage-train evaluate", *(path.name for path in args.models)]
    words += ["--held", args.held.name, "--out", args.out.name, f"--people {args.people}"]
    words += [f"--pictures {args.pictures}"] if args.pictures != 4 else []
    words += ["--assets ICT"] if args.assets else []
    for path, age in zip(args.portrait, args.source_age, strict=True):
        words += ["--portrait", path.name, f"--source-age {age:g}"]
    return " ".join(words)


def _people(args: argparse.Namespace, count: int) -> str:
    made = _held_set(args)
    whom = f"{count} of {made['identities']} people" if made else f"{count} views"
    how = (
        f" (reage-train synth --seed {made['seed']} --identities {made['identities']} --patterns "
        f"{made['patterns']} --size {made['size']} --texture {made['texture']} --large "
        f"{made['large']:g}, head: {made['assets']})" if made else ""
    )  # fmt: skip
    head = "ICT-FaceKit" if args.assets else "the small head"
    return f"Measured on {whom} that no training saw{how}; the moving head is {head}."


def _held_set(args: argparse.Namespace) -> dict[str, Any] | None:
    path = args.held / "set.json"
    if not path.exists():
        return None
    made = strict_json.load(path, f"the set in {path}", SettingsError)
    if not isinstance(made, dict):
        raise SettingsError(f"{path} describes no set.")
    return made


def _figures(args: argparse.Namespace, measured: EvaluatedModel) -> str:
    """The first model's figures with the command that made them and how its set was made."""
    entry = {
        "command": _command(args),
        "held_set": _held_set(args),
        "unit": "ACEScct code values; 0.057 is one stop",
        **measured.reports[0],
    }
    return json.dumps(entry, indent=1, ensure_ascii=False)
