"""Another file of the same weights: for several pictures at once, or in half precision."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from helpers.onnx_files import CARD, delta_network
from reage import home
from reage.errors import ModelError
from reage.models.model import ModelInput
from reage.models.onnx_model import OnnxModel
from reage_training.cli import main
from reage_training.half import HALF, emulated, halved
from reage_training.rewrite import rewrite


@pytest.fixture(scope="module")
def default():
    return onnx.load(home.default_model())


@pytest.fixture(scope="module")
def half(default):
    return halved(default)


def seen(card, seed, side=128):
    rng = np.random.default_rng(seed)
    rgb = rng.uniform(0, 1, (side, side, 3)).astype(np.float32)
    return ModelInput.of(card, rgb, 50.0, 80.0, rng.normal(0, 0.3, rgb.shape).astype(np.float32))


def test_the_default_model_for_several_tiles_has_its_own_pixels(tmp_path, capsys):
    out = tmp_path / "many.onnx"
    assert main(["rewrite", "-o", str(out)]) == 0
    assert "the same pixels to the bit" in capsys.readouterr().err
    old, new = OnnxModel.load(None, "cpu"), OnnxModel.load(out, "cpu")
    assert new.card == old.card
    inputs = [seen(old.card, seed) for seed in range(3)]
    for got, one in zip(new.run_batch(inputs), inputs, strict=True):
        assert np.array_equal(got.values, old.run(one).values)
    assert main(["rewrite", "-o", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_file_for_one_tile_becomes_one_for_several(tmp_path):
    one = delta_network(tmp_path / "one.onnx", card=CARD, batch=1)
    assert not OnnxModel.load(one, "cpu").takes_several
    assert rewrite(one, tmp_path / "many.onnx", False) == 0
    many = OnnxModel.load(tmp_path / "many.onnx", "cpu")
    inputs = [seen(many.card, seed) for seed in range(3)]
    want = [OnnxModel.load(one, "cpu").run(each).values for each in inputs]
    assert many.takes_several
    for got, wanted in zip(many.run_batch(inputs), want, strict=True):
        assert np.array_equal(got.values, wanted)


def test_a_network_that_adds_nothing_is_rewritten_as_well(tmp_path):
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    model = onnx.load(path)
    for weight in model.graph.initializer:
        zeros = np.zeros_like(numpy_helper.to_array(weight))
        weight.CopyFrom(numpy_helper.from_array(zeros, weight.name))
    onnx.save(model, path)
    assert rewrite(path, tmp_path / "out.onnx", False) == 0


def test_half_is_within_its_bound_and_half_as_large(tmp_path):
    out = tmp_path / "half.onnx"
    assert 0 < rewrite(home.default_model(), out, True) < 0.01
    assert out.stat().st_size < 0.55 * home.default_model().stat().st_size
    old, new = OnnxModel.load(None, "cpu"), OnnxModel.load(out, "cpu")
    assert new.card.version == f"{old.card.version} half" and new.sha256 != old.sha256
    want, got = (each.run(seen(old.card, 0)).delta for each in (old, new))
    assert 0 < np.abs(got - want).max() < 0.005 * np.abs(want).max()


def test_only_first_and_last_layers_stay_float_and_casts_stand_at_their_shores(half):
    kinds = {i.name: i.data_type for i in half.graph.initializer}
    convolutions = [node for node in half.graph.node if node.op_type == "Conv"]
    wide = [c for c in convolutions if kinds[c.input[1]] == TensorProto.FLOAT]
    widths = [next(i.dims[1] for i in half.graph.initializer if i.name == c.input[1]) for c in wide]
    assert sorted(widths) == [2] * 7 + [8]  # what the ages say, and the picture's first layer
    assert sum(node.op_type == "Cast" for node in half.graph.node) < 12
    for given in (*half.graph.input, *half.graph.output):
        assert given.type.tensor_type.elem_type == TensorProto.FLOAT


def test_rounding_as_a_gpu_does_differs_from_the_cpus_halves(half, default, tmp_path):
    """The CPU's kernels compute halves in float32 and round less often: their difference alone
    would say too little."""
    card = OnnxModel.load(None, "cpu").card
    off = {}
    want = OnnxModel.load(None, "cpu").run(seen(card, 1)).delta
    for name, model in (("half", half), ("emulated", emulated(half))):
        onnx.save(model, tmp_path / f"{name}.onnx")
        got = OnnxModel.load(tmp_path / f"{name}.onnx", "cpu").run(seen(card, 1)).delta
        off[name] = float(np.abs(got - want).mean())
    assert off["emulated"] > 1.1 * off["half"] > 0


def test_an_emulated_network_rounds_each_halfs_output():
    """Of x·w + b by hand: 1×1 convolutions, the middle one of halves."""
    names = ["input", "a", "b", "delta"]
    nodes = [
        helper.make_node("Conv", [x, f"w{n}"], [y], name=str(n))
        for n, (x, y) in enumerate(pairwise(names))
    ]
    weights = [np.full((1, 1, 1, 1), w, np.float32) for w in (1 / 3, 1 / 7, 1 / 11)]
    shapes = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 1, 1, 1]) for n in names]
    graph = helper.make_graph(
        nodes, "g", shapes[:1], shapes[3:],
        [numpy_helper.from_array(w, f"w{n}") for n, w in enumerate(weights)],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    half = halved(model)
    assert [n.op_type for n in half.graph.node] == ["Conv", "Cast", "Conv", "Cast", "Conv"]
    session = onnxruntime.InferenceSession(
        emulated(half).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    x = np.full((1, 1, 1, 1), 0.7, np.float32)
    (got,) = session.run(None, {"input": x})
    a = np.float16(x * weights[0])
    b = np.float16(np.float32(a) * np.float32(np.float16(weights[1])))
    assert got.item() == (np.float32(b) * weights[2]).item()


def test_a_model_that_knows_how_many_pictures_there_are_is_refused(tmp_path):
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    model = onnx.load(path)
    (conv,) = model.graph.node
    conv.output[0] = "two"
    mean = helper.make_node("ReduceMean", ["two"], ["mean"], axes=[0], keepdims=1)
    model.graph.node.extend([mean, helper.make_node("Mul", ["two", "mean"], ["delta"])])
    onnx.save(model, path)
    with pytest.raises(ModelError, match="other pixels for several pictures"):
        rewrite(path, tmp_path / "out.onnx", False)
    assert not (tmp_path / "out.onnx").exists()


def test_all_operators_of_the_default_model_may_be_halves(default):
    assert {node.op_type for node in default.graph.node} <= HALF
