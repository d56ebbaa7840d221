"""Nodes that put two pictures together. B is input 0, A is input 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from fake_nuke.evaluate.asking import Asked, makes
from fake_nuke.evaluate.masking import lerp, mixed
from fake_nuke.evaluate.pictures import Box, Picture, channel, intersection, union

OPERATIONS: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "atop": lambda A, B, a, b: A * b + B * (1 - a),
    "average": lambda A, B, a, b: (A + B) / 2,
    "copy": lambda A, B, a, b: A,
    "difference": lambda A, B, a, b: np.abs(A - B),
    "divide": lambda A, B, a, b: A / B,
    "from": lambda A, B, a, b: B - A,
    "in": lambda A, B, a, b: A * b,
    "mask": lambda A, B, a, b: B * a,
    "max": lambda A, B, a, b: np.maximum(A, B),
    "min": lambda A, B, a, b: np.minimum(A, B),
    "minus": lambda A, B, a, b: A - B,
    "multiply": lambda A, B, a, b: A * B,
    "out": lambda A, B, a, b: A * (1 - b),
    "over": lambda A, B, a, b: A + B * (1 - a),
    "plus": lambda A, B, a, b: A + B,
    "screen": lambda A, B, a, b: np.where((A <= 1) & (B <= 1), A + B - A * B, np.maximum(A, B)),
    "stencil": lambda A, B, a, b: B * (1 - a),
    "under": lambda A, B, a, b: A * (1 - b) + B,
    "xor": lambda A, B, a, b: A * (1 - b) + B * (1 - a),
}


@makes("Merge2")
def merge(asked: Asked) -> Picture:
    """B's other channels pass; what lies outside the box that `bbox` chooses is lost."""
    below, above = asked.input(0), asked.input(1)
    if any(asked.connected(i) for i in range(3, len(asked.node._inputs))):
        raise asked.refuse("the evaluator merges A and B only.")
    if not asked.connected(1):
        return below
    if not asked.connected(0):
        below = Picture(above.format, (0, 0, 0, 0))
    operation = asked.word("operation")
    if operation not in OPERATIONS:
        raise asked.refuse(f"the evaluator does not know the operation {operation!r}.")
    if asked.word("also_merge") != "none":
        raise asked.refuse("the evaluator does not know also_merge.")
    box = chosen_box(asked.word("bbox"), below.box, above.box)
    result: dict[str, Any] = {}
    for target, from_a, from_b in zip(
        *(asked.channels(knob, ()) for knob in ("output", "Achannels", "Bchannels")), strict=False
    ):
        if from_a in above.channels or from_b in below.channels:
            with np.errstate(all="ignore"):
                result[target] = OPERATIONS[operation](
                    above.over(from_a, box),
                    below.over(from_b, box),
                    above.over("rgba.alpha", box),
                    below.over("rgba.alpha", box),
                ).astype(np.float32)
    chosen = above if asked.word("metainput") == "A" else below
    merged = replace(below.cropped(box).also(result), metadata=chosen.metadata)
    return mixed(asked, below, merged, mask=2)


def chosen_box(how: str, b: Box, a: Box) -> Box:
    if how == "union":
        return union(a, b)
    if how == "intersection":
        return intersection(a, b)
    return a if how == "A" else b


@makes("Copy")
def copy(asked: Asked) -> Picture:
    """Channels of A into B."""
    below, above = asked.input(0), asked.input(1)
    if not asked.connected(1):
        return below
    box = chosen_box(asked.word("bbox"), below.box, above.box)
    result: dict[str, Any] = {}
    for name in asked.channels("channels", list(above.channels)):
        result[name] = above.over(name, box)
    for i in range(4):
        source, target = asked.word(f"from{i}"), asked.word(f"to{i}")
        if source != "none" and target != "none":
            result[channel(target)] = above.over(channel(source), box)
    return mixed(asked, below, below.cropped(box).also(result), mask=2)


@makes("Keymix")
def keymix(asked: Asked) -> Picture:
    """A where the mask (input 2) is 1, B where it is 0."""
    below, above = asked.input(0), asked.input(1)
    box = chosen_box(asked.word("bbox"), below.box, above.box)
    mask = asked.input(2).over(channel(asked.word("maskChannel")), box)
    share = (1 - mask if asked.number("invertMask") else mask) * np.float32(asked.number("mix"))
    return _between(asked, below, above, box, share)


@makes("Dissolve")
def dissolve(asked: Asked) -> Picture:
    """From input 0 to input 1 as `which` goes from 0 to 1."""
    first, second = asked.input(0), asked.input(1)
    share = np.float32(min(max(asked.number("which"), 0.0), 1.0))
    if asked.connected(2):
        raise asked.refuse("the evaluator does not know a Dissolve's mask.")
    return _between(asked, first, second, union(first.box, second.box), share)


def _between(asked: Asked, zero: Picture, one: Picture, box: Box, share: Any) -> Picture:
    result: dict[str, Any] = {}
    for name in asked.channels("channels", [*zero.channels, *one.channels]):
        result[name] = lerp(zero.over(name, box), one.over(name, box), share)
    return zero.cropped(box).also(result)
