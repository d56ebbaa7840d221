"""`reage bench` measures real renders; here on a small network, to see that it does."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

from helpers.onnx_files import CARD, delta_network
from reage import home
from reage.errors import SettingsError
from reage.tools import bench as bench_module


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "m.onnx"
    return str(delta_network(path, card=CARD | {"halo": 1}))


def bench(*args, **more):
    command = [sys.executable, "-m", "reage.cli", "bench", *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **more)


def curves():
    """What draws the tables for docs/speed.md."""
    pytest.importorskip("matplotlib")
    path = home.root() / "docs" / "curves.py"
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location("c", path))
    module.__spec__.loader.exec_module(module)
    return module


def test_every_table_can_be_asked_for():
    said = bench("nonsense").stderr
    offered = re.search(r"choose from (.*)\)", said)[1]
    assert re.findall(r"\w+", offered) == [*bench_module.TABLES, "gpu"]


def test_speed_shows_every_stage_and_the_ratio(model):
    done = bench("speed", "--count", "8", "--model", model)
    assert done.returncode == 0, done.stderr
    rows = dict(re.findall(r"^(\w+) +[\d.]+ +([\d.]+)", done.stdout, re.M))  # ms a frame
    for stage in ("track", "encode", "infer", "decode", "write", "whole", "model"):
        assert float(rows[stage]) > 0
    assert float(rows["read"]) < float(rows["track"])  # the track reads the plates, in one pass
    cpu = r"a frame: (\d+) ms, of which the model alone (\d+); beyond the model (-?\d+)$"
    spent, own, beyond = map(int, re.search(cpu, done.stdout, re.M).groups())
    assert spent > own >= 0 and abs(spent - own - beyond) <= 1
    ratio = float(re.search(r"same tiles: ([\d.]+)", done.stdout)[1])
    whole, alone = float(rows["whole"]), float(rows["model"])  # to a tenth
    assert (whole - 0.1) / (alone + 0.1) - 0.01 < ratio < (whole + 0.1) / (alone - 0.1) + 0.01


def test_stages_stand_beside_their_floors(model):
    done = bench("stages", "--model", model, "--crop-size", "256")
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^(\w[\w, ]+?) {2,}([\d.]+) +([\d.]+) +([\d.]+)$", done.stdout, re.M)
    assert [name for name, *_ in rows] == [
        "read", "look for the face", "encode, with guide", "guide", "decode", "decode with parts",
        "write", "write with parts",
    ]  # fmt: skip
    for _, taken, floor, times in rows:
        assert float(taken) > 0 and float(floor) > 0 and float(times) > 0.3


QUARTER_PLATES = """
from reage.tools import bench
from reage.tools.bench import plan, shots
from reage.settings import Settings
plan.SIZES.update({"2K": (1024, 540), "4K": (2048, 1080), "8K": (4096, 2160)})
drawn = shots.demo_plate()[:1]
bench.demo_plate = shots.demo_plate = lambda: drawn
settings = Settings(source_age=40, target_age=60, model=%r)
print(*bench.tables("plates", bench.BenchPlan("2K", 8, settings, 512, "cpu", 1)), sep="\\n")
"""


def test_plates_shows_memory_of_each(model):
    """A quarter of each plate's pixels, and half of what it may take; drawn once, not eight
    times. In a process of its own: what is measured is no less than its parent's memory."""
    command = [sys.executable, "-c", QUARTER_PLATES % model]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    rows = re.findall(r"^[248]K (?:lines|tiled) +([-\d. ]+)$", done.stdout, re.M)
    *_, whole, ratio, _, peaks = zip(*(map(float, row.split()) for row in rows), strict=True)
    assert len(peaks) == 6 and all(50 < p < 1500 for p in peaks), done.stdout + done.stderr
    assert ratio[:2] == (1.0, 1.0)
    assert [len(axes.lines) for axes in curves().plates(done.stdout).axes] == [2, 2, 2]
    for n, (ms, first) in enumerate(zip(whole, whole[:2] * 3, strict=True)):
        if min(ms, first) > 5:  # of whole ms, less those of a shorter shot: on a busy machine 0
            assert (ms - 0.5) / (first + 0.5) - 0.01 < ratio[n] < (ms + 0.5) / (first - 0.5) + 0.01


GROWTH = """
from pathlib import Path
from reage.settings import Settings
from reage.tools.bench.growth import measured_shot
from reage.tools.bench.plan import BenchPlan
settings = Settings(source_age=40, target_age=60, model=%r, crop_size=128)
plan = BenchPlan("1080p", 10, settings, 512, "cpu", 1)
for count in (10, 20, 40):
    shot = measured_shot(Path("growth"), plan, count)
    print(shot.calls, shot.track)
"""


def test_a_frame_asks_the_file_system_as_often_in_a_long_shot_as_in_a_short_one(model, tmp_path):
    command = [sys.executable, "-c", GROWTH % model]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    calls, track = zip(*(map(int, row.split()) for row in done.stdout.splitlines()), strict=True)
    early, late = (calls[1] - calls[0]) / 10, (calls[2] - calls[1]) / 20
    assert 2 < late < early + 2  # and beats of the claim, one in five seconds
    assert (track[2] - track[1]) / 20 == pytest.approx((track[1] - track[0]) / 10, rel=0.02)


