"""From a checkpoint to the file that artists get: one ONNX model with its card inside."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from torch import nn
from torch.export import Dim
from torch.nn import functional

from reage.errors import ModelError, OutputError
from reage.models.model import ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY, OnnxModel
from reage_training.checkpoint import EXPORTED_AS, averaged_network
from reage_training.network import HALO, INPUT, RELEASED, STRIDE, ReAgeNet, Released
from reage_training.pairs.pair import AGE_SCALE, FACE_SIZES
from reage_training.rewrite import any_batch

LARGEST = 12 * 1024 * 1024
"""Bytes that a model in the repository may have."""

CLOSE = 1e-3
"""Largest difference from torch that is let through, as a share of the largest delta."""

SIDES = ((128, 128), (256, 208), (160, 416), (512, 512))
"""(height, width) that the written file is compared at."""

CARD = ModelCard(
    name="reage-default",
    license="Apache-2.0",
    trained_on=(
        "Synthetic faces only, rendered by ReAge's own generator on ICT-FaceKit's head (MIT); "
        "no photograph of anybody."
    ),
    rights_holder="ReAge contributors",
    encoding="ACEScct",
    age_range=(18.0, 85.0),
    age_scale=AGE_SCALE,
    crop_size=512,
    crop_scale=1.5,
    face_sizes=FACE_SIZES,
    stride=STRIDE,
    halo=HALO,
    inputs=INPUT.names,
    outputs=RELEASED.names,
)
"""What holds for every model of this network and data; version and figures are added."""


def export(
    checkpoint: Path,
    destination: Path,
    version: str,
    figures: Mapping[str, object] | None = None,
) -> float:
    """Write the checkpoint's averaged weights as `destination`.

    Input "input" (N, 8, H, W), outputs "detail" (N, 3, H, W) and "broad" (N, 10, H/2, W/2),
    float32, any N, H and W any multiples of the stride, channels as `network.INPUT` and
    `network.RELEASED` have them. The file is read back through the engine and compared with torch
    before it takes its final name; returns the largest difference as a share of the largest delta.
    Raises ModelError where the checkpoint or the result is wrong, OutputError.
    """
    net, settings, step = averaged_network(checkpoint)
    if settings.net != "small":
        raise ModelError(
            f"{checkpoint} is a network {settings.net!r}, which was made to be compared; "
            "only 'small' is exported."
        )
    metadata = {"run": asdict(settings), "steps_done": step, **(figures or {})}
    card = replace(CARD, version=version, figures=metadata)
    assert isinstance(net, ReAgeNet)
    module = Released(net).eval()
    return _put(_graph(module, card), module, destination)


def with_weights(
    base: Path, net: ReAgeNet, destination: Path, said: Callable[[ModelCard], ModelCard]
) -> float:
    """Write an exported model with another network's weights: its graph is the base's, node for
    node, its card what `said` makes of the base's. Compared with torch as `export` does; returns
    the same. Raises ModelError, OutputError."""
    card = said(OnnxModel.load(base, "cpu").card)
    try:
        model = onnx.load(base)
    except (OSError, DecodeError) as e:
        raise ModelError(f"{base} cannot be read as a model: {e}") from e
    _swap(model.graph, net.state_dict())
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_json()})
    onnx.checker.check_model(model)
    return _put(model, Released(net).eval(), destination)


def _swap(graph: onnx.GraphProto, weights: Mapping[str, torch.Tensor]) -> None:
    """Put weights in the place of those that the graph's convolutions have. Tensors that are equal
    are stored once; they may differ now, so each convolution gets its own."""
    stored = {i.name: i for i in graph.initializer}
    for node in (n for n in graph.node if n.op_type == "Conv"):
        name = node.input[1].removeprefix(EXPORTED_AS)
        for k, own in ((1, name), (2, name.removesuffix("weight") + "bias")):
            if own not in weights:
                continue
            called = EXPORTED_AS + own
            array = weights[own].detach().cpu().numpy()
            tensor = onnx.numpy_helper.from_array(np.ascontiguousarray(array), called)
            if called in stored:
                stored[called].CopyFrom(tensor)
            else:
                graph.initializer.append(tensor)
            node.input[k] = called


def _put(model: onnx.ModelProto, module: nn.Module, destination: Path) -> float:
    """Write a model once it gives what torch does."""
    part = destination.with_name(destination.stem + ".part.onnx")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, part)
        worst = _compare(module, part)
        part.replace(destination)
    except OSError as e:
        raise OutputError(f"Cannot write the model {destination}: {e}") from e
    finally:
        part.unlink(missing_ok=True)
    return worst


def _graph(module: nn.Module, card: ModelCard) -> onnx.ModelProto:
    model = exported(module, INPUT.count, STRIDE, ["detail", "broad"])
    _anonymise(model.graph)
    any_batch(model)
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_json()})
    onnx.checker.check_model(model)
    return model


def exported(
    module: nn.Module, channels: int, stride: int, outputs: list[str]
) -> onnx.ModelProto:
    """A network (1, channels, H, W) with H and W any multiples of the stride."""
    example = torch.zeros(1, channels, 4 * stride, 6 * stride)
    sides = {2: stride * Dim("rows"), 3: stride * Dim("columns")}
    registry = logging.getLogger("torch.onnx._internal.exporter._registration")
    registry.setLevel(logging.ERROR)  # it warns that torchvision, which is not needed, is absent
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's exporter warns of its own deprecations
        program = torch.onnx.export(
            module,
            (example,),
            dynamo=True,
            input_names=["input"],
            output_names=outputs,
            dynamic_shapes=(sides,),
            verbose=False,
        )
    if program is None:
        raise ModelError("torch.onnx.export gave no program.")
    model: onnx.ModelProto = program.model_proto
    return model


def _anonymise(graph: onnx.GraphProto) -> None:
    """Drop what torch notes beside each node: places in the source, with this machine's paths."""
    for part in (*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""


def _compare(module: nn.Module, path: Path) -> float:
    """Largest difference between torch and the file, run as the engine runs it, as a share."""
    if path.stat().st_size > LARGEST:
        raise ModelError(f"The exported model has {path.stat().st_size} bytes, over {LARGEST}.")
    model = OnnxModel.load(path, "cpu")
    rng = np.random.default_rng(0)
    worst = largest = 0.0
    for height, width in SIDES:
        rgb = rng.uniform(-0.1, 1.2, (height, width, 3)).astype(np.float32)
        ages = rng.uniform(18, 85, (2, height, width)).astype(np.float32)
        pattern = rng.normal(0, 0.3, (height, width, 3)).astype(np.float32)
        source, target = ages[..., None] / np.float32(AGE_SCALE)
        seen = {"picture": rgb, "source_age": source, "target_age": target, "pattern": pattern}
        maps = np.concatenate(INPUT.ordered(seen), -1)
        with torch.no_grad():
            planes = module(torch.from_numpy(maps).permute(2, 0, 1)[None])
        want = _whole(planes, (height, width))
        got = model.run(ModelInput(rgb, ages[0], ages[1], pattern)).values
        worst = max(worst, float(np.abs(got - want).max()))
        largest = max(largest, float(np.abs(want).max()))
    if not worst <= CLOSE * largest:
        raise ModelError(
            f"The exported model differs from torch by {worst:.2g} where the largest delta is "
            f"{largest:.2g}; it was not written."
        )
    return worst / largest


def _whole(planes: tuple[torch.Tensor, ...], side: tuple[int, int]) -> np.ndarray:
    """(h, w, 13): what `Released` gives, at the picture's side."""
    whole = [functional.interpolate(p, side, mode="bilinear", align_corners=False) for p in planes]
    return torch.cat(whole, 1)[0].permute(1, 2, 0).numpy()
