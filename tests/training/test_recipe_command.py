"""All of training by one command, at toy size: stopped, gone on with, and looked at."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from reage.models.onnx_model import OnnxModel
from reage_training import export
from reage_training.checkpoint import read
from reage_training.cli import main
from reage_training.evaluation import evaluate, speed
from reage_training.evaluation.moving import moving_head

TOY = (
    "--identities 2 --held 1 --patterns 2 --size 96 --large 0 --steps 6 --batch 2 --window 32 "
    "--device cpu --workers 1"
)


def recipe(out: Path) -> list[str]:
    return ["recipe", "--out", str(out), *TOY.split()]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recipe") / "all"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_stopped_while_it_trains_it_exports_nothing_and_says_so(out: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "reage_training.cli", *recipe(out)],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    while not (out / "run").exists() and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 130, said
    assert "recipe, step 1 of 6: reage-train synth --out" in said
    assert said.splitlines()[-1] == "Ended in step 3 of 6; the same command goes on from there."
    assert read(out / "run" / "last.pt")["step"] < 6 and not (out / "model.onnx").exists()


def test_the_same_command_goes_on_to_the_end(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # At the released sizes export and evaluation alone would take minutes.
    monkeypatch.setattr(export, "CARD", replace(export.CARD, crop_size=64))
    monkeypatch.setattr(export, "SIDES", ((64, 64), (32, 96)))
    monkeypatch.setattr(speed, "SIDES", (64,))
    monkeypatch.setattr(evaluate, "moving_head", partial(moving_head, count=3))
    stood = {path: path.stat().st_mtime_ns for path in out.glob("*/0*.npy")}
    assert len(stood) == 3
    assert main(recipe(out)) == 0
    assert {path: path.stat().st_mtime_ns for path in out.glob("*/0*.npy")} == stood
    last = read(out / "run" / "last.pt")
    assert last["step"] == 6
    assert last["settings"]["strength"] == "banded"
    card = OnnxModel.load(out / "model.onnx", "cpu").card
    assert card.figures["trained"] == "reage-train recipe, cpu"
    assert card.figures["held_set"]["seed"] == 7 and card.figures["people"] == 1
    assert "<html" in (out / "page" / "index.html").read_text("utf-8")
    told = re.findall(r"recipe, step \d of 6: reage-train (\w+)", capsys.readouterr().err)
    assert told == ["synth", "synth", "fit", "export", "evaluate", "export"]


def test_people_to_learn_from_and_held_out_ones_are_others(out: Path) -> None:
    made = {name: json.loads((out / name / "set.json").read_text("utf-8")) for name in
            ("people", "held")}  # fmt: skip
    assert made["people"]["seed"] != made["held"]["seed"]
    assert made["people"]["texture"] == made["held"]["texture"] == 192


def test_with_other_options_its_folder_is_refused(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*recipe(out), "--size", "112"]) == 2
    said = capsys.readouterr().err
    assert "was made with another size" in said and "Ended in step 1 of 6" in said
