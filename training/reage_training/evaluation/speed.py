"""What a model costs: time, file, parameters, and pixels computed twice between tiles."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import onnx

from reage.models.model import Model, ModelInput
from reage.models.model_card import ModelCard
from reage.models.tiles import smallest_tile

SIDES = (256, 512, 1024)
"""px of the squares that are timed."""

TILE = 1024
"""px of the engine's tiles, whose overhead is stated."""

_PATIENCE = 6.0
"""Seconds after which a size is not timed again."""


def speed(model: Model) -> dict[str, object]:
    """milliseconds by side (the best of three after a warm-up), device, megabytes and
    parameters of the file, overhead of its halo. What a model cannot do, or does not have, is
    left out."""
    card = model.card
    times = {str(side): _time(model, side) for side in SIDES if _takes(card, side)}
    out: dict[str, object] = {
        "device": getattr(model, "device", "CPU"),
        "milliseconds": times,
    }
    path = getattr(model, "path", None)
    if isinstance(path, Path):
        out["megabytes"] = round(path.stat().st_size / 1e6, 2)
        out["parameters"] = _parameters(path)
    if (share := overhead(card)) is not None:
        out["overhead"] = round(share, 3)
    return out


def overhead(card: ModelCard) -> float | None:
    """Pixels of a tile of TILE over those of its core inside the halo; None where the model
    cannot be tiled so."""
    if card.fixed_size is not None or smallest_tile(card.halo, card.stride) > TILE:
        return None
    twice = smallest_tile(card.halo, card.stride) - card.stride
    return (TILE / (TILE - twice)) ** 2


def _takes(card: ModelCard, side: int) -> bool:
    return side % card.stride == 0 and card.fixed_size in (None, side)


def _time(model: Model, side: int) -> float:
    rng = np.random.default_rng(0)
    rgb = rng.uniform(0, 0.8, (side, side, 3)).astype(np.float32)
    square = ModelInput.of(model.card, rgb, 30.0, 65.0)
    best, begun = float("inf"), time.perf_counter()
    for _ in range(4):
        start = time.perf_counter()
        model.run(square)
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() - begun > _PATIENCE:
            break
    return round(best * 1000, 1)


def _parameters(path: Path) -> int:
    """Of all weights that are numbers with a fraction; biases and fixed blurs among them."""
    kinds = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16)
    graph = onnx.load(path).graph
    weights = [w for w in graph.initializer if w.data_type in kinds]
    return int(sum(np.prod(w.dims, dtype=np.int64) for w in weights))
