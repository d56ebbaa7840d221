"""A network in half precision, for GPUs, with islands of float32 where a change must be exact.

Float32 stay: what reads the network's inputs, up to the first convolution on each way, since half
knows the picture's own values to some thousandth of a stop only; what follows the last convolution,
where parts are scaled and put together; inputs, outputs, and operators unlike `HALF`. Casts stand
at the islands' shores alone. (onnxruntime.transformers.float16, MIT, casts around each node that is
to stay float32: what goes from one to the next is rounded all the same, and 163 casts are 163
passes over memory.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

HALF = frozenset((
    "Add", "AveragePool", "Concat", "Conv", "DepthToSpace", "LeakyRelu", "Mul", "ReduceMean",
    "Resize", "Sigmoid", "Slice", "Split", "Sub",
))  # fmt: skip
"""Operators whose floats may all be halves, but for `_STAY`."""

_STAY = {"Resize": (1, 2)}
"""Inputs that are float32 always: a Resize's region and scales."""


def halved(model: ModelProto) -> ModelProto:
    """The same network, its weights and most of what it computes as half; inputs and outputs are
    float32 as before."""
    out = ModelProto()
    out.CopyFrom(model)
    graph = out.graph
    islands = _islands(graph)
    walk = _Walk({i.name: i for i in graph.initializer})
    nodes = [
        each for n, node in enumerate(graph.node) for each in walk.node(node, n not in islands)
    ]
    _replace(graph, nodes, walk.weights.values())
    onnx.checker.check_model(out)
    return out


def emulated(model: ModelProto) -> ModelProto:
    """A halved network for a device that has no halves: each node of them computes in float32 and
    rounds what it gives, as a GPU does. ONNX Runtime's CPU kernels would not round in between."""
    out = ModelProto()
    out.CopyFrom(model)
    graph = out.graph
    weights = {i.name: i for i in graph.initializer}
    halves = {name for name, w in weights.items() if w.data_type == TensorProto.FLOAT16}
    wide = {name: numpy_helper.to_array(weights[name]).astype(np.float32) for name in halves}
    weights |= {name: numpy_helper.from_array(pixels, name) for name, pixels in wide.items()}
    tensors: set[str] = set()  # that are halves
    nodes: list[NodeProto] = []
    for node in graph.node:
        to_half = node.op_type == "Cast" and node.attribute[0].i == TensorProto.FLOAT16
        taken = tensors & {*node.input}
        if to_half:
            tensors.update(node.output)
        if to_half or node.op_type == "Cast" or not taken:
            nodes.append(node)
            continue
        nodes += [_cast(name, f"{name}.{node.output[0]}.wide", False) for name in sorted(taken)]
        inputs = [f"{n}.{node.output[0]}.wide" if n in taken else n for n in node.input]
        names = [f"{name}.wide" for name in node.output]
        tensors.update(node.output)
        for of, new in ((node.input, inputs), (node.output, names)):
            of[:] = new
        nodes.append(node)
        nodes += [_cast(name, name.removesuffix(".wide"), True) for name in names]
    _replace(graph, nodes, weights.values())
    onnx.checker.check_model(out)
    return out


@dataclass
class _Walk:
    """Along the nodes in their order; weights: all that are used so far, and those of before."""

    given: dict[str, TensorProto]
    weights: dict[str, TensorProto] = field(default_factory=dict)
    halves: set[str] = field(default_factory=set)
    casts: dict[tuple[str, bool], str] = field(default_factory=dict)

    def node(self, node: NodeProto, half: bool) -> Iterator[NodeProto]:
        """The node, and the casts that it needs before it."""
        for k, name in enumerate(node.input):
            wanted = half and k not in _STAY.get(node.op_type, ())
            if name in self.given:
                node.input[k] = self._weight(name, wanted)
            elif name and wanted != (name in self.halves):
                if (name, wanted) not in self.casts:
                    self.casts[name, wanted] = f"{name}.{'half' if wanted else 'float'}"
                    yield _cast(name, self.casts[name, wanted], wanted)
                node.input[k] = self.casts[name, wanted]
        if half:
            self.halves.update(node.output)
        yield node

    def _weight(self, name: str, half: bool) -> str:
        weight = self.given[name]
        if not half or weight.data_type != TensorProto.FLOAT:
            self.weights[name] = weight
            return name
        called = f"{name}.half"
        values = numpy_helper.to_array(weight).astype(np.float16)
        self.weights[called] = numpy_helper.from_array(values, called)
        return called


def _islands(graph: GraphProto) -> set[int]:
    """Places among the nodes of those that stay float32."""
    given, early = {o.name for o in graph.output}, {i.name for i in graph.input}
    later = _before_a_convolution(graph.node)
    islands = set()
    for n, node in enumerate(graph.node):
        outputs, conv = {*node.output}, node.op_type == "Conv"
        if early & {*node.input}:
            islands.add(n)
            early |= set() if conv else outputs
        elif node.op_type not in HALF or given & outputs or not (conv or later & outputs):
            islands.add(n)
    return islands


def _before_a_convolution(nodes: Sequence[NodeProto]) -> set[str]:
    """Names of all that a convolution takes, by whatever way."""
    names: set[str] = set()
    for node in reversed(nodes):
        if node.op_type == "Conv" or names & {*node.output}:
            names.update(node.input)
    return names


def _cast(name: str, to: str, half: bool) -> NodeProto:
    kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    return helper.make_node("Cast", [name], [to], name=f"cast {to}", to=kind)


def _replace(graph: GraphProto, nodes: Iterable[NodeProto], weights: Iterable[TensorProto]) -> None:
    kept = [[*nodes], [*weights]]
    for of, new in zip((graph.node, graph.initializer), kept, strict=True):
        copies = [type(each).FromString(each.SerializeToString()) for each in new]
        del of[:]
        of.extend(copies)
    del graph.value_info[:]  # of types that are no longer theirs
