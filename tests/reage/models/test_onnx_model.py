"""Model files: a real network runs, and every wrong one is refused in words."""

import hashlib
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import onnx
import onnxruntime
import pytest

from helpers.onnx_files import (
    CARD,
    delta_network,
    endless_network,
    foreign_network,
    split_network,
)
from reage.errors import Cancelled, ModelError, OutOfMemory, SettingsError
from reage.models.model import ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel

IN_PARTS = CARD | {"parts": ["detail", "form", "tone", "hair"]}


def ages(side, years):
    return np.full((side, side), years, np.float32)


def test_a_fran_export_runs_with_a_ten_line_card(tmp_path):
    """1×5×1024×1024 in, 3-channel sRGB delta out, card beside the file."""
    path = delta_network(tmp_path / "fran.onnx", side=1024)
    card = """{
  "name": "FRAN",
  "license": "see its authors",
  "rights_holder": "its authors",
  "trained_on": "synthetic pairs aged 18 to 85",
  "encoding": "sRGB",
  "age_range": [18, 85],
  "crop_scale": 1.8,
  "halo": 512
}"""
    assert len(card.splitlines()) <= 10
    (tmp_path / "fran.json").write_text(card, encoding="utf-8")
    model = OnnxModel.load(path, "cpu")
    assert (model.card.fixed_size, model.card.crop_size) == (1024, 1024)
    assert model.device == "CPU"
    assert model.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    rgb = np.random.default_rng(0).random((1024, 1024, 3), np.float32)
    delta = model.run(ModelInput(rgb, ages(1024, 65), ages(1024, 35))).delta
    feed = np.concatenate([rgb, ages(1024, 0.65)[..., None], ages(1024, 0.35)[..., None]], -1)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (want,) = session.run(None, {"input": feed.transpose(2, 0, 1)[None]})
    assert delta.shape == (1024, 1024, 3)
    assert np.allclose(delta, want[0].transpose(1, 2, 0), atol=1e-6)


def test_the_number_of_threads_changes_no_bit():
    """Of the model that comes with ReAge."""
    rng = np.random.default_rng(0)
    picture, pattern = rng.random((2, 256, 320, 3), np.float32)
    one, all_ = (OnnxModel.load(None, "cpu", threads=threads) for threads in (1, 0))
    seen = ModelInput.of(one.card, picture, 40.0, 70.0, pattern)
    told = [model.run(seen).values for model in (one, all_)]
    np.testing.assert_array_equal(*told)


