"""From a checkpoint to a model that the engine runs, and back to weights to train on."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from reage import home
from reage.errors import ModelError
from reage.models.model import ModelInput
from reage.models.onnx_model import OnnxModel
from reage_training import compare
from reage_training.checkpoint import Training, averaged_network
from reage_training.cli import main
from reage_training.export import export
from reage_training.fit import fit
from reage_training.network import Released
from reage_training.pairs.pair import FACE_SIZES
from reage_training.schedule import FitSettings

TWO = FitSettings(steps=2, batch=1, window=32, warmup=1)


@pytest.fixture(scope="module")
def run(small_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    fit(small_dataset, out, TWO)
    return out


@pytest.fixture(scope="module")
def file(run: Path) -> Path:
    """By the command, with figures: torch takes long to export, so once for all tests."""
    path, figures = run / "model.onnx", run / "figures.json"
    figures.write_text(json.dumps({"of": "a test"}), encoding="utf-8")
    words = [run / "last.pt", "-o", path, "--model-version", "7", "--trained", "by a test"]
    assert main(["export", *map(str, words), "--figures", str(figures)]) == 0
    return path


def test_the_card_says_how_it_was_trained(file: Path) -> None:
    assert OnnxModel.load(file, "cpu").card.figures["trained"] == "by a test"


def test_the_engine_runs_it_as_torch_does(run: Path, file: Path) -> None:
    model = OnnxModel.load(file, "cpu")
    assert model.card.version == "7" and model.card.figures["of"] == "a test"
    assert model.card.figures["run"] == asdict(TWO) and model.card.figures["steps_done"] == 2
    assert model.card.parts == ("detail", "form", "tone", "hair") and model.card.pattern
    assert model.card.face_sizes == FACE_SIZES and FACE_SIZES[1] / FACE_SIZES[0] > 3
    rng = np.random.default_rng(1)
    rgb, conditioning = rng.uniform(0, 1, (48, 80, 3)), rng.normal(0, 0.3, (48, 80, 3))
    ages = np.full((48, 80), 30.0), np.full((48, 80), 70.0)
    maps = (a.astype(np.float32) for a in (rgb, *ages, conditioning))
    got = model.run(ModelInput(*maps)).values
    assert got.shape == (48, 80, 13)
    net = Released(averaged_network(run / "last.pt")[0]).eval()
    planes = np.concatenate([rgb, *(a[..., None] / 100 for a in ages), conditioning], -1)
    with torch.no_grad():
        made = net(torch.from_numpy(planes.astype(np.float32)).permute(2, 0, 1)[None])
    want = [functional.interpolate(m, (48, 80), mode="bilinear")[0] for m in made]
    assert np.abs(got - torch.cat(want).permute(1, 2, 0).numpy()).max() < 1e-5
    assert got[..., 12].min() >= 0 and got[..., 12].max() <= 1


def test_it_takes_several_tiles_at_once_and_gives_what_each_is_alone(file: Path) -> None:
    model = OnnxModel.load(file, "cpu")
    rng = np.random.default_rng(2)
    inputs = [
        ModelInput.of(model.card, rng.random((64, 64, 3), np.float32), 30.0, 70.0) for _ in range(3)
    ]
    assert model.takes_several
    for got, one in zip(model.run_batch(inputs), inputs, strict=True):
        assert np.array_equal(got.values, model.run(one).values)


def test_the_file_tells_no_place_of_the_machine_that_wrote_it(file: Path) -> None:
    data = file.read_bytes()
    assert b"network.py" not in data and str(Path.cwd()).encode() not in data


def test_a_new_run_can_start_from_the_exported_file(run: Path, file: Path) -> None:
    state = Training.begin(TWO, torch.device("cpu"))
    state.start_from(file)
    old = averaged_network(run / "last.pt")[0].state_dict()
    assert all(torch.equal(old[name], now) for name, now in state.net.state_dict().items())


def test_only_what_is_released_is_exported(small_dataset: Path, tmp_path: Path) -> None:
    settings = FitSettings(steps=1, batch=1, window=32, warmup=1, net="coarse-to-fine")
    fit(small_dataset, tmp_path, settings)
    with pytest.raises(ModelError, match="made to be compared"):
        export(tmp_path / "last.pt", tmp_path / "m.onnx", "1")


def test_networks_are_set_side_by_side(
    run: Path, small_dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(compare, "SIDE", 128)  # of the picture that is timed
    judged = tmp_path / "judged"
    fit(small_dataset, judged, replace(TWO, strength="banded"))
    assert main(["compare", str(run / "last.pt"), str(judged), "--held", str(small_dataset),
                 "--people", "1", "--device", "cpu"]) == 0  # fmt: skip
    lines = capsys.readouterr().out.splitlines()
    head, line, other = ([c.strip() for c in lines[k].strip("|").split("|")] for k in (0, 2, 3))
    cells = dict(zip(head, line, strict=True))
    assert line[:3] == ["small, local", "1.7 M", "2"] and line[-1] == "1.78"
    assert other[:3] == ["small, banded", "1.7 M", "2"]
    assert re.fullmatch(r"\d+ \d+ \d+ %", cells["strength"])
    assert float(cells["per megapixel"].split()[0]) > 0 and float(cells["memory"].split()[0]) > 0


def test_the_model_that_comes_with_reage_is_replaced_by_release_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["export", str(tmp_path / "best.pt")])
    assert "one of the arguments -o/--out --release is required" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "best.pt"), "-o", str(home.default_model())]) == 2
    assert "say --release" in capsys.readouterr().err
