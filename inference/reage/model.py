"""What a re-aging model is: a card that describes it, and a callable on tiles.

A model takes the picture in its own encoding and two age maps, and gives what to add
in that same encoding. Any host of this protocol (ONNX file, a test's fake) will do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Protocol

import numpy as np

from reage.errors import ModelError
from reage.plate import Pixels

ENCODINGS = ("ACEScct", "sRGB")
"""Encodings a card may name; `reage.colour` owns their formulas."""

PARTS = ("detail", "form", "tone", "hair")
"""Parts of a change that a card may name; see `reage.parts`."""


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
    crop_shift       (right, down) shift of the crop's centre from the face's, in face sizes
    face_sizes       (smallest, largest) face, hairline to chin, in px of the crop, that it was
                     trained for; None where that is not known
    stride           crop and tile sides must be multiples of this
    halo             px around a tile's core that can influence it (receptive field, one side)
    parts            what the output's channels are: an RGB delta for each name, in this order;
                     detail, form and tone, whose sum is the change, and after them perhaps
                     hair, which one more channel follows, its matte. Empty: one delta
    pattern          whether the model takes three more channels, the guide of reage.pattern
    figures          measured figures, each with the command that produced it
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
    parts: tuple[str, ...] = ()
    pattern: bool = False
    figures: Mapping[str, object] = field(default_factory=dict)

    @property
    def hair(self) -> bool:
        """Whether the model greys hair."""
        return "hair" in self.parts

    @property
    def channels_in(self) -> int:
        """RGB, source age, target age, and the pattern's three."""
        return 8 if self.pattern else 5

    @property
    def channels_out(self) -> int:
        """An RGB delta, or one for each part and the hair's matte."""
        return 3 * len(self.parts) + self.hair if self.parts else 3

    @classmethod
    def from_json(cls, text: str, where: str) -> ModelCard:
        """Read a card. `where` names the file in errors. Raises ModelError."""
        try:
            data = json.loads(text)
        except json.JSONDecodeError as e:
            raise ModelError(f"The model card in {where} is not JSON (line {e.lineno}).") from e
        if not isinstance(data, dict):
            raise ModelError(f"The model card in {where} must be a JSON object.")
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ModelError(
                f"The model card in {where} has unknown fields: {', '.join(unknown)}. "
                f"Known fields are {', '.join(sorted(known))}."
            )
        required = ("name", "license", "trained_on", "rights_holder")
        if lacking := [k for k in required if not isinstance(data.get(k), str)]:
            raise ModelError(f"The model card in {where} lacks {', '.join(lacking)}.")
        for key in ("age_range", "crop_shift", "face_sizes", "parts"):
            if isinstance(data.get(key), list):
                data[key] = tuple(data[key])
        card = cls(**data)
        card._check(where)
        return card

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    def _check(self, where: str) -> None:
        problems = []
        if self.encoding not in ENCODINGS:
            problems.append(f"encoding {self.encoding!r} is none of {', '.join(ENCODINGS)}")
        if len(self.age_range) != 2 or not self.age_range[0] < self.age_range[1]:
            problems.append(f"age_range {list(self.age_range)} is not [youngest, oldest]")
        if self.face_sizes is not None and (
            len(self.face_sizes) != 2 or not 0 < self.face_sizes[0] < self.face_sizes[1]
        ):
            problems.append(f"face_sizes {list(self.face_sizes)} is not [smallest, largest] in px")
        for key in ("age_scale", "crop_size", "crop_scale", "stride"):
            if not getattr(self, key) > 0:
                problems.append(f"{key} must be above zero")
        if self.halo < 0:
            problems.append("halo must be zero or more")
        if self.crop_size % self.stride or (self.fixed_size or 0) % self.stride:
            problems.append(f"crop sides must be multiples of the stride, {self.stride}")
        if self.parts not in ((), PARTS[:3], PARTS):
            problems.append(
                f"parts is {json.dumps(self.parts)}; it is [], {json.dumps(PARTS[:3])} or "
                f"{json.dumps(PARTS)}"
            )
        if not isinstance(self.pattern, bool):
            problems.append("pattern is neither true nor false")
        if problems:
            raise ModelError(f"The model card in {where} is wrong: {'; '.join(problems)}.")


class Model(Protocol):
    """A loaded model. Thread-safe: `run` may be called from several threads at once."""

    @property
    def card(self) -> ModelCard: ...

    @property
    def sha256(self) -> str:
        """Of the model file; 64 hex digits."""
        ...

    def run(
        self,
        rgb: Pixels,
        source_age: Pixels,
        target_age: Pixels,
        pattern: Pixels | None = None,
    ) -> Pixels:
        """What to add to `rgb`.

        rgb:         (h, w, 3) float32 in the card's encoding; h and w multiples of the stride
        source_age, target_age: (h, w) float32 in years
        pattern:     (h, w, 3) float32, the guide, for a card with `pattern`; None is a face
                     without one, zeros
        returns      (h, w, card.channels_out) float32 in the same encoding: the delta, or the
                     card's parts one after the other, and the hair's matte, 0 … 1
        Raises OutOfMemory where the device cannot hold it.
        """
        ...


@dataclass(frozen=True)
class NullModel:
    """The shipped fake: its delta is `strength` × (target − source age) / age_scale, everywhere.

    Exact, fast, and needs no model file: for tests, benchmarks of everything around a
    model, and trying a pipeline out.
    """

    strength: float = 0.0
    card: ModelCard = field(
        default_factory=lambda: ModelCard(
            name="null",
            license="Apache-2.0",
            trained_on="nothing",
            rights_holder="ReAge contributors",
            halo=0,
        )
    )
    sha256: str = "0" * 64

    def run(
        self,
        rgb: Pixels,
        source_age: Pixels,
        target_age: Pixels,
        pattern: Pixels | None = None,
    ) -> Pixels:
        change = (target_age - source_age) * np.float32(self.strength / self.card.age_scale)
        return np.broadcast_to(change[..., None], rgb.shape).astype(np.float32)