def test_the_card_inside_the_file_is_read_and_the_one_beside_it_wins(tmp_path):
    path = delta_network(tmp_path / "m.onnx", card=CARD | {"name": "inside"})
    assert OnnxModel.load(path).card.name == "inside"
    beside = ModelCard.from_json(json.dumps(CARD | {"name": "beside"}), "test")
    (tmp_path / "m.json").write_text(beside.to_json(), encoding="utf-8")
    assert OnnxModel.load(path).card == beside


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: None, "Cannot read the model .*m.onnx: No such file"),
        (lambda p: p.write_bytes(b"not onnx"), "not an ONNX model"),
        (lambda p: delta_network(p), "has no card. Put one beside it as m.json"),
        (lambda p: delta_network(p, card=CARD | {"encodin": 1}), "unknown fields: encodin"),
        (lambda p: delta_network(p, card={"name": "x"}), "lacks license, trained_on"),
        (lambda p: delta_network(p, card=CARD | {"encoding": "log"}), "ACEScct, sRGB"),
        (lambda p: delta_network(p, card=CARD, channels_in=3), "one input 1×5×H×W"),
        (lambda p: delta_network(p, card=CARD, channels_out=4), "one output 1×3×H×W"),
        (lambda p: delta_network(p, card=IN_PARTS), r"1×13×H×W \(detail, form, tone, hair"),
        (lambda p: delta_network(p, card=IN_PARTS, channels_out=12), "hair, hair matte"),
        (lambda p: delta_network(p, card=CARD, channels_out=13), r"outputs \[.delta.\]"),
        (lambda p: delta_network(p, card=CARD | {"pattern": True}), "1×8×H×W .*age, pattern"),
        (lambda p: delta_network(p, card=CARD, channels_in=8), r"its inputs are input \[1, 8,"),
        (lambda p: delta_network(p, card=CARD | {"parts": ["tone", "detail"]}), "parts is .*it is"),
        (lambda p: delta_network(p, card=CARD | {"parts": "detail"}), "parts is 'detail'"),
        (lambda p: delta_network(p, card=CARD | {"pattern": "yes"}), "neither true nor false"),
        (lambda p: delta_network(p, card=CARD | {"crop_size": 100_000}), "from 1 to 4096"),
        (lambda p: delta_network(p, card=CARD | {"halo": 10**9}), "halo is 1e.09; .* to 2048"),
        (lambda p: delta_network(p, card=CARD | {"crop_scale": 1e-9}), "crop_scale is 1e-09"),
        (lambda p: delta_network(p, card=CARD | {"stride": "8"}), "stride is '8'; it must be"),
        (lambda p: delta_network(p, card=CARD | {"age_range": [18]}), "age_range is .18."),
        (lambda p: delta_network(p, card=CARD | {"name": 5}), "name is 5; it must be text"),
        (lambda p: foreign_network(p), "operator Glow of 'acme.ops', .* export it with standard"),
        (lambda p: split_network(p), "weights in another file, 'weights.bin'. .* external_data"),
        (lambda p: split_network(p, "../../secret"), "another file, '../../secret'"),
        (lambda p: split_network(p, "*/_ORT_MEM_ADDR_/*"), "weights in another file"),
        (lambda p: delta_network(p, card=CARD | {"external_data": ["a/b"]}), "a file's name, no p"),
        (lambda p: delta_network(p, side=64, card=CARD | {"fixed_size": 128}), "64×64 px"),
    ],
)
def test_wrong_models_are_refused_in_one_sentence(tmp_path, make, says):
    path = tmp_path / "m.onnx"
    make(path)
    with pytest.raises(ModelError, match=says):
        OnnxModel.load(path)


def test_a_model_may_give_parts_and_take_a_pattern(tmp_path):
    card = IN_PARTS | {"pattern": True}
    model = OnnxModel.load(delta_network(tmp_path / "m.onnx", None, card, 8, 13), "cpu")
    takes, gives = model.card.input_channels, model.card.output_channels
    assert (takes.count, gives.count, model.card.hair) == (8, 13, True)
    assert ModelCard.from_json(model.card.to_json(), "test") == model.card
    r = np.random.default_rng(0)
    rgb, pattern = r.random((32, 32, 3), np.float32), r.random((32, 32, 3), np.float32)
    seen = ModelInput(rgb, ages(32, 40), ages(32, 70), pattern)
    change = model.run(seen).values
    years = [np.full((32, 32, 1), y, np.float32) for y in (0.4, 0.7)]
    feed = np.concatenate([rgb, *years, pattern], -1).transpose(2, 0, 1)[None]
    session = onnxruntime.InferenceSession(str(model.path), providers=["CPUExecutionProvider"])
    (want,) = session.run(None, {"input": feed})
    assert np.allclose(change, want[0].transpose(1, 2, 0), atol=1e-6)
    without = model.run(replace(seen, pattern=None)).values
    assert np.array_equal(without, model.run(replace(seen, pattern=pattern * 0)).values)
    assert not np.allclose(without, change)


