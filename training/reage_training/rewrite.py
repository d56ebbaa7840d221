"""From a model's file to another one of the same weights: for several tiles at once, or in half.

Needs no torch.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx

from reage.errors import ModelError
from reage.models.model import ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY, OnnxModel
from reage.models.residual import Residual
from reage_training.half import emulated, halved
from reage_training.saved import save_whole

SIDE = 256
"""px of the pictures of noise that files are compared on."""

TOGETHER = 3
"""How many there are."""

HALF_CLOSE = 0.02
"""Largest difference of halves that is let through, as a share: the doctor's bound for a device's
pixels."""


def rewrite(source: Path, destination: Path, half: bool, emulate: bool = False) -> float:
    """Write the model `source`, with its card inside, as `destination`; returns how far it is off,
    as a share of the largest value: nothing, or what halves make, computed as a GPU rounds.

    It is written only if, on the CPU, it gives the pixels of `source` to the bit, however many it
    is given at once; halves within HALF_CLOSE. emulate: halves as `half.emulated` makes them.
    Raises ModelError, OutputError.
    """
    old = OnnxModel.load(source, "cpu")
    model = onnx.load(source)
    card = replace(old.card, version=f"{old.card.version} half" if half else old.card.version)
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_json()})
    any_batch(model)
    inputs = [noise(old.card, np.random.default_rng(k)) for k in range(TOGETHER)]
    want = [old.run(each) for each in inputs]
    if _off(model, inputs, want):
        raise ModelError(f"{source} gives other pixels for several pictures at once; it stays.")
    share = 0.0
    if half:
        halves = halved(model)
        rounded = emulated(halves)
        model = rounded if emulate else halves
        share = _off(rounded, inputs, want)
        if not share <= HALF_CLOSE:
            raise ModelError(f"{source} in half is off by {share:.2g} of its largest delta.")
    save_whole(model, destination)
    return share


def any_batch(model: onnx.ModelProto) -> None:
    """Let a network that was exported for one picture take any number at once; its weights and
    pixels stay. Right where no operator knows how many there are, which `rewrite` tries. Shapes in
    between are kept: ONNX Runtime joins operators by them."""
    graph = model.graph
    for tensor in (*graph.input, *graph.output, *graph.value_info):
        shape = tensor.type.tensor_type.shape.dim
        if len(shape) == 4 and shape[0].dim_value == 1:
            shape[0].dim_param = "pictures"


def _off(model: onnx.ModelProto, inputs: list[ModelInput], want: list[Residual]) -> float:
    """Largest difference from what is wanted, one by one or all at once, as a share of the largest
    value there is."""
    with TemporaryDirectory(prefix="reage-rewrite-") as folder:
        path = Path(folder, "model.onnx")
        onnx.save(model, path)
        new = OnnxModel.load(path, "cpu")
        made = [*(new.run(each) for each in inputs), *new.run_batch(inputs)]
    pairs = zip(made, [*want, *want], strict=True)
    off = max(float(np.abs(one.values - other.values).max()) for one, other in pairs)
    return off / (max(float(np.abs(each.values).max()) for each in want) or 1.0)


def noise(card: ModelCard, rng: np.random.Generator) -> ModelInput:
    """Something for a model with this card to be run on."""
    side = card.fixed_size or -(-SIDE // card.stride) * card.stride
    rgb = rng.uniform(0, 1, (side, side, 3)).astype(np.float32)
    low, high = card.age_range
    source, target = rng.uniform(low, high, (2, side, side)).astype(np.float32)
    pattern = rng.normal(0, 0.3, (side, side, 3)).astype(np.float32)
    return ModelInput.of(card, rgb, source, target, pattern)
