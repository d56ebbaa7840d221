"""From a model's file to another one of the same weights: for several tiles at once, or in half."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx

from reage.errors import ModelError, OutputError
from reage.models.model import ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY, OnnxModel
from reage.models.residual import Residual
from reage_training.export import any_batch
from reage_training.half import emulated, halved

SIDE = 256
"""px of the pictures of noise that files are compared on."""

TOGETHER = 3
"""How many there are."""

HALF_CLOSE = 0.02
"""Largest difference of halves that is let through, as a share of the largest delta: the doctor's
bound for a device's pixels."""


@dataclass(frozen=True)
class Rewritten:
    """batch: the largest difference of pictures run together from those run alone, as a share of
    the largest delta; half: of halves, computed as a GPU rounds, from float32, or None"""

    batch: float
    half: float | None


def rewrite(source: Path, destination: Path, half: bool) -> Rewritten:
    """Write the model `source`, with its card inside, as `destination`.

    It is written only if, on the CPU, it gives the pixels of `source` to the bit, however many it
    is given at once; halves within HALF_CLOSE. Raises ModelError, OutputError.
    """
    old = OnnxModel.load(source, "cpu")
    model = onnx.load(source)
    card = replace(old.card, version=f"{old.card.version} half" if half else old.card.version)
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_json()})
    any_batch(model)
    inputs = [_noise(old.card, np.random.default_rng(k)) for k in range(TOGETHER)]
    want = [old.run(each) for each in inputs]
    _, batch = _off(model, inputs, want)
    if batch:
        raise ModelError(f"{source} gives other pixels for several pictures at once; it stays.")
    share = None
    if half:
        model = halved(model)
        share, _ = _off(emulated(model), inputs, want)
        if not share <= HALF_CLOSE:
            raise ModelError(f"{source} in half is off by {share:.2g} of its largest delta.")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, destination)
    except OSError as e:
        raise OutputError(f"Cannot write the model {destination}: {e}") from e
    return Rewritten(batch, share)


def _off(
    model: onnx.ModelProto, inputs: list[ModelInput], want: list[Residual]
) -> tuple[float, float]:
    """Largest differences, as shares of the largest delta: from what is wanted, alone; and of
    several at once from that."""
    with TemporaryDirectory(prefix="reage-rewrite-") as folder:
        path = Path(folder, "model.onnx")
        onnx.save(model, path)
        new = OnnxModel.load(path, "cpu")
        alone, together = [new.run(each) for each in inputs], new.run_batch(inputs)
    largest = max(float(np.abs(each.values).max()) for each in want)
    return tuple(  # type: ignore[return-value]
        max(float(np.abs(a.values - b.values).max()) for a, b in zip(one, other, strict=True))
        / largest
        for one, other in ((alone, want), (together, want))
    )


def _noise(card: ModelCard, rng: np.random.Generator) -> ModelInput:
    side = card.fixed_size or -(-SIDE // card.stride) * card.stride
    rgb = rng.uniform(0, 1, (side, side, 3)).astype(np.float32)
    low, high = card.age_range
    source, target = rng.uniform(low, high, (2, side, side)).astype(np.float32)
    pattern = rng.normal(0, 0.3, (side, side, 3)).astype(np.float32)
    return ModelInput.of(card, rgb, source, target, pattern)
