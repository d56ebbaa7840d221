"""The page about a GPU: each section is measured or named as left out, and its time is kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import face, plate
from reage.cli import main
from reage.frame.pipeline import prepare
from reage.models.model import NullModel
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.settings import Settings
from reage.tools.alike import Alike
from reage.tools.bench import BenchPlan
from reage.tools.bench import gpu as bench_gpu
from reage.tools.bench.gpu import GpuPlan

SETTINGS = Settings(source_age=40, target_age=70, crop_size=256)
FRAMES = [prepare(plate(), face(), NullModel().card, SETTINGS, Encoder("ACEScg", "ACEScct"))]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two networks of other weights, for several tiles at once and for one."""
    folder = tmp_path_factory.mktemp("models")
    card = CARD | {"halo": 1}
    many = delta_network(folder / "many.onnx", card=card, batch="n")
    return many, delta_network(folder / "one.onnx", card=card, seed=1)


def plan(path, seconds):
    settings = replace(SETTINGS, model=str(path))
    return GpuPlan(BenchPlan("1080p", 8, settings, 1024, "cpu", 1), None, seconds)


def test_all_that_has_no_time_is_named_and_left_out(files, capsys, monkeypatch):
    monkeypatch.setattr(bench_gpu, "SECONDS", 1.0)
    assert main(["bench", "gpu", "--device", "cpu", "--model", str(files[0])]) == 0
    page = capsys.readouterr().out
    for section in ("pixels", "tiles", "options", "a shot of 1080p", "a shot of UHD", "the mirror"):
        assert re.search(rf"^{section}: left out, as \d+ s are left and it needs \d+$", page, re.M)
    assert "--device cpu: CPU is used" in page and "memory: this process" in page
    assert "half: not measured" in page


def test_pixels_and_tiles_are_measured(files, monkeypatch):
    monkeypatch.setattr(bench_gpu, "_CELL", 0.05)
    many, one = files
    gpu = plan(many, bench_gpu.SECONDS)
    models = {"float32": OnnxModel.load(many, "cpu"), "half": OnnxModel.load(one, "cpu")}
    _, head, *rows = bench_gpu._pixels(gpu, models, {256: FRAMES})
    assert head.split()[-1] == "of"
    assert [float(row.split()[2]) > 0 for row in rows] == [False, True]
    head, *rows, note = bench_gpu._tiles(gpu, models, {256: FRAMES})
    cells = [row.split()[2:] for row in rows]
    assert all(float(cell) > 0 for cell in cells[0])
    assert cells[1][1:3] == ["-", "-"] and float(cells[1][0]) > 0 and "one at a time" in note


def test_a_page_keeps_its_time(files):
    page = "\n".join(bench_gpu.lines(plan(files[0], 30)))
    spent = int(re.search(r"^\((\d+) s of 30\)$", page, re.M)[1])
    assert spent < 90  # a busy machine may be late
    for section, figure in (
        ("a shot of 1080p", "whole / model alone"), ("a shot of UHD", "8 frames of UHD"),
        ("the mirror", "delay"),
    ):  # fmt: skip
        assert figure in page or f"{section}: left out" in page


def test_a_half_in_place_of_a_file_is_refused_in_words(files, capsys):
    words = ["bench", "gpu", "--device", "cpu", "--half", str(files[0].with_name("none.onnx"))]
    assert main(words) == 4
    assert "Cannot read the model" in capsys.readouterr().err


def test_what_two_models_differ_by_is_what_one_adds_more():
    """A tenth of thirty years' share, everywhere in the crop."""
    alike = Alike.of(FRAMES, NullModel(0.5), NullModel(0.6), 1024)
    assert alike.encoded.most == pytest.approx(0.03, rel=1e-5)
    assert alike.encoded.mean == pytest.approx(0.03, rel=1e-5)
    assert alike.largest == pytest.approx(0.15, rel=1e-5)
    assert 0 < alike.linear.mean < alike.linear.most
    assert alike.codes.most > 1 and 0 < alike.turned < 1


def test_a_model_is_itself(files):
    model = OnnxModel.load(files[0], "cpu")
    alike = Alike.of(FRAMES, model, model, 128)
    assert alike.encoded.most == alike.linear.most == alike.codes.most == alike.turned == 0
    assert alike.largest > 0
