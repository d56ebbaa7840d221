"""Nuke's start: quick, with nothing foreign in its process, and never stopped by us."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fake_nuke
from helpers import bakes
from reage import home

ROOT = home.root()
FOREIGN = (
    "numpy", "cv2", "onnxruntime", "OpenImageIO", "PyOpenColorIO", "psutil",
    "av", "fileseq", "torch",
)  # fmt: skip


def test_nothing_foreign_comes_into_nukes_process(tmp_path: Path) -> None:
    """Every module of the plugin, in an interpreter of its own, with bare nuke modules."""
    names = sorted(p.stem for p in (ROOT / "nuke_plugin" / "reage_nuke").glob("*.py"))
    code = f"""
import sys, types
for name in ("nuke", "nukescripts", "nukescripts.panels"):
    sys.modules[name] = types.ModuleType(name)
sys.path[:0] = [{str(ROOT / "nuke_plugin")!r}, {str(ROOT / "inference")!r}]
import importlib
for name in {names!r}:
    importlib.import_module("reage_nuke" if name == "__init__" else "reage_nuke." + name)
print(*set({FOREIGN!r}) & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_the_start_reads_little() -> None:
    """Under 50 ms of the processor at Nuke's start, in the best of twenty fresh interpreters; the
    first that is quick enough ends it, as other tests run beside this one."""
    code = f"""
import sys, time, types
class Bare(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *a, **k: Bare("it")
    __call__ = lambda self, *a, **k: Bare("it")
for name in ("nuke", "nukescripts", "nukescripts.panels"):
    sys.modules[name] = Bare(name)
sys.modules["nukescripts"].panels = sys.modules["nukescripts.panels"]
sys.path[:0] = [{str(ROOT / "nuke_plugin")!r}, {str(ROOT / "inference")!r}]
start = time.process_time()
from reage import home
import reage_nuke
reage_nuke.start()
reage_nuke.start_gui()
print(time.process_time() - start)
"""
    took = (
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                             encoding="utf-8", timeout=60, check=True).stdout)
        for _ in range(20)
    )  # fmt: skip
    assert any(seconds < 0.050 for seconds in took)


def test_a_node_is_made_quickly(session: Any, tmp_path: Path) -> None:
    """Under 20 ms in the fake Nuke, in the best of ten."""
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    plate = bakes.read(nuke)
    took = []
    for _ in range(10):
        start = time.perf_counter()
        reage_nuke.create(plate, source_age=65, target_age=35)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.020


def test_a_session_with_a_gui_has_menu_and_panel(gui_session: Any, tmp_path: Path) -> None:
    bakes.start(gui_session, tmp_path)
    assert list(gui_session.registered_panels) == ["reage.panel"]
    before = len(gui_session.world.callbacks.registered("KnobChanged"))
    import reage_nuke

    reage_nuke.start()
    assert len(gui_session.world.callbacks.registered("KnobChanged")) == before


def test_an_old_nuke_shows_what_was_baked_and_says_why_it_cannot_bake(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import reage_nuke

    nuke = bakes.start(session, tmp_path)
    plate = bakes.read(nuke)
    node = reage_nuke.create(plate, source_age=50, target_age=25, crop_size="256")
    reage_nuke.bake(node, 1001, 1001)
    want = bakes.pixels(node, 1001)
    assert not np.array_equal(want, bakes.pixels(plate, 1001))
    nuke.scriptSave()

    old = fake_nuke.install(gui=True, plugins=["reage_nuke"])
    try:
        with monkeypatch.context() as nuke_13:
            nuke_13.setattr(sys, "version_info", (3, 7, 9))
            old.start(home.plugin(ROOT))
        old.nuke.scriptOpen(nuke.root().name())
        node = old.nuke.toNode("ReAge1")
        np.testing.assert_array_equal(bakes.pixels(node, 1001), want)
        node["bake_range"].execute()
        old.menus.menu("Nodes").findItem("ReAge/Why nothing can be baked").invoke()
        told = [text for level, text in old.said if level == "message"]
        assert len(told) == 2 and all("needs Nuke 15 or newer" in text for text in told)
    finally:
        old.uninstall()
