"""let Nuke find this ReAge, by a block in an init.py or by NUKE_PATH"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reage.errors import SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "do", choices=("install", "uninstall", "path"),
        help="put one marked block into DIR/init.py; take it out again; or change no file and "
        "print what NUKE_PATH has to hold",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR",
        help="of install and uninstall: the Nuke folder [~/.nuke]",
    )


def run(args: argparse.Namespace) -> int:
    from reage import home
    from reage.tools.nuke_setup import steps

    if args.do == "path" and args.folder:
        raise SettingsError("reage nuke path takes no folder: it only prints what NUKE_PATH holds.")
    folder = args.folder or Path("~/.nuke")
    root, own = home.root(), Path(sys.executable)
    python = "" if home.engine_python(root) == own else own.as_posix()
    if args.do == "path":
        said = steps.environment(root, python, sys.platform == "win32")
    elif args.do == "install":
        said = [steps.enter(root, steps.named(folder), python)]
    else:
        said = [steps.take_out(root, steps.named(folder))]
    print("\n".join(said))
    return 0
