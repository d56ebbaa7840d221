"""Small real ONNX networks, built node by node, for tests."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CARD = {
    "name": "test model",
    "license": "Apache-2.0",
    "trained_on": "nothing",
    "rights_holder": "ReAge contributors",
}


def delta_network(path, side=None, card=None, channels_in=5, channels_out=3, seed=0, batch=1):
    """A 3×3 convolution from (RGB, source age, target age) to an RGB delta; FRAN's signature.

    side: fixed height and width, or None for any. card: dict put inside the file. batch: how many
    it takes at once, or a word for any number.
    """
    weight = np.random.default_rng(seed).normal(0, 0.05, (channels_out, channels_in, 3, 3))
    size = [side, side] if side else ["h", "w"]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["input", "weight"], ["delta"], pads=[1, 1, 1, 1])],
        "delta",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, channels_in, *size])],
        [helper.make_tensor_value_info("delta", TensorProto.FLOAT, [batch, channels_out, *size])],
        [numpy_helper.from_array(weight.astype(np.float32), "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    if card is not None:
        helper.set_model_props(model, {"reage_card": json.dumps(card)})
    onnx.save(model, path)
    return path


def _saved(path, nodes, weights, side=None, domains=()):
    """Nodes from `input`, (1, 5, h, w), to `delta`, (1, 3, h, w), with a card."""
    size = [side, side] if side else ["h", "w"]
    graph = helper.make_graph(
        nodes,
        "delta",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 5, *size])],
        [helper.make_tensor_value_info("delta", TensorProto.FLOAT, [1, 3, *size])],
        [numpy_helper.from_array(np.array(value), name) for name, value in weights.items()],
    )
    opsets = [helper.make_opsetid("", 17), *(helper.make_opsetid(d, 1) for d in domains)]
    model = helper.make_model(graph, opset_imports=opsets)
    model.ir_version = 9
    card = CARD | {"halo": 1, "crop_size": 64}
    helper.set_model_props(model, {"reage_card": json.dumps(card)})
    onnx.save(model, path)
    return path


_COLORS = {"start": [0], "end": [3], "axes": [1]}


def nan_network(path):
    """Its delta is NaN everywhere: the root of what is below zero."""
    nodes = [
        helper.make_node("Slice", ["input", "start", "end", "axes"], ["rgb"]),
        helper.make_node("Mul", ["rgb", "zero"], ["none"]),
        helper.make_node("Sub", ["none", "one"], ["below"]),
        helper.make_node("Sqrt", ["below"], ["delta"]),
    ]
    return _saved(path, nodes, _COLORS | {"zero": np.float32(0), "one": np.float32(1)})


def endless_network(path):
    """A loop whose condition always holds."""
    value = helper.make_tensor_value_info("v", TensorProto.FLOAT, None)
    more = helper.make_tensor_value_info("more", TensorProto.BOOL, [])
    turn = helper.make_tensor_value_info("turn", TensorProto.INT64, [])
    after = [
        helper.make_tensor_value_info("more_out", TensorProto.BOOL, []),
        helper.make_tensor_value_info("v_out", TensorProto.FLOAT, None),
    ]
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["more"], ["more_out"]),
            helper.make_node("Abs", ["v"], ["v_out"]),
        ],
        "body", [turn, more, value], after,
    )  # fmt: skip
    nodes = [
        helper.make_node("Slice", ["input", "start", "end", "axes"], ["rgb"]),
        helper.make_node("Loop", ["", "always", "rgb"], ["delta"], body=body),
    ]
    return _saved(path, nodes, _COLORS | {"always": np.bool_(True)})


def foreign_network(path):
    """It wants an operator that no standard has."""
    nodes = [helper.make_node("Glow", ["input"], ["delta"], domain="acme.ops")]
    return _saved(path, nodes, {}, domains=["acme.ops"])


def split_network(path, location="weights.bin"):
    """A network whose weights are in a file beside it."""
    delta_network(path, card=CARD)
    model = onnx.load(path)
    (weight,) = model.graph.initializer
    path.with_name("weights.bin").write_bytes(weight.raw_data)
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=location)
    onnx.save(model, path)
    return path
