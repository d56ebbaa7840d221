"""The `reage` command. Exit codes stand in `reage.errors`."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, NoReturn

from reage.errors import Cancelled, ReageError
from reage.tools.progress_console import BAR
from reage.unforeseen import unforeseen
from reage.version import __version__

_EXIT_CODES = """\
exit codes: 0 all went well; 1 the render ended but some frames failed (they are listed);
2 a setting is wrong; 3 the plate; 4 the model; 5 the face models, the track, or no face;
6 the output; 70 what nobody foresaw; 130 stopped by hand; 141 nobody reads what it says. Finished
frames are valid in every case."""

OWN = (
    "render", "preflight", "submit", "report", "track", "stabilize", "pattern", "sheet", "deliver",
    "provenance", "doctor", "nuke", "bench", "worker",
)  # fmt: skip
"""The engine's own commands, as the help lists them; each is a module of reage.commands."""

_NOBODY_READS = 141
"""As a shell counts a process that SIGPIPE ended."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    argv = _with_negatives(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # no name of a file may end a run
            stream.reconfigure(errors="backslashreplace")
    # A quoted ~ the shell has left to us. A Path would not keep other words as they are.
    argv = [os.path.expanduser(word) for word in argv]  # noqa: PTH111
    args = _parser(argv[0] if argv else "").parse_args(argv)
    try:
        code: int = args.run(args)
        return code
    except BrokenPipeError:  # whoever read our words has left, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _NOBODY_READS
    except KeyboardInterrupt:
        return _stopped()
    except Exception as e:
        if not isinstance(e, ReageError) and _by_hand(e):
            return _stopped()
        error = e if isinstance(e, ReageError) else unforeseen(e)
        BAR.end()
        print(f"reage: {error}", file=sys.stderr)
        return error.exit_code


def _stopped() -> int:
    BAR.end()
    print("reage: stopped.", file=sys.stderr)
    return Cancelled.exit_code


def _by_hand(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: a library that is being loaded makes an ImportError of
    it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _with_negatives(argv: list[str]) -> list[str]:
    """Words of a command in which `--shift -4,0` is one: argparse takes -4,0 for a flag."""
    out: list[str] = []
    for word in argv:
        before = out[-1] if out else ""
        if re.match(r"-[\d.]", word) and before.startswith("--") and "=" not in before:
            out[-1] = f"{before}={word}"
        else:
            out.append(word)
    return out


class _Parser(argparse.ArgumentParser):
    """What is wrong with a command's words is a sentence, not a page of all its flags."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"reage: {message}. `{self.prog} --help` shows what it takes.\n")


def _parser(asked: str) -> argparse.ArgumentParser:
    """For all commands; those of other packages are only loaded where none of ours is asked for,
    for a worker is to start quickly."""
    parser = _Parser(
        prog="reage",
        description="Re-age a face in a plate; write scene-linear delta and matte for the comp.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reage {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    own = ((name, import_module(f"reage.commands.{name}")) for name in OWN)
    for name, module in (*own, *(() if asked in OWN else _commands_elsewhere())):
        help = (module.__doc__ or name).strip().splitlines()[0]
        command = commands.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            epilog=_EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=module.run)
        module.add_arguments(command)
    return parser


def _commands_elsewhere() -> Iterator[tuple[str, Any]]:
    """Commands of installed packages that the engine does not know, by name.

    Each is an entry point of the group "reage.commands": a module whose docstring begins with
    its help, with `add_arguments(parser)` and `run(args) -> int`. One that cannot be loaded is
    left out, with a line on stderr.
    """
    for found in sorted(entry_points(group="reage.commands"), key=lambda e: e.name):
        try:
            yield found.name, found.load()
        except ImportError as e:
            print(f"reage: the command {found.name} is left out: {e}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
