"""The `reage-train` command: faces, training, measuring, export."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence

from reage.errors import ReageError
from reage.unforeseen import unforeseen
from reage_training.terminal import STOPPED

COMMANDS = {
    "synth": ("reage_training.synth.command", "write a dataset of synthetic faces to train on"),
    "people": ("reage_training.people_command", "show the people of a dataset, at several ages"),
    "pairs": ("reage_training.pairs_command", "show pairs to learn from, and how fast they come"),
    "demo-plate": ("reage_training.synth.demo_command", "render the repository's demo plate"),
    "fit": ("reage_training.fit_command", "train the network; goes on where it was left"),
    "recipe": ("reage_training.recipe_command", "all of it by one command, for a GPU"),
    "actor": ("reage_training.actor.command", "one actor, from the photographs of a career"),
    "compare": ("reage_training.compare_command", "set trained networks side by side"),
    "evaluate": ("reage_training.evaluate_command", "measure an exported model, and show it"),
    "fran-sized": ("reage_training.fran_sized", "write a random network to be measured beside"),
    "export": ("reage_training.export_command", "write a checkpoint as an ONNX model with card"),
    "hand-over": ("reage_training.hand_over_command", "a model for Nuke's own nodes, or Flame's"),
    "rewrite": ("reage_training.rewrite_command", "a model for several tiles at once, or in half"),
}
"""Name → module with `add_arguments(parser)` and `run(args) -> int`, and a line of help.

A command's module is imported only when it is called, so that each needs only its own
dependencies.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; a ReageError is one sentence and its own code, and
    so is Ctrl-C."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="reage-train", description=__doc__)
    sub = parser.add_subparsers(dest="command", required=True, metavar="command")
    parsers = {name: sub.add_parser(name, help=text) for name, (_, text) in COMMANDS.items()}
    run: Callable[[argparse.Namespace], int] | None = None
    if words and words[0] in COMMANDS:
        module = importlib.import_module(COMMANDS[words[0]][0])
        parsers[words[0]].description = module.__doc__
        module.add_arguments(parsers[words[0]])
        run = module.run
    args = parser.parse_args(words)
    assert run is not None, "argparse lets only known commands through"
    try:
        return run(args)
    except KeyboardInterrupt:
        print(f"reage-train {args.command}: stopped by hand", file=sys.stderr)
        return STOPPED
    except Exception as e:
        error = e if isinstance(e, ReageError) else unforeseen(e)
        print(f"reage-train {args.command}: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