def test_weights_in_another_file_are_the_models_where_its_card_allows_it(tmp_path):
    path = split_network(tmp_path / "m.onnx")
    whole = OnnxModel.load(delta_network(tmp_path / "whole.onnx", card=CARD), "cpu")
    card = CARD | {"external_data": ["weights.bin"]}
    (tmp_path / "m.json").write_text(json.dumps(card), encoding="utf-8")
    split = OnnxModel.load(path, "cpu")
    rgb = np.random.default_rng(0).random((32, 32, 3), np.float32)
    seen = ModelInput(rgb, ages(32, 40), ages(32, 70))
    assert np.array_equal(split.run(seen).values, whole.run(seen).values)
    weights = tmp_path / "weights.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x3f")
    other = OnnxModel.load(path, "cpu")
    assert other.sha256 != split.sha256
    weights.unlink()
    with pytest.raises(ModelError, match="Cannot read the model .*weights.bin: No such file"):
        OnnxModel.load(path, "cpu")


def test_an_endless_model_stops_once_it_is_cancelled(tmp_path):
    model = OnnxModel.load(endless_network(tmp_path / "m.onnx"), "cpu")
    began = time.monotonic()
    rgb = np.zeros((32, 32, 3), np.float32)
    with pytest.raises(Cancelled, match="while the model ran"):
        model.run(
            ModelInput(rgb, ages(32, 40), ages(32, 70)), lambda: time.monotonic() > began + 0.5
        )
    assert time.monotonic() - began < 10


def test_a_model_that_answers_with_another_shape_is_named(tmp_path):
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    loaded = onnx.load(path)
    loaded.graph.node[0].attribute[0].ints[:] = [3, 3, 3, 3]
    onnx.save(loaded, path)
    model = OnnxModel.load(path, "cpu")
    rgb = np.zeros((32, 32, 3), np.float32)
    with pytest.raises(ModelError, match=r"answered with the shape \(1, 3, 36, 36\)"):
        model.run(ModelInput(rgb, ages(32, 40), ages(32, 70)))


@dataclass(frozen=True)
class Failing:
    """Runs as ONNX Runtime fails on a GPU, in its words."""

    words: str
    buffers: str = ""

    @contextmanager
    def run(self, shapes, fill, options):
        raise RuntimeError(f"[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : {self.words}")
        yield


@pytest.mark.parametrize(
    "words",
    [
        "BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 9",
        "BFCArena::AllocateRawInternal Available memory of 16 is smaller than requested bytes of 9",
        "CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);",
        "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cudnnCreate(&cudnn_handle_)",
        "8007000E Not enough memory resources are available to complete this operation.",
    ],
)
def test_a_device_without_room_is_known_by_its_words(tmp_path, words):
    model = OnnxModel.load(delta_network(tmp_path / "m.onnx", card=CARD, batch="n"), "cpu")
    seen = ModelInput(np.zeros((32, 48, 3), np.float32), ages(32, 40), ages(32, 70))
    failing = replace(model, _runs=Failing(words))
    with pytest.raises(OutOfMemory, match="CPU has not enough memory for a tile of 48×32 px; use"):
        failing.run(seen)
    with pytest.raises(OutOfMemory, match="memory for 3 times a tile of 48×32 px; use a smaller"):
        failing.run_batch([seen] * 3)
    with pytest.raises(ModelError, match="failed while running: .*broken") as other:
        replace(model, _runs=Failing("broken")).run(seen)
    assert not isinstance(other.value, OutOfMemory)


def test_cuda_is_refused_where_there_is_none(tmp_path):
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this ONNX Runtime has CUDA")
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    with pytest.raises(SettingsError, match="--device cuda"):
        OnnxModel.load(path, "cuda")


RUN_A_TILE = """
import numpy as np
from reage.models.model import ModelInput
from reage.models.onnx_model import OnnxModel
model = OnnxModel.load(device="cpu")
side = 4 * model.card.stride
model.run(ModelInput.of(model.card, np.zeros((side, side, 3), np.float32), 50, 30))
"""


def test_running_a_model_leaves_nothing_of_microsofts(tmp_path):
    """ONNX Runtime 1.32 keeps its telemetry in the home's cache, from its import on."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ORT_", "XDG_"))}
    home = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA")}
    done = subprocess.run(
        [sys.executable, "-c", RUN_A_TILE], env=environment | home, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