def test_growth_shows_what_more_frames_add(model):
    done = bench("growth", "--count", "14", "--model", model)
    assert done.returncode == 0, done.stderr
    (row,) = re.findall(r"^ +14( +[-\d. ]+)$", done.stdout, re.M)
    _, _, calls, track, _, _, peak = map(float, row.split())
    assert 2 < calls < 20 and 5 < track < 15 and 50 < peak < 1500
    drawn = [float(axes.lines[0].get_ydata()[0]) for axes in curves().growth(done.stdout).axes]
    assert drawn[2:4] == [calls, track]
    done = bench("growth", "--count", "10")
    assert done.returncode == 2 and "--count must be above 10" in done.stderr


def test_jobs_shows_both_and_their_ratios(model):
    done = bench("jobs", "--count", "8", "--model", model)
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^([12]) +(\w+) +(\d+) +\d+ +[\d.]+$", done.stdout, re.M)
    (_, everything, one), (_, share, two), (_, same, less) = rows
    assert [row[0] for row in rows] == ["1", "2", "1"] and everything == "all" and share == same
    for said, of, by in ((r"--jobs 1: ([\d.]+)", two, one), (r"is ([\d.]+) times", less, two)):
        ratio = float(re.search(said, done.stdout)[1])
        low, high = (float(of) - 0.5) / (float(by) + 0.5), (float(of) + 0.5) / (float(by) - 0.5)
        assert low - 0.01 < ratio < high + 0.01


def test_chunks_shows_what_goes_where(model):
    done = bench("chunks", "--count", "20", "--model", model, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("20 frames of 1080p in one run, twice, and in 2 chunks of 10")
    seconds = [float(s) for s in re.findall(r" (-?\d+\.\d\d)$", done.stdout, re.M)]
    python, libraries, start, run, chunk, *_, ratio = seconds
    assert python < libraries and min(python, start, run, chunk) > 0
    share = int(re.search(r"beyond process start: ([+-]\d+)%", done.stdout)[1])
    assert abs(share / 100 - (chunk / run - 1)) < 0.02 + 0.02 / run
    assert abs(ratio - (chunk + start) / run) < 0.02 + 0.05 / run
    done = bench("chunks", "--count", "10")
    assert done.returncode == 2 and "to make two chunks" in done.stderr


def test_disk_shows_that_half_is_smaller(model):
    done = bench("disk", "--model", model, "--crop-size", "256")
    assert done.returncode == 0, done.stderr
    half, full = (float(mb) for mb in re.findall(r"^(?:half|float) +([\d.]+)$", done.stdout, re.M))
    assert 0 < half < full < 200


def test_against_holds_a_model_of_frans_kind_to_ours(model, tmp_path):
    other = delta_network(tmp_path / "o.onnx", card=CARD | {"halo": 1, "encoding": "sRGB"}, seed=1)
    done = bench("against", "--model", model, "--beside", str(other), "--crop-size", "256")
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^test model 1, (\w+) +(\d+) +([\d.]+) .*  (EXR|PNG)", done.stdout, re.M)
    assert [(kind, file) for kind, _, _, file in rows] == [
        ("engine", "EXR"), ("engine", "EXR"), ("plain", "PNG"),
    ]  # fmt: skip
    assert all(float(whole) > 0 for _, whole, _, _ in rows) and rows[0][2] == "1.00"
    done = bench("against", "--model", model)
    assert done.returncode == 2 and "--beside fran.onnx" in done.stderr


def test_a_table_of_fewer_frames_than_are_drawn_is_refused():
    done = bench("plates", "--count", "7")
    assert done.returncode == 2 and "--count must be at least 8" in done.stderr


def test_unknown_sizes_are_refused():
    done = bench("--size", "12K")
    assert done.returncode == 2 and "1080p, 2K, UHD, 4K, 8K" in done.stderr


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


def test_a_ladder_is_measured_between_any_two_rungs(model):
    done = bench("ladder", "--model", model, "--crop-size", "256", "--ladder", "40,80")
    assert done.returncode == 0, done.stderr
    sources = re.split(r"^source age ", done.stdout, flags=re.M)[1:]
    row = re.compile(r"^(\d+-\d+) +[\d.]+ +([\d.]+)", re.M)
    rows = {said.partition("\n")[0]: dict(row.findall(said)) for said in sources}
    assert list(rows["30, ladder 40,80"]) == ["30-40", "40-80"]
    assert list(rows["50, ladder 40,80"]) == ["40-50", "50-80"]
    assert list(rows["50, with 5 years beside"]) == ["40-45", "45-50", "50-55", "55-80"]
    near, far = rows["50, with 5 years beside"], rows["50, ladder 40,80"]
    assert float(near["55-80"]) < float(far["50-80"])


def test_a_still_face_is_measured_there_and_back():
    done = bench("still")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if re.match(r"10\d\d ", line)]
    assert [row[0] for row in rows] == [str(n) for n in range(1001, 1009)]
    for _, moved, rms, most, largest, plate, pin, mesh, _ in (map(float, row) for row in rows):
        assert rms < 0.1 and most < 0.2 and largest < 2
        assert mesh <= pin <= plate
        assert (moved > 0) == (mesh > 0)
