"""Whether Nuke will find ReAge, and whether what it finds works; Nuke itself is not run."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path

from reage import home
from reage.errors import OutputError, ReageError
from reage.service.client import Worker, engine_command
from reage.tools.doctor import REINSTALL, Finding, Report, guarded
from reage.tools.nuke_setup import steps
from reage.tools.nuke_setup.folder import INIT, read
from reage.version import __version__

FILES = ("nuke_plugin/init.py", "nuke_plugin/menu.py", "gizmos/ReAge.gizmo", "icons/ReAge.png")
ANSWER_SECONDS = 30.0
ANEW = "Get this ReAge anew."
ENTER = (
    "Run `python3 install.py --nuke` in the checkout that is to be used, or `reage nuke install` "
    "of the wheel."
)

# Run in a fresh interpreter that has the standard library alone. Nuke's functions that are called
# with a callback are there, and nothing else of it: the plugin must not ask at its start.
_START = """
import runpy, sys, types
def add(name):
    if not name.startswith("add"):
        raise AttributeError("nuke." + name)
    return lambda *a, **k: None
nuke = types.ModuleType("nuke")
nuke.GUI, nuke.tprint, nuke.pluginAddPath, nuke.__getattr__ = False, print, add("add"), add
sys.modules.update(nuke=nuke, nukescripts=types.ModuleType("nukescripts"))
runpy.run_path(sys.argv[1])
if not hasattr(sys.modules.get("reage_nuke"), "start_gui"):
    print("start_gui() is missing")
"""


def diagnose(root: Path | None = None) -> Report:
    """Look at the Nuke folders, $NUKE_PATH, the plugin and the engine that it will start.

    root  the ReAge that Nuke is to find; this one by default
    Raises nothing for what it finds: the report says it.
    """
    root = root or home.root()
    checks = {"ReAge": _files, "Nuke folders": _ways, "plugin": _plugin, "engine": _engine}
    found = [guarded(subject, partial(check, root)) for subject, check in checks.items()]
    return Report(tuple(chain(*found)), "ReAge in Nuke")


def _files(root: Path) -> Iterator[Finding]:
    missing = [name for name in FILES if not (root / name).is_file()]
    yield Finding("ReAge", "ok", f"{__version__} in {root}")
    for name in missing:
        yield Finding("files", "fail", f"{name} is missing", ANEW)
    if not missing:
        yield Finding("files", "ok", "start files, node and icon are there")


def _ways(root: Path) -> Iterator[Finding]:
    """A line for each Nuke folder and for $NUKE_PATH; a failure where none leads here."""
    ways, named = [], _named_in_nuke_path()
    for folder in _folders(root):
        try:
            _, entry = read(folder)
        except OutputError as error:
            yield Finding("Nuke folder", "fail", str(error))
            continue
        if entry is None and folder in named:
            continue  # somebody else's tools
        if entry is None:
            yield Finding("Nuke folder", "ok", f"{folder / INIT} has no block of ReAge's")
        else:
            ways.append(_way("Nuke folder", str(folder / INIT), entry.plugin, root))
    ours = [path for path in named if (path.parent / "gizmos" / "ReAge.gizmo").is_file()]
    ways += [_way("NUKE_PATH", "$NUKE_PATH", str(path), root) for path in ours]
    yield from ways
    if not ours:
        yield Finding("NUKE_PATH", "ok", "names no ReAge" if named else "is not set")
    if all(way.verdict != "ok" for way in ways):
        yield Finding("way to ReAge", "fail", f"nothing leads Nuke to {root}", ENTER)


def _folders(root: Path) -> list[Path]:
    """Whose init.py Nuke runs, as far as is known: the user's, of the record, of $NUKE_PATH."""
    return list(dict.fromkeys([*steps.known(root), *_named_in_nuke_path()]))


def _named_in_nuke_path() -> list[Path]:
    return [Path(name) for name in os.environ.get("NUKE_PATH", "").split(os.pathsep) if name]


def _way(subject: str, place: str, plugin: str, root: Path) -> Finding:
    """Where one way leads. A wrong one is a warning, as another may be right."""
    says = f"{place} leads to {plugin}"
    if not Path(plugin).is_dir():
        return Finding(subject, "warn", f"{says}, which is not there", ENTER)
    if Path(plugin).resolve() != home.plugin(root).resolve():
        return Finding(subject, "warn", f"{says}, another ReAge than this one", ENTER)
    return Finding(subject, "ok", says)


def _plugin(root: Path) -> Iterator[Finding]:
    """Start the plugin as Nuke does."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _START, str(home.plugin(root) / INIT)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=ANSWER_SECONDS,
    )
    if said := done.stdout.splitlines()[:1] or done.stderr.splitlines()[-1:]:
        yield Finding("plugin", "fail", f"it does not start: {said[0]}", ANEW)
    else:
        on = f"on Python {platform.python_version()}, with the standard library alone"
        yield Finding("plugin", "ok", f"starts {on}")


def _engine(root: Path) -> Iterator[Finding]:
    """Start the worker as Nuke will, and greet it."""
    command = engine_command(root, _engine_in_blocks(root))
    yield Finding("engine", "ok", f"Nuke will start {command[0]}")
    begun = time.monotonic()
    worker = Worker.start(command)
    try:
        hello = worker.call("hello", cancelled=lambda: time.monotonic() > begun + ANSWER_SECONDS)
    except ReageError as error:
        yield Finding("worker", "fail", f"it does not answer: {error}", REINSTALL)
        return
    finally:
        worker.close()
    says = f"{hello['version']} answers in {time.monotonic() - begun:.2f} s"
    if hello["version"] == __version__:
        yield Finding("worker", "ok", says)
    else:
        yield Finding("worker", "fail", f"{says}, but the plugin is {__version__}", REINSTALL)


def _engine_in_blocks(root: Path) -> str:
    """The engine's Python that a block tells Nuke; "" without one."""
    for folder in _folders(root):
        with suppress(OutputError):
            _, entry = read(folder)
            if entry and entry.python and _way("", "", entry.plugin, root).verdict == "ok":
                return entry.python
    return ""
