"""What a model file says of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import ModelError
from reage.models.channels import BESIDE, INPUTS, OUTPUTS, PARTS, ChannelLayout
from reage.models.rights import Rights
from reage.shaped import made, short, shown

ENCODINGS = ("ACEScct", "sRGB")
"""Encodings a card may name; `reage.pixels.color` owns their formulas."""

NEEDED = ("picture", "source_age", "target_age")
"""Inputs that every model takes."""

_LIMITS = {
    "age_scale": (1e-3, 1e6), "crop_size": (1, 4096), "fixed_size": (1, 4096),
    "crop_scale": (0.1, 20.0), "stride": (1, 1024), "halo": (0, 2048), "age_range": (0.0, 200.0),
    "crop_shift": (-10.0, 10.0), "face_sizes": (1.0, 65536.0),
}  # fmt: skip
"""(lowest, highest) of a card's numbers: what lies beyond asks for more memory than there is."""

_OLDER_PARTS = (*PARTS, "hair")
"""What cards from before `outputs` could name as parts; a hair matte came with hair."""


@dataclass(frozen=True)
class ModelCard:
    """What a model file says of itself.

    name, version    free text; stamped into every frame
    license          SPDX identifier or a sentence
    rights_holder    whose model (and whose face, for a per-actor model) this is
    trained_on       what it learned from, in a sentence
    encoding         picture encoding at the network's input and output, one of ENCODINGS
    age_range        (youngest, oldest) in years that it was trained for
    age_scale        years that a map value of 1.0 stands for (FRAN and ours: 100)
    crop_size        the crop's side in px that it works best at; what --crop-size auto takes
                     where face_sizes says nothing
    fixed_size       the only crop side it accepts, for exports with a fixed input; else None
    crop_scale       side of the crop in units of the face's size (see reage.faces)
    crop_shift       (right, down) shift of the crop's center from the face's, in face sizes
    face_sizes       (smallest, largest) face, hairline to chin, in px of the crop, that it was
                     trained for; None where that is not known
    stride           crop and tile sides must be multiples of this
    halo             px around a tile's core that can influence it (receptive field, one side)
    inputs           what it takes, out of channels.INPUTS, in the order of the tensor's channels
    outputs          what it gives, out of channels.OUTPUTS, in that order: delta, or detail, form
                     and tone, whose sum is the delta; and perhaps hair and hair_matte
    external_data    names of files beside the model that may hold its weights; only a card beside
                     the model can allow it
    figures          measured figures, each with the command that produced it
    rights           of a model of one actor: whose face it is, and what was agreed on
    """

    name: str
    license: str
    trained_on: str
    rights_holder: str
    version: str = "1"
    encoding: str = "ACEScct"
    age_range: tuple[float, float] = (18.0, 85.0)
    age_scale: float = 100.0
    crop_size: int = 512
    fixed_size: int | None = None
    crop_scale: float = 1.5
    crop_shift: tuple[float, float] = (0.0, 0.0)
    face_sizes: tuple[float, float] | None = None
    stride: int = 16
    halo: int = 128
    inputs: tuple[str, ...] = NEEDED
    outputs: tuple[str, ...] = ("delta",)
    external_data: tuple[str, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)
    rights: Rights | None = None

    @property
    def pattern(self) -> bool:
        """Whether it takes the conditioning map of `reage.pattern`."""
        return "pattern" in self.inputs

    @property
    def context(self) -> bool:
        """Whether it sees all of the crop, small, beside each tile."""
        return "context" in self.inputs

    @property
    def hair(self) -> bool:
        """Whether it grays hair."""
        return "hair" in self.outputs

    @property
    def parts(self) -> tuple[str, ...]:
        """Parts that it names, hair among them; empty where it gives one delta."""
        return tuple(name for name in _OLDER_PARTS if name in self.outputs)

    @property
    def input_channels(self) -> ChannelLayout:
        """Of the tensor of inputs that are as large as the picture."""
        return ChannelLayout(tuple(name for name in self.inputs if name not in BESIDE))

    @property
    def output_channels(self) -> ChannelLayout:
        return ChannelLayout(self.outputs)

    @classmethod
    def from_json(cls, text: str, where: str) -> ModelCard:
        """Read a card. `where` names the file in errors. Raises ModelError."""
        return cls._of(strict_json.loads(text, f"the model card in {where}", ModelError), where)

    @classmethod
    def load(cls, path: Path) -> ModelCard:
        """Read a card's file. Raises ModelError."""
        return cls._of(strict_json.load(path, f"the model card in {path}", ModelError), str(path))

    @classmethod
    def _of(cls, data: object, where: str) -> ModelCard:
        who = f"The model card in {where}"
        card = made(cls, _of_older(data, who) if isinstance(data, dict) else data, who, ModelError)
        card._check(where)
        return card

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @property
    def sha256(self) -> str:
        """Of what it says, 64 hex digits: of its fields as JSON with sorted keys, in whatever order
        the file has them; what a render notes in the rights is left out."""
        rights = self.rights and replace(self.rights, overridden="")
        said = json.dumps(asdict(replace(self, rights=rights)), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def _check(self, where: str) -> None:
        problems = []
        if self.encoding not in ENCODINGS:
            problems.append(f"encoding {shown(self.encoding)} is none of {', '.join(ENCODINGS)}")
        if not self.age_range[0] < self.age_range[1]:
            problems.append(f"age_range {list(self.age_range)} is not [youngest, oldest]")
        if self.face_sizes is not None and not self.face_sizes[0] < self.face_sizes[1]:
            problems.append(f"face_sizes {list(self.face_sizes)} is not [smallest, largest] in px")
        for key, (low, high) in _LIMITS.items():
            values = getattr(self, key)
            for value in values if isinstance(values, tuple) else (values,):
                if value is not None and not low <= value <= high:
                    problems.append(f"{key} is {value:g}; it must be from {low:g} to {high:g}")
        if not problems and (self.crop_size % self.stride or (self.fixed_size or 0) % self.stride):
            problems.append(f"crop sides must be multiples of the stride, {self.stride}")
        for name in self.external_data:
            if not name or Path(name).name != name or "\\" in name:
                problems.append(f"external_data has {shown(name)}; it is a file's name, no path")
        if self.rights:
            problems += [f"rights: {problem}" for problem in self.rights.problems()]
        problems += [
            *_unknown("inputs", self.inputs, INPUTS), *_unknown("outputs", self.outputs, OUTPUTS)
        ]  # fmt: skip
        if not problems and not set(NEEDED) <= set(self.inputs):
            problems.append(f"inputs is {json.dumps(self.inputs)}; it needs {', '.join(NEEDED)}")
        if not problems and not _whole(set(self.outputs)):
            problems.append(
                f"outputs is {json.dumps(self.outputs)}; it is delta, or {', '.join(PARTS)}, and "
                "perhaps hair with hair_matte"
            )
        if problems:
            raise ModelError(f"The model card in {where} is wrong: {'; '.join(problems)}.")


def _of_older(data: Mapping[str, Any], who: str) -> dict[str, Any]:
    """The fields of a card; one from before `inputs` and `outputs` said `pattern` and `parts`."""
    new = dict(data)
    pattern, parts = new.pop("pattern", None), new.pop("parts", None)
    for older, given, newer in (("pattern", pattern, "inputs"), ("parts", parts, "outputs")):
        if given is not None and newer in data:
            raise ModelError(
                f"{who} has {newer} and {older}, the older way to say the "
                f"same; leave {older} away."
            )
    if not isinstance(pattern, bool | None):
        raise ModelError(f"{who} is wrong: pattern is neither true nor false.")
    if parts not in (None, [], [*PARTS], [*_OLDER_PARTS]):
        raise ModelError(
            f"{who} is wrong: parts is {shown(parts)}; it is [], "
            f"{json.dumps(PARTS)} or {json.dumps(_OLDER_PARTS)}."
        )
    if pattern:
        new["inputs"] = [*NEEDED, "pattern"]
    if parts:
        new["outputs"] = [*parts, *(["hair_matte"] if "hair" in parts else [])]
    return new


def _unknown(key: str, names: tuple[str, ...], known: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with the names of a card's inputs or outputs, each by itself."""
    may = f"it is a list of names, each once, out of {', '.join(known)}"
    if strange := [name for name in dict.fromkeys(names) if name not in known]:
        yield f"{key} has {short(', '.join(strange))}, which ReAge does not know; {may}"
    elif len(set(names)) < len(names):
        yield f"{key} is {shown([*names])}; {may}"


def _whole(outputs: set[str]) -> bool:
    hair = {"hair", "hair_matte"}
    return outputs - hair in ({"delta"}, {*PARTS}) and outputs & hair in (set(), hair)
