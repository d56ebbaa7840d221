"""What install.py does for Nuke. Each step returns the sentences that install.py prints.

`python` is the engine's Python as the block is to name it: "" for the checkout's own .venv.
Standard library only. Raises OutputError where a file could not be changed.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from reage.errors import OutputError
from reage.nuke_setup import folder as folders
from reage.nuke_setup.block import ENGINE_VARIABLE, BlockEntry

PLUGIN = "nuke_plugin"


def enter(checkout: Path, folder: Path, python: str) -> str:
    """Put ReAge's block into the init.py of a Nuke folder."""
    path = folder / folders.INIT
    known = folder in folders.recorded(checkout)
    folders.remember(checkout, folder)
    try:
        done = folders.add(folder, BlockEntry((checkout / PLUGIN).as_posix(), python))
    except OutputError:
        if not known:
            folders.forget(checkout, folder)
        raise
    if done == "kept":
        return f"ReAge's block in {path} is up to date."
    how = "added to" if done == "added" else "brought up to date in"
    return (
        f"ReAge's block was {how} {path}. Start Nuke anew to find it; "
        "`reage doctor --nuke` checks it without Nuke."
    )


def take_out(checkout: Path, folder: Path) -> str:
    """Take the block out of this folder's init.py, whichever ReAge it names."""
    path = folder / folders.INIT
    removed = folders.remove(folder)
    folders.forget(checkout, folder)
    return _taken(path) if removed else f"There is no block of ReAge's in {path}."


def leave(checkout: Path, python: str) -> tuple[list[str], list[str]]:
    """Take out every block that install.py put in for this engine; what was done, what failed."""
    done, failed = [], []
    for folder in folders.known(checkout):
        try:
            entry = folders.read_entry(folder)
            if entry is not None and _is_ours(checkout, folder, entry, python):
                folders.remove(folder)
                done.append(_taken(folder / folders.INIT))
            elif entry is not None and _names(entry, checkout):
                continue  # it stands for another environment of this checkout
            folders.forget(checkout, folder)
        except OutputError as error:
            failed.append(str(error))
    return done, failed


def environment(checkout: Path, python: str, windows: bool) -> list[str]:
    """The shell lines that lead Nuke to ReAge by its environment, for studios.

    Raises OutputError where the path holds the character that separates paths.
    """
    plugin = (checkout / PLUGIN).as_posix()
    separator = ";" if windows else ":"
    if separator in plugin:
        raise OutputError(f"NUKE_PATH cannot hold {plugin}, as there is a {separator} in it.")
    if windows:
        lines = [f'set "NUKE_PATH={plugin};%NUKE_PATH%"']
        return [*lines, f'set "{ENGINE_VARIABLE}={python}"'] if python else lines
    lines = [f'export NUKE_PATH={shlex.quote(plugin)}"${{NUKE_PATH:+:$NUKE_PATH}}"']
    return [*lines, f"export {ENGINE_VARIABLE}={shlex.quote(python)}"] if python else lines


def _is_ours(checkout: Path, folder: Path, entry: BlockEntry, python: str) -> bool:
    """Whether this checkout's install.py wrote the block for this engine.

    A block of ours names another place where the checkout was moved since.
    """
    moved = folder in folders.recorded(checkout) and not Path(entry.plugin).is_dir()
    return entry.python == python and (_names(entry, checkout) or moved)


def _names(entry: BlockEntry, checkout: Path) -> bool:
    return Path(entry.plugin) == checkout / PLUGIN


def _taken(path: Path) -> str:
    return f"ReAge's block was taken out of {path}."
