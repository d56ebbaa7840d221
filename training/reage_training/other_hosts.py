"""A model for programs that run networks themselves: TorchScript for Nuke's CatFileCreator, ONNX
with its JSON for Flame's Inference.

Both see whole frames, upright, at the size they are; neither knows a face track, a crop or a
pattern: a look at a model inside those nodes, not what `reage render` makes. Not yet run in Nuke or
Flame: what their documentation asks for is held in tests.

Nuke: one tensor in, one out, attributes that become knobs (Foundry, "Create your own .cat files").
Flame: the tokens of the JSON beside an ONNX file (Autodesk, "Inference Builder" and "What's New in
2025.2").
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reage.bundle import is_bundle
from reage.errors import OutputError
from reage.media.replacing import replacing
from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY, OnnxModel
from reage_training.actor.bundle import unbundled
from reage_training.checkpoint import weights_of
from reage_training.export import exported
from reage_training.network import (
    INPUT,
    STRIDE,
    ReAgeNet,
    apart,
    calmed,
    residual_of,
    whole,
)
from reage_training.pairs.pair import AGE_SCALE
from reage_training.saved import save_whole

KNOBS = ("source_age", "target_age", "blend")
"""Attributes that become knobs where CatFileCreator is given user knobs of these names."""

FLAME_VERSION = "2025.2"
"""The first whose JSON knows Channels."""


class Change(nn.Module):
    """INPUT (B, 8, H, W) → what to add in ACEScct (B, 3, H, W), as a released model makes it."""

    def __init__(self, net: ReAgeNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        detail, coarse, logits = apart(*self.net.head(x))
        parts, _ = whole(detail, calmed(coarse), logits)
        return residual_of(parts)


class ForNuke(nn.Module):
    """(1, 3, H, W) scene-linear ACEScg → the same, re-aged; any H and W.

    source_age, target_age in years, and blend, 0 … 1, are attributes: KNOBS. Where the ages
    are equal every bit stays. The weights' own precision is the input's, float32 or half.
    """

    def __init__(self, change: nn.Module) -> None:
        super().__init__()
        self.change = change
        self.source_age: float = 45.0
        self.target_age: float = 65.0
        self.blend: float = 1.0
        self.stride: int = STRIDE  # a script knows nothing outside of it
        self.scale: float = AGE_SCALE

    def forward(self, x: Tensor) -> Tensor:
        if self.source_age == self.target_age:
            return x
        height, width = x.shape[2], x.shape[3]
        code = _encode(x.float())
        down, right = (-height) % self.stride, (-width) % self.stride
        padded = F.pad(code, [0, right, 0, down], "replicate")
        ages = torch.ones_like(padded[:, :1])
        source = ages * (self.source_age / self.scale)
        target = ages * (self.target_age / self.scale)
        seen = torch.cat([padded, source, target, torch.zeros_like(padded)], 1)
        delta = self.change(seen.to(x.dtype)).float()[:, :, :height, :width]
        change = _decode(code + delta) - _decode(code)
        return (x.float() + self.blend * change).to(x.dtype)


class ForFlame(nn.Module):
    """(1, 3, H, W) ACEScct → the same, re-aged; sides multiples of STRIDE, ages fixed."""

    def __init__(self, change: nn.Module, source_age: float, target_age: float) -> None:
        super().__init__()
        self.change = change
        self.ages = (source_age / AGE_SCALE, target_age / AGE_SCALE)

    def forward(self, picture: Tensor) -> Tensor:
        one = torch.ones_like(picture[:, :1])
        seen = torch.cat([picture, one * self.ages[0], one * self.ages[1], 0 * picture], 1)
        changed: Tensor = picture + self.change(seen)
        return changed


def write_torchscript(source: Path, destination: Path, person: float = 1.0) -> None:
    """A model file, or a bundle at a person strength, as TorchScript; the card goes with it. Raises
    ModelError, RightsError, OutputError."""
    change, card = _read(source, person)
    example = torch.zeros(1, INPUT.count, 4 * STRIDE, 6 * STRIDE)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # TorchScript is what Nuke reads, deprecated or not
        traced = torch.jit.trace(change, example)  # type: ignore[no-untyped-call]
        script = torch.jit.script(ForNuke(traced).eval())
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with replacing(destination) as draft:
            torch.jit.save(script, str(draft), _extra_files={f"{CARD_KEY}.json": card.to_json()})
    except (OSError, RuntimeError) as e:
        raise OutputError(f"Cannot write {destination}: {e}") from e


def write_flame(
    source: Path, destination: Path, source_age: float, target_age: float, person: float = 1.0
) -> Path:
    """A model file, or a bundle at a person strength, for one pair of ages, as an ONNX file with
    the JSON beside it, whose path is returned. Raises as `write_torchscript` does."""
    change, card = _read(source, person)
    model = exported(ForFlame(change, source_age, target_age).eval(), 3, STRIDE, ["result"])
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_json()})
    save_whole(model, destination)
    beside = destination.with_suffix(".json")
    text = json.dumps(flame_description(card, source_age, target_age), indent=2)
    try:
        with replacing(beside) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as e:
        raise OutputError(f"Cannot write {beside}: {e.strerror}") from e
    return beside


def flame_description(card: ModelCard, source_age: float, target_age: float) -> dict[str, object]:
    """What Flame is told of a model, in tokens that its documentation names."""
    whose = f" {card.rights.line()}." if card.rights else ""
    said = f"From {source_age:g} to {target_age:g} years; ACEScct in and out. {card.name} "
    return {
        "ModelDescription": {
            "MinimumVersion": FLAME_VERSION,
            "Name": f"{card.name} {source_age:g} to {target_age:g}",
            "Description": f"{said}{card.version}, {card.license}, {card.rights_holder}.{whose}",
            "SupportsSceneLinear": False,
            "KeepAspectRatio": True,
            "Padding": STRIDE,
            "Inputs": [
                {"Name": "input", "Description": "The plate, upright, in ACEScct",
                 "Type": "Front", "Gain": 1.0, "Channels": "RGB"}
            ],
            "Outputs": [
                {"Name": "result", "Description": "The face re-aged, in ACEScct",
                 "Type": "Result", "InverseGain": 1.0, "ScalingFactor": 1.0, "Channels": "RGB"}
            ],
        }
    }  # fmt: skip


def _read(source: Path, person: float) -> tuple[Change, ModelCard]:
    """The network in a model file, and its card, whose rights hold today."""
    card = OnnxModel.load(source, "cpu").card
    net = ReAgeNet()
    with TemporaryDirectory(prefix="reage-hosts-") as folder:
        path = source
        if is_bundle(source):
            path = Path(folder, "model.onnx")
            save_whole(unbundled(source, person), path)
        net.load_state_dict(weights_of(path, net.state_dict()))
    return Change(net).eval(), card


def _encode(rgb: Tensor) -> Tensor:
    """`pairs.encoding.acescct`, as TorchScript takes it: with the numbers written out."""
    high = (rgb.clamp_min(0.0078125).log2() + 9.72) / 17.52
    return torch.where(rgb <= 0.0078125, 10.5402377416545 * rgb + 0.0729055341958355, high)


def _decode(code: Tensor) -> Tensor:
    low = (code - 0.0729055341958355) / 10.5402377416545
    return torch.where(code <= 0.155251141552511, low, torch.exp2(code * 17.52 - 9.72))
