"""The ways by which Nuke may find ReAge: blocks in Nuke folders, and $NUKE_PATH."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reage.doctor import Finding
from reage.errors import OutputError
from reage.nuke_setup import folder as folders
from reage.nuke_setup.block import ENGINE_VARIABLE
from reage.nuke_setup.steps import PLUGIN

ENTER = "Run `python3 install.py --nuke` in the checkout that is to be used."


def ways(checkout: Path) -> Iterator[Finding]:
    """A line for each Nuke folder and for $NUKE_PATH; a failure where none leads here."""
    reached = False
    for folder in folders.known(checkout):
        place = str(folder / folders.INIT)
        try:
            entry = folders.read_entry(folder)
        except OutputError as error:
            yield Finding("Nuke folder", "fail", str(error))
            continue
        if entry is None:
            yield Finding("Nuke folder", "ok", f"{place} has no block of ReAge's")
            continue
        reached |= _leads_here(entry.plugin, checkout)
        yield _way("Nuke folder", place, entry.plugin, checkout)
    named = [name for name in os.environ.get("NUKE_PATH", "").split(os.pathsep) if name]
    ours = [name for name in named if Path(name, "reage_nuke").is_dir()]
    for name in ours:
        reached |= _leads_here(name, checkout)
        yield _way("NUKE_PATH", "$NUKE_PATH", name, checkout)
    if not ours:
        yield Finding("NUKE_PATH", "ok", "names no ReAge" if named else "is not set")
    if not reached:
        yield Finding("way to ReAge", "fail", "nothing leads Nuke to this checkout", ENTER)


def _way(subject: str, place: str, plugin: str, checkout: Path) -> Finding:
    """Where one way leads. A wrong one is a warning, as another may be right."""
    says = f"{place} leads to {plugin}"
    if _leads_here(plugin, checkout):
        return Finding(subject, "ok", says)
    if Path(plugin).is_dir():
        return Finding(subject, "warn", f"{says}, another ReAge than this one", ENTER)
    return Finding(subject, "warn", f"{says}, which is not there", ENTER)


def _leads_here(plugin: str, checkout: Path) -> bool:
    """Whether a folder named nuke_plugin is this checkout's."""
    return Path(plugin).is_dir() and Path(plugin).resolve() == (checkout / PLUGIN).resolve()


@contextmanager
def environment_of_nuke(checkout: Path) -> Iterator[None]:
    """$REAGE_PYTHON as a block sets it for Nuke, where the environment leaves it open."""
    engine = "" if os.environ.get(ENGINE_VARIABLE) else _engine_in_blocks(checkout)
    if engine:
        os.environ[ENGINE_VARIABLE] = engine
    try:
        yield
    finally:
        if engine:
            del os.environ[ENGINE_VARIABLE]


def _engine_in_blocks(checkout: Path) -> str:
    for folder in folders.known(checkout):
        with suppress(OutputError):
            entry = folders.read_entry(folder)
            if entry and entry.python and _leads_here(entry.plugin, checkout):
                return entry.python
    return ""
