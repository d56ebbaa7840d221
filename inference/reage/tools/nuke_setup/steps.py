"""What install.py and `reage nuke` do for Nuke; each step returns the sentences to print.

    root    the ReAge that Nuke is to find, see reage.home
    python  the engine's Python as Nuke has to be told it; "" where the plugin finds it by itself

Standard library only: install.py runs it before anything is installed. Raises OutputError where
a file could not be changed.
"""

from __future__ import annotations

import json
import shlex
from contextlib import nullcontext, suppress
from pathlib import Path

from reage import home, strict_json
from reage.errors import OutputError
from reage.tools.nuke_setup import folder as folders
from reage.tools.nuke_setup.block import ENGINE_VARIABLE, BlockEntry

USERS = Path("~/.nuke")
"""The user's own Nuke folder; on Windows it is %USERPROFILE%\\.nuke."""

RECORD = "nuke-folders.json"
"""In the checkout, not in its environment, whose loss it must survive. Of a wheel it lies in the
environment, for `reage doctor --nuke`: pip asks nobody before it takes a wheel away, so the folder
is named to `reage nuke uninstall`."""


def named(folder: Path) -> Path:
    """The folder that an artist's DIR means."""
    try:
        return folder.expanduser().absolute()
    except RuntimeError:
        raise OutputError(f"{folder} leads nowhere: this user has no home folder.") from None


def enter(root: Path, folder: Path, python: str) -> str:
    """Put ReAge's block into the init.py of a Nuke folder."""
    path = folder / folders.INIT
    noted = recorded(root)
    record(root, [*noted, folder])  # before the block goes in, so that none can be forgotten
    try:
        done = folders.add(folder, BlockEntry(home.plugin(root).as_posix(), python))
    except OutputError:
        record(root, noted)
        raise
    if done == "kept":
        return f"ReAge's block in {path} is up to date."
    how = "added to" if done == "added" else "brought up to date in"
    return (
        f"ReAge's block was {how} {path}. Start Nuke anew to find it; "
        "`reage doctor --nuke` checks it without Nuke."
    )


def take_out(root: Path, folder: Path) -> str:
    """Take the block out of this folder's init.py, whichever ReAge it names."""
    removed = folders.remove(folder)
    record(root, [f for f in recorded(root) if f != folder])
    path = folder / folders.INIT
    return _taken(path) if removed else f"There is no block of ReAge's in {path}."


def leave(root: Path, python: str) -> tuple[list[str], list[str]]:
    """Take out every block that was put in for this root and engine; what was done, what failed."""
    done, failed, stay = [], [], []
    noted, plugin = recorded(root), home.plugin(root)
    for folder in known(root):
        try:
            _, entry = folders.read(folder)
            if entry is None:
                continue
            here = Path(entry.plugin) == plugin
            # One of ours names another place where the checkout was moved since.
            ours = here or (folder in noted and not Path(entry.plugin).is_dir())
            if ours and entry.python == python:
                folders.remove(folder)
                done.append(_taken(folder / folders.INIT))
            elif here:
                stay.append(folder)  # it stands for another environment of this checkout
        except OutputError as error:
            failed.append(str(error))
            stay.append(folder)
    record(root, [folder for folder in noted if folder in stay])
    return done, failed


def environment(root: Path, python: str, windows: bool) -> list[str]:
    """The shell lines that lead Nuke to ReAge by its environment, for studios.

    Raises OutputError where the path holds the character that separates paths.
    """
    plugin = home.plugin(root).as_posix()
    separator = ";" if windows else ":"
    if separator in plugin:
        raise OutputError(f"NUKE_PATH cannot hold {plugin}, as there is a {separator} in it.")
    if windows:
        lines = [f'set "NUKE_PATH={plugin};%NUKE_PATH%"', f'set "{ENGINE_VARIABLE}={python}"']
    else:
        nuke_path = f'{shlex.quote(plugin)}"${{NUKE_PATH:+:$NUKE_PATH}}"'
        lines = [f"export NUKE_PATH={nuke_path}", f"export {ENGINE_VARIABLE}={shlex.quote(python)}"]
    return lines if python else lines[:1]


def known(root: Path) -> list[Path]:
    """The user's own Nuke folder, and those of the record."""
    found = recorded(root)
    with suppress(OutputError):
        found.insert(0, named(USERS))
    return list(dict.fromkeys(found))


def recorded(root: Path) -> list[Path]:
    """The folders into which a block was put from this root; empty without a record."""
    path = _record_of(root)
    try:
        names = path and strict_json.load(path, f"the record {path}", OutputError)
    except OutputError:
        return []
    return [Path(n) for n in names if isinstance(n, str)] if isinstance(names, list) else []


def record(root: Path, noted: list[Path]) -> None:
    """Make these folders the record, each once; it goes with the last one. An environment that is
    not the artist's to write in goes without."""
    noted, path = list(dict.fromkeys(noted)), _record_of(root)
    if path is None or noted == recorded(root):
        return
    with nullcontext() if home.is_checkout(root) else suppress(OutputError, OSError):
        if noted:
            folders.write(path, json.dumps([str(f) for f in noted], indent=2).encode("ascii"))
        else:
            path.unlink()


def _record_of(root: Path) -> Path | None:
    """Where the record of a root lies; None for a wheel outside of any environment."""
    if home.is_checkout(root):
        return root / RECORD
    environment = home.engine_python(root).parent.parent
    return environment / RECORD if (environment / "pyvenv.cfg").is_file() else None


def _taken(path: Path) -> str:
    return f"ReAge's block was taken out of {path}."
