"""`reage bench` measures real renders; here on a small network, to see that it does."""

import os
import re
import subprocess
import sys

import pytest

from helpers.onnx_files import CARD, delta_network
from reage.errors import SettingsError
from reage.tools import bench as bench_module


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return str(delta_network(path, card=CARD | {"halo": 1}))


def bench(*args, **more):
    command = [sys.executable, "-m", "reage.cli", "bench", *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **more)


def test_speed_shows_every_stage_and_the_ratio(model):
    done = bench("speed", "--count", "8", "--model", model)
    assert done.returncode == 0, done.stderr
    rows = dict(re.findall(r"^(\w+) +[\d.]+ +([\d.]+)", done.stdout, re.M))  # ms a frame
    for stage in ("track", "encode", "infer", "decode", "write", "whole", "model"):
        assert float(rows[stage]) > 0
    assert float(rows["read"]) < float(rows["track"])  # the track reads the plates, in one pass
    ratio = float(re.search(r"same tiles: ([\d.]+)", done.stdout)[1])
    whole, alone = float(rows["whole"]), float(rows["model"])  # to a tenth
    assert (whole - 0.1) / (alone + 0.1) - 0.01 < ratio < (whole + 0.1) / (alone - 0.1) + 0.01


QUARTER_PLATES = """
from reage.tools import bench
from reage.settings import Settings
bench.SIZES = {"2K": (1024, 540), "4K": (2048, 1080), "8K": (4096, 2160)}
drawn = bench.demo_plate()[:1]
bench.demo_plate = lambda: drawn
settings = Settings(source_age=40, target_age=60, model=%r)
print(*bench.tables("plates", bench.BenchPlan("2K", 3, settings, 512, "cpu", 1)), sep="\\n")
"""


def test_plates_shows_memory_of_each(model):
    """A quarter of each plate's pixels, and half of what it may take; drawn once, not eight
    times. In a process of its own: what is measured is no less than its parent's memory."""
    command = [sys.executable, "-c", QUARTER_PLATES % model]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    rows = re.findall(r"^[248]K (?:lines|tiled) .* ([\d.]+)$", done.stdout, re.M)
    peaks = [float(p) for p in rows]
    assert len(peaks) == 6 and all(50 < p < 1500 for p in peaks), done.stdout + done.stderr


def test_a_table_of_fewer_frames_than_are_drawn_is_refused():
    done = bench("plates", "--count", "7")
    assert done.returncode == 2 and "--count must be at least 8" in done.stderr


def test_unknown_sizes_are_refused():
    done = bench("--size", "12K")
    assert done.returncode == 2 and "1080p, 2K, 4K, 8K" in done.stderr


def test_without_a_panel_the_interactive_bench_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bench_module, "entry_points", lambda **which: ())
    with pytest.raises(SettingsError, match=r"panel's package is not installed.*\[panel\]"):
        next(bench_module.interactive(3))


def test_the_interactive_bench_is_the_installed_packages_own(tmp_path):
    """A package as pip leaves it: its module, and the entry point in its metadata."""
    (tmp_path / "some_panel.py").write_text("def lines(count): yield f'{count} moves'")
    info = tmp_path / "some_panel-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-panel\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[reage.bench]\ninteractive = some_panel:lines\n")
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = bench("--interactive", "--count", "7", env={**os.environ, "PYTHONPATH": paths})
    assert (done.returncode, done.stdout) == (0, "7 moves\n"), done.stderr
    (tmp_path / "some_panel.py").write_text("import no_such_qt")
    done = bench("--interactive", env={**os.environ, "PYTHONPATH": paths})
    assert done.returncode == 2 and "panel's package is not installed" in done.stderr
