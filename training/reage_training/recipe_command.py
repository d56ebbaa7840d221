"""All of training by one command, for a machine with a GPU: views of people, and of others who
are held out; the training; the model as an ONNX file; its evaluation page.

Each step is a command of reage-train and is said before it runs, so that it can also be run alone:
views, for example, on a machine without a GPU. After a stop give the same again: views that stand
are kept, training goes on where it was, and the page is made anew. With --minutes, what stands
after that time is exported and evaluated, and the same command trains on.
"""

from __future__ import annotations

import argparse
import gc
import os
import shlex
from pathlib import Path

import torch

from reage_training.device import pick_device
from reage_training.strength import FORMS
from reage_training.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--assets", type=Path, metavar="DIR", help="packed ICT-FaceKit; else the small head")
    add("--out", type=Path, required=True, metavar="DIR", help="folder of all that is made")
    add("--identities", type=int, default=1536, help="people to learn from (%(default)s)")
    add("--held", type=int, default=40, help="people to be measured on (%(default)s)")
    add("--patterns", type=int, default=64, help="of ageing (%(default)s); a quarter held out")
    add("--size", type=int, default=512, help="side of a view in px (%(default)s)")
    add("--large", type=float, default=0.15, help="share of people seen close (%(default)s)")
    add("--steps", type=int, default=20_000, help="length of the whole run (%(default)s)")
    add("--batch", type=int, default=32, help="pairs a step (%(default)s)")
    add("--window", type=int, default=384, help="their side in px (%(default)s)")
    add("--strength", choices=tuple(FORMS), default="banded", help="see fit (%(default)s)")
    add("--start-from", type=Path, metavar="MODEL", help="weights that a new run begins with")
    add("--minutes", type=float, help="train so long, then export and evaluate what there is")
    add("--workers", type=int, default=os.cpu_count() or 1,
        help="processes that make views (%(default)s here)")  # fmt: skip
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")


def run(args: argparse.Namespace) -> int:
    from reage_training.cli import main  # which imports this module where it is asked for

    device = pick_device(args.device).type
    row = commands(args, device)
    for number, words in enumerate(row, 1):
        say(f"recipe, step {number} of {len(row)}: reage-train {shlex.join(words)}")
        if code := main(words):
            say(f"Ended in step {number} of {len(row)}; the same command goes on from there.")
            return code
        gc.collect()
        if device == "cuda":
            torch.cuda.empty_cache()  # the next step's processes and ONNX Runtime want room as well
    say(f"The model is {args.out / 'model.onnx'}, its page {args.out / 'page' / 'index.html'}.")
    return 0


def commands(args: argparse.Namespace, device: str) -> list[list[str]]:
    """What is to be run, in order, as words after `reage-train`."""
    out = args.out
    people, held, run = out / "people", out / "held", out / "run"
    model, page, figures = out / "model.onnx", out / "page", out / "figures.json"
    head = ["--assets", args.assets] if args.assets else []
    view = ["--size", args.size, "--texture", args.size * 2, "--large", args.large]
    view += ["--workers", args.workers, *head]
    start = ["--start-from", args.start_from] if args.start_from else []
    minutes = ["--minutes", args.minutes] if args.minutes else []
    how = ["--steps", args.steps, "--batch", args.batch, "--window", args.window]
    loss = ["--strength", args.strength]
    on = ["--device", args.device]
    export = ["export", run / "best.pt", "-o", model, "--trained", f"reage-train recipe, {device}"]
    fewer = max(1, args.patterns // 4)
    row = [
        ["synth", "--out", held, "--seed", 7, "--identities", args.held,
         "--patterns", fewer, "--seen", *view],
        ["synth", "--out", people, "--seed", 1, "--identities", args.identities,
         "--patterns", args.patterns, "--seen", *view],
        ["fit", people, "--held", held, "-o", run, *how, *loss, *start, *minutes,
         "--workers", 2, *on],
        export,
        ["evaluate", model, "--held", held, "--out", page, "--figures", figures, *head, *on],
        [*export, "--figures", figures],
    ]  # fmt: skip
    return [[str(word) for word in words] for words in row]
