"""Whether Nuke will find ReAge, and whether what it finds works; Nuke itself is not run."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from reage.doctor import REINSTALL, Finding, Report, guarded
from reage.errors import ReageError
from reage.nuke_setup.steps import PLUGIN
from reage.nuke_setup.ways import environment_of_nuke, ways
from reage.version import __version__

CHECKOUT = Path(__file__).resolve().parents[3]

PARTS = (
    "nuke_plugin/init.py",
    "nuke_plugin/menu.py",
    "nuke_plugin/reage_host/__init__.py",
    "nuke_plugin/reage_nuke/__init__.py",
    "nuke_plugin/reage_ui/__init__.py",
    "gizmos/ReAge.gizmo",
    "icons/ReAge.png",
)
ANSWER_SECONDS = 30.0

OWN = {"reage", "reage_host", "reage_nuke", "reage_ui"}

# Run in a fresh interpreter. The modules that stand for Nuke's are empty: the plugin must
# import without asking Nuke anything. Qt is Nuke's own, so what needs it ends there; all the
# rest of the plugin is read, though Nuke reads at its start only what is timed here.
_IMPORT = """
import importlib, json, pkgutil, sys, time, types
sys.path[:0] = sys.argv[1:]
sys.modules.update({name: types.ModuleType(name) for name in ("nuke", "nukescripts")})
qt = ("PySide6", "PySide2")
sys.modules.update({name: None for name in qt})
before = set(sys.modules)
begun = time.perf_counter()
import reage_nuke
lacks = [name for name in ("start", "start_gui") if not hasattr(reage_nuke, name)]
seconds = time.perf_counter() - begun
for module in pkgutil.iter_modules(reage_nuke.__path__, "reage_nuke."):
    try:
        importlib.import_module(module.name)
    except ImportError as error:
        reason = error
        while reason.__context__:
            reason = reason.__context__
        if (getattr(reason, "name", None) or "").partition(".")[0] not in qt:
            raise
came = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps([seconds, sorted(came - sys.stdlib_module_names), lacks]))
"""


def diagnose(checkout: Path = CHECKOUT) -> Report:
    """Look at the Nuke folders, $NUKE_PATH, the plugin and the engine that it will start.

    Raises nothing for what it finds: the report says it.
    """
    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("ReAge", lambda: _parts(checkout)),
        ("Nuke folders", lambda: ways(checkout)),
        ("plugin", lambda: _plugin(checkout)),
        ("engine", lambda: _engine(checkout)),
    )
    findings = tuple(f for subject, check in checks for f in guarded(subject, check))
    return Report(findings, "ReAge in Nuke")


def _parts(checkout: Path) -> Iterator[Finding]:
    missing = [name for name in PARTS if not (checkout / name).is_file()]
    yield Finding("ReAge", "ok", f"{__version__} in {checkout}")
    for name in missing:
        yield Finding("files", "fail", f"{name} is missing", "Get the checkout anew.")
    if not missing:
        yield Finding("files", "ok", "plugin, node and icon are there")


def _plugin(checkout: Path) -> Iterator[Finding]:
    """Import the plugin in a fresh interpreter, as Nuke's init.py does."""
    paths = [str(checkout / PLUGIN), str(checkout / "inference")]
    done = subprocess.run(
        [sys.executable, "-I", "-c", _IMPORT, *paths],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=ANSWER_SECONDS,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no word"])[-1]
        yield Finding("plugin", "fail", f"it does not import: {reason}", "Get the checkout anew.")
        return
    seconds, came, lacks = json.loads(done.stdout.splitlines()[-1])
    foreign = sorted(set(came) - OWN)
    if foreign or lacks:
        wrong = [f"{name} comes along" for name in foreign]
        wrong += [f"{name}() is missing" for name in lacks]
        yield Finding("plugin", "fail", ", ".join(wrong), "Get the checkout anew.")
        return
    on = f"on Python {platform.python_version()}, with the standard library alone"
    yield Finding("plugin", "ok", f"imports in {seconds * 1000:.1f} ms {on}")


def _engine(checkout: Path) -> Iterator[Finding]:
    """Start the worker as Nuke will, and greet it."""
    from reage.client import Worker, engine_command

    with environment_of_nuke(checkout):
        command = engine_command(checkout)
    yield Finding("engine", "ok", f"Nuke will start {command[0]}")
    begun = time.monotonic()
    worker = Worker.start(command)
    try:
        hello = worker.call("hello", cancelled=lambda: time.monotonic() > begun + ANSWER_SECONDS)
        took = time.monotonic() - begun
    except ReageError as error:
        yield Finding("worker", "fail", f"it does not answer: {error}", REINSTALL)
        return
    finally:
        worker.close()
    says = f"{hello['version']} answers in {took:.2f} s"
    if hello["version"] == __version__:
        yield Finding("worker", "ok", says)
    else:
        yield Finding("worker", "fail", f"{says}, but the plugin is {__version__}", REINSTALL)
