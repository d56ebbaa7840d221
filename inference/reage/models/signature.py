"""Whether a file's inputs and outputs are those that its card promises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from reage.errors import ModelError
from reage.models.channels import BESIDE, INPUTS, ChannelLayout
from reage.models.model import CONTEXT_SIDE
from reage.models.model_card import ModelCard
from reage.models.planes import divided


def fit(card: ModelCard, session: Any, path: Path) -> ModelCard:
    """The card, held against the file's own inputs and outputs; a fixed size is taken over.
    session: ONNX Runtime's. Raises ModelError where they contradict each other."""
    beside = {i.name: i.shape for i in session.get_inputs() if i.name in BESIDE}
    inputs = [i for i in session.get_inputs() if i.name not in beside]
    outputs = session.get_outputs()
    shape: list[Any] = inputs[0].shape if len(inputs) == 1 else []
    _check_types(session, path)
    fits = len(shape) == 4 and shape[1] == card.input_channels.count and _gives(outputs, card)
    fits = fits and set(beside) == {name for name in BESIDE if name in card.inputs}
    fits = fits and all(_takes_context(given) for given in beside.values())
    if not fits:
        has = "; ".join(
            f"its {what} are {', '.join(f'{i.name} {i.shape}' for i in each)}"
            for what, each in (("inputs", session.get_inputs()), ("outputs", outputs))
        )
        raise ModelError(f"The model {path} does not have {_signature(card)}; {has}.")
    sides = {s for s in shape[2:] if isinstance(s, int)}
    if not sides:
        return card
    if len(sides) > 1 or card.fixed_size not in (None, *sides):
        raise ModelError(
            f"The model {path} takes pictures of {shape[3]}×{shape[2]} px, which its card "
            f"(fixed_size {card.fixed_size}) contradicts; correct the card."
        )
    side = sides.pop()
    return replace(card, fixed_size=side, crop_size=side)


def _check_types(session: Any, path: Path) -> None:
    """Raises ModelError where a tensor is not of float."""
    for each in (*session.get_inputs(), *session.get_outputs()):
        if each.type != "tensor(float)":
            raise ModelError(
                f"The model {path} has {each.name} as {each.type}; inputs and outputs are "
                "tensor(float). Export it in float32."
            )


def _gives(outputs: list[Any], card: ModelCard) -> bool:
    """Whether a file's outputs can hold the card's channels, one after the other."""
    if not outputs or any(len(each.shape) != 4 for each in outputs):
        return False
    counts = [each.shape[1] for each in outputs]
    if not all(isinstance(count, int) for count in counts):
        return len(counts) == 1  # told when it runs
    return divided(counts, card.output_channels)


def _takes_context(shape: list[Any]) -> bool:
    """Whether a file's input takes (1, 3, CONTEXT_SIDE, CONTEXT_SIDE)."""
    wanted = (1, INPUTS["context"], CONTEXT_SIDE, CONTEXT_SIDE)
    return len(shape) == 4 and all(
        not isinstance(has, int) or has == side for has, side in zip(shape, wanted, strict=True)
    )


def _signature(card: ModelCard) -> str:
    """The inputs and outputs that a card promises, in words."""
    takes, gives = card.input_channels, card.output_channels
    beside = "".join(
        f", one input {name} 1×{INPUTS[name]}×{CONTEXT_SIDE}×{CONTEXT_SIDE}"
        for name in BESIDE if name in card.inputs
    )  # fmt: skip
    return (
        f"one input 1×{takes.count}×H×W ({_words(takes)}){beside} and one output "
        f"1×{gives.count}×H×W ({_words(gives)}), or several with these, as its card says "
        f"(inputs {json.dumps(card.inputs)}, outputs {json.dumps(card.outputs)})"
    )


def _words(channels: ChannelLayout) -> str:
    return ", ".join(name.replace("_", " ") for name in channels.names)
