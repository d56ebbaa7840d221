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


def delta_network(path, side=None, card=None, channels_in=5, channels_out=3, seed=0):
    """A 3×3 convolution from (RGB, source age, target age) to an RGB delta; FRAN's signature.

    side: fixed height and width, or None for any. card: dict put inside the file.
    """
    weight = np.random.default_rng(seed).normal(0, 0.05, (channels_out, channels_in, 3, 3))
    size = [side, side] if side else ["h", "w"]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["input", "weight"], ["delta"], pads=[1, 1, 1, 1])],
        "delta",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, channels_in, *size])],
        [helper.make_tensor_value_info("delta", TensorProto.FLOAT, [1, channels_out, *size])],
        [numpy_helper.from_array(weight.astype(np.float32), "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    if card is not None:
        helper.set_model_props(model, {"reage_card": json.dumps(card)})
    onnx.save(model, path)
    return path
