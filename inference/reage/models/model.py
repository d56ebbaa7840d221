"""What a re-aging model is: a card that describes it, and a callable on tiles.

A model takes the picture in its own encoding and two age maps, and gives what to add
in that same encoding. Any host of this protocol (ONNX file, a test's fake) will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import cv2
import numpy as np

from reage.models.channels import BESIDE
from reage.models.model_card import ModelCard
from reage.models.residual import Residual
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels

CONTEXT_SIDE = 256
"""px of the square picture of the whole crop that a model with `context` sees beside each tile."""


@dataclass(frozen=True)
class ModelInput:
    """What a model sees: of a whole crop, or of a window of it.

    picture     (h, w, 3) float32 in the card's encoding; h and w multiples of the stride
    source_age, target_age   (h, w) float32, years
    pattern     (h, w, 3) float32, the conditioning map; None is a face without one, zeros
    context     (CONTEXT_SIDE, CONTEXT_SIDE, 3) float32 in the card's encoding: the whole crop,
                whatever the window; None for a model that takes none
    apart       whether each of the model's outputs is wanted by itself; where not, the residual may
                be its delta alone
    """

    picture: Pixels
    source_age: Pixels
    target_age: Pixels
    pattern: Pixels | None = None
    context: Pixels | None = None
    apart: bool = True

    @classmethod
    def of(
        cls, card: ModelCard, picture: Pixels, source_age: float | Pixels,
        target_age: float | Pixels, pattern: Pixels | None = None,
    ) -> ModelInput:  # fmt: skip
        """What a model with this card is to see of a whole picture; ages in years, one for all
        pixels or for each. A pattern that it does not take is left out."""
        source, target = (
            age if isinstance(age, np.ndarray) else np.full(picture.shape[:2], age, np.float32)
            for age in (source_age, target_age)
        )
        context = _context(picture) if card.context else None
        return cls(picture, source, target, pattern if card.pattern else None, context)

    def window(self, region: Region) -> ModelInput:
        """The part that shows `region`, in the picture's px; the context goes with it whole."""
        here = np.s_[region.y : region.bottom, region.x : region.right]
        shown = {
            name: pixels[here] for name, pixels in vars(self).items()
            if name not in BESIDE and isinstance(pixels, np.ndarray)
        }  # fmt: skip
        return ModelInput(**{**vars(self), **shown})


def _context(picture: Pixels) -> Pixels:
    """The picture at CONTEXT_SIDE: averaged where it shrinks, linear between pixels elsewhere."""
    how = cv2.INTER_AREA if picture.shape[0] > CONTEXT_SIDE else cv2.INTER_LINEAR
    small = cv2.resize(picture, (CONTEXT_SIDE, CONTEXT_SIDE), interpolation=how)
    return np.asarray(small, np.float32)


class Model(Protocol):
    """A loaded model. Thread-safe: `run` may be called from several threads at once."""

    @property
    def card(self) -> ModelCard: ...

    @property
    def sha256(self) -> str:
        """Of the model file; 64 hex digits."""
        ...

    def run(self, input: ModelInput) -> Residual:
        """What to add to the picture, with channels as the card's outputs say.

        Raises OutOfMemory where the device cannot hold it.
        """
        ...


@runtime_checkable
class BatchModel(Protocol):
    """A model that can run on several inputs of one size at once."""

    @property
    def batch(self) -> int:
        """How many are worth while on its device; 1 where it takes no more."""
        ...

    def run_batch(self, inputs: Sequence[ModelInput]) -> list[Residual]:
        """What `Model.run` gives of each. Raises what that does."""
        ...


def batch_of(model: Model) -> int:
    """How many inputs a model of any kind is best given at once."""
    return model.batch if isinstance(model, BatchModel) else 1


def run_each(model: Model, inputs: Sequence[ModelInput]) -> list[Residual]:
    """What a model of any kind gives of each of some inputs of one size, at once where it can."""
    if len(inputs) > 1 and isinstance(model, BatchModel) and model.batch > 1:
        return model.run_batch(inputs)
    return [model.run(each) for each in inputs]


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

    def run(self, input: ModelInput) -> Residual:
        years = input.target_age - input.source_age
        flat = (years * np.float32(self.strength / self.card.age_scale))[..., None]
        values = np.broadcast_to(flat, input.picture.shape).astype(np.float32)
        return Residual(values, self.card.output_channels)
