"""The whole of training in miniature: synth, fit, export, evaluate, by their commands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from reage.onnx_model import CARD_KEY, OnnxModel
from reage_training.cli import main
from reage_training.network import HALO

AGES = "20,30,45,65,80"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set, a run and its exported model."""
    here = tmp_path_factory.mktemp("chain")
    data, run = here / "set", here / "run"
    synth = ["synth", "--out", data, "--identities", 2, "--views", 1, "--seed", 5]
    assert call(*synth, "--ages", AGES, "--size", 96, "--texture", 128, "--workers", 1) == 0
    fit = ["fit", data, "-o", run, "--steps", 200, "--batch", 4, "--window", 64]
    assert call(*fit, "--rate", 0.002) == 0
    assert call("export", run / "best.pt", "-o", here / "first.onnx") == 0
    figures = here / "figures.json"
    evaluate = ["evaluate", here / "first.onnx", data, "--figures", figures]
    assert call(*evaluate, "--sheet", here / "sheet.png", "--people", 1) == 0
    again = ["export", run / "best.pt", "-o", here / "model.onnx", "--figures", figures]
    assert call(*again, "--model-version", "0.1") == 0
    return here


def call(*words: object) -> int:
    return main([str(word) for word in words])


def test_the_loss_falls(trained: Path) -> None:
    log = (trained / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    losses = [entry["loss"] for entry in map(json.loads, log) if "loss" in entry]
    assert losses[-1] < 0.8 * losses[0]


def test_it_beats_doing_nothing_on_its_own_people(trained: Path) -> None:
    figures = json.loads((trained / "figures.json").read_text(encoding="utf-8"))
    assert figures["groups"] == 2 and figures["command"].startswith("reage-train evaluate")
    assert figures["held_set"]["seed"] == 5
    for pair in ("65→30", "30→65", "80→20", "20→80"):
        assert figures["pairs"][pair]["all"]["reduction"] > 0.1, pair
    same = figures["pairs"]["45→45"]["all"]["change"]
    assert same < 0.25 * figures["pairs"]["20→80"]["all"]["change"]


def test_the_model_carries_its_card(trained: Path) -> None:
    model = OnnxModel.load(trained / "model.onnx", "cpu")
    card = model.card
    assert (card.version, card.encoding, card.halo, card.stride) == ("0.1", "ACEScct", HALO, 16)
    assert card.figures["training_steps"] <= 200
    measured = json.loads((trained / "figures.json").read_text(encoding="utf-8"))
    assert card.figures["pairs"] == measured["pairs"]
    proto = onnx.load(trained / "model.onnx")
    assert [i.name for i in proto.graph.input] == ["input"]
    assert [o.name for o in proto.graph.output] == ["delta"]
    assert CARD_KEY in {p.key for p in proto.metadata_props}
    assert (trained / "model.onnx").stat().st_size <= 12 * 2**20


def test_tiles_of_the_exported_model_are_the_whole_to_the_bit(trained: Path) -> None:
    model = OnnxModel.load(trained / "model.onnx", "cpu")
    rng = np.random.default_rng(0)
    side = 2 * HALO + 64
    rgb = rng.uniform(0, 0.8, (side, side, 3)).astype(np.float32)
    young, old = np.full((2, side, side), [[[30]], [[70]]], np.float32)
    whole = model.run(rgb, young, old)
    y, x, s = 16, 48, slice(0, 2 * HALO + 16)
    tile = (slice(y, y + s.stop), slice(x, x + s.stop))
    alone = model.run(rgb[tile], young[tile], old[tile])
    core = slice(HALO, HALO + 16)
    expected = whole[y + HALO : y + HALO + 16, x + HALO : x + HALO + 16]
    np.testing.assert_array_equal(alone[core, core], expected)


def test_the_sheet_is_written(trained: Path) -> None:
    assert (trained / "sheet.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["export", "missing.pt"], 4, "missing.pt"),
        (["evaluate", "missing.onnx"], 4, "missing.onnx"),
    ],
)
def test_errors_are_one_sentence_and_a_code(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*words) == code
    assert said in capsys.readouterr().err


def test_help_needs_no_command_module(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "evaluate" in capsys.readouterr().out
